// The whole console under the worst it can meet, with every event of its main thread timed: a window that
// waits for libpq, a disk or a lock, or that draws too much, shows here.
#include "app/console_session.h"
#include "app/panel_catalog.h"
#include "monitor/core/periodic.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"
#include "tests/window/timed_application.h"
#include "tests/window/window_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <spdlog/spdlog.h>

using namespace std::chrono_literals;

namespace {

using window_test::kMostCpu;
using window_test::kMostWall;
using window_test::timed;
using window_test::TimedApplication;

} // namespace

class ResponsiveTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<app::LogTap> m_tap;
    std::unique_ptr<app::ConsoleSession> m_session;

    // Each panel once, while ticks arrive; every event of it is timed.
    void walk(const char* what)
    {
        timed().reset();
        for (const app::PanelEntry& panel : app::panelCatalog()) {
            m_session->window().openPanel(panel.id);
            const auto tick = m_session->core().latest()->tick;
            QTRY_VERIFY(m_session->core().latest()->tick >= tick + 3);
        }
        qInfo("%s: longest event %.1f ms of work, %.1f ms in all", what, timed().longestCpu,
              timed().longestWall);
        QVERIFY2(timed().longestCpu <= kMostCpu, what);
        QVERIFY2(timed().longestWall <= kMostWall, what);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
        m_folder = std::make_unique<QTemporaryDir>();
        app::LogOptions log;
        log.level = metrics::LogLevel::Info;
        auto tap = app::startLogging(log);
        QVERIFY(tap);
        m_tap = *tap;
        // The terminal is not what is tested here.
        spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& logger) {
            logger->sinks().erase(logger->sinks().begin());
        });
        app::Options options;
        options.config.embedded = false;
        options.config.server = m_server->connInfo();
        options.config.dataDir = m_folder->path().toStdString();
        options.config.defaultRules = POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml";
        options.config.listen.reset();
        options.config.interval = 200ms;
        options.config.pool.timeout = 20s;
        m_session = std::make_unique<app::ConsoleSession>(options, m_tap,
                                                          app::WindowOptions{{}, core::Lang::English});
        m_session->window().resize(1440, 900);
        m_session->window().show();
        const auto started = m_session->start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QTRY_VERIFY(m_session->core().latest() &&
                    m_session->core().latest()->server.state == metrics::ServerView::State::Up);
        walk("first look"); // panels are made when first opened: not what is measured below
    }
    void cleanupTestCase()
    {
        m_session.reset();
        m_server.reset();
        spdlog::shutdown();
    }

    void aThousandWaiters()
    {
        pool::ConnectionPool& pool = m_session->core().pool();
        std::vector<pool::Lease> leases;
        while (leases.size() < 30) {
            auto lease = pool.acquire({.tag = "holder"});
            QVERIFY(lease);
            leases.push_back(std::move(*lease));
        }
        std::stop_source enough;
        std::vector<std::jthread> waiters;
        for (int i = 0; i < 1000; ++i) {
            waiters.emplace_back(
                [&pool, stop = enough.get_token()] { (void)pool.acquire({.tag = "waiter", .stop = stop}); });
        }
        QTRY_COMPARE(m_session->core().latest()->pool.waiting, 1000);
        walk("1,000 waiters");
        enough.request_stop();
        waiters.clear();
        leases.clear();
        QTRY_COMPARE(m_session->core().latest()->pool.waiting, 0);
    }

    void tenThousandLogLinesASecond()
    {
        const auto logger = spdlog::get("poolscope.app");
        int line = 0; // the periodic thread's alone
        core::Periodic flood(10ms, [&](const core::PeriodicTick&, const std::stop_token&) {
            for (int i = 0; i < 100; ++i) {
                logger->info("line {} of a flood that is as long as a usual line of a log in the window",
                             ++line);
            }
        });
        walk("10,000 log lines a second");
    }

    void aStatementOfAMegabyte()
    {
        std::jthread borrower([this](const std::stop_token& stop) {
            const std::string statement =
                "SELECT '" + std::string(1'000'000, 'x') + "' AS wide, pg_sleep(0.2)";
            while (!stop.stop_requested()) {
                if (auto lease = m_session->core().pool().acquire({.tag = "wide"})) {
                    (void)lease->execute(statement);
                }
            }
        });
        walk("statements of 1 MB");
    }

    void aServerThatGoesAwayInEveryState()
    {
        std::jthread borrower([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                if (auto lease =
                        m_session->core().pool().acquire({.tag = "work", .timeout = 500ms, .stop = stop})) {
                    (void)lease->execute("SELECT pg_sleep(0.05)", {}, 500ms);
                }
            }
        });
        m_server->freeze();
        walk("frozen server");
        m_server->thaw();
        m_server->crash();
        walk("crashed server");
        QVERIFY2(m_server->start(), m_server->error());
        QTRY_VERIFY_WITH_TIMEOUT(m_session->core().latest()->server.state == metrics::ServerView::State::Up,
                                 15000);
        walk("server back");
        m_server->stop();
        walk("stopped server");
        QVERIFY2(m_server->start(), m_server->error());
        QTRY_VERIFY_WITH_TIMEOUT(m_session->core().latest()->server.state == metrics::ServerView::State::Up,
                                 15000);
    }
};

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    ResponsiveTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_responsive.moc"
