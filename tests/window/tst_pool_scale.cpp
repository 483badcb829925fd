// The window under a pool of a thousand places with ten thousand callers waiting: every event of its main
// thread is timed while ticks arrive.
#include "app/main_window.h"
#include "app/panel_catalog.h"
#include "models/log_model.h"
#include "tests/support/demo_flow.h"
#include "tests/support/demo_witness.h"
#include "tests/window/timed_application.h"
#include "tests/window/window_fixture.h"
#include "widgets/charts/lane_view.h"
#include "widgets/panels/pool/pool_tab.h"
#include "widgets/panels/pool_panel.h"
#include "widgets/table_view.h"

#include <QRegularExpression>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <array>

using window_test::timed;
using namespace std::chrono_literals;

namespace {

constexpr int kPlaces = 1000;
constexpr int kWaiters = 10'000;
constexpr std::array kKinds{"granted", "returned", "requested", "leaked", "closed", "connected", "timed_out"};

// One tick after the other: each place changes with nearly each, the queue is another every time.
class Crowd {
public:
    explicit Crowd(const metrics::SnapshotPtr& base)
        : m_base(base)
    {
        const auto snapshot = make(0);
        const core::WallTime now = snapshot->at;
        for (int second = -3700; second < 0; ++second) { // an hour of the past
            snapshot->at = now + std::chrono::seconds(second);
            for (metrics::SlotRow& row : snapshot->pool.slots) {
                row.state = stateAt(row.slot, second);
            }
            m_witness.take(*snapshot);
        }
    }

    metrics::SnapshotPtr next()
    {
        auto snapshot = make(++m_second);
        m_witness.take(*snapshot);
        m_witness.setQueue(queue(kWaiters - m_second % 13));
        for (int i = 0; i < 200; ++i) {
            m_witness.add(event(*snapshot, i));
        }
        return snapshot;
    }
    [[nodiscard]] const demo::Witness& witness() const noexcept { return m_witness; }

private:
    [[nodiscard]] static metrics::SlotState stateAt(int slot, int second)
    {
        return static_cast<metrics::SlotState>(3 + (slot * 7 + second + 4000) % 5);
    }
    [[nodiscard]] std::shared_ptr<metrics::Snapshot> make(int second) const
    {
        auto snapshot = std::make_shared<metrics::Snapshot>(*m_base);
        snapshot->tick += static_cast<std::uint64_t>(second + 4000);
        snapshot->at += std::chrono::seconds(second);
        snapshot->steady += std::chrono::seconds(second);
        metrics::PoolView& pool = snapshot->pool;
        pool.config.size = 600;
        pool.config.maxOverflow = 400;
        pool.maxConnections = pool.checkedOut = pool.total = kPlaces;
        pool.waiting = kWaiters;
        pool.verdict = "exhausted";
        pool.slots.clear();
        for (int slot = 0; slot < kPlaces; ++slot) {
            metrics::SlotRow row;
            row.slot = slot;
            row.state = stateAt(slot, second);
            row.overflow = slot >= 600;
            row.backendPid = 10'000 + slot;
            row.age = std::chrono::seconds(second + 5000 + slot);
            row.uses = static_cast<std::uint64_t>((second + 5000) * 3 + slot);
            row.heldFor = std::chrono::milliseconds((slot * 37 + second * 911) % 9000 + 1);
            row.idleHeldFor = row.heldFor / 2;
            row.tag = "service-" + std::to_string(slot % 17);
            row.site = "orders_api.cpp:" + std::to_string(40 + slot % 9) + " placeOrder";
            row.statement = "UPDATE orders SET state = $1 WHERE id = $2";
            pool.slots.push_back(std::move(row));
        }
        pool.waiters = queue(100);
        return snapshot;
    }
    [[nodiscard]] std::vector<metrics::WaiterRow> queue(int count) const
    {
        std::vector<metrics::WaiterRow> rows;
        rows.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            rows.push_back({i + 1, std::chrono::milliseconds(20'000 - i + m_second), 10s,
                            "service-" + std::to_string(i % 23), "cart.cpp:" + std::to_string(i % 31), "queue"});
        }
        return rows;
    }
    [[nodiscard]] metrics::PoolEventRow event(const metrics::Snapshot& snapshot, int i) const
    {
        metrics::PoolEventRow row;
        row.at = snapshot.at;
        row.kind = kKinds[static_cast<std::size_t>(i) % kKinds.size()];
        row.slot = (i * 31 + m_second) % kPlaces;
        row.backendPid = 10'000 + row.slot;
        row.duration = std::chrono::milliseconds(i);
        row.tag = "service-" + std::to_string(i % 17);
        row.detail = "a detail of ordinary length";
        return row;
    }

    metrics::SnapshotPtr m_base;
    demo::Witness m_witness;
    int m_second = 0;
};

} // namespace

class PoolScaleTest : public QObject {
    Q_OBJECT

    demo::Flow m_flow;
    models::LogModel m_log;
    widgets::Commands m_commands;
    std::unique_ptr<Crowd> m_crowd;
    std::unique_ptr<app::MainWindow> m_window;

    // Ticks as they come to the window: by an event of the main thread.
    void ticks(const char* what, int count)
    {
        timed().reset();
        for (int i = 0; i < count; ++i) {
            const metrics::SnapshotPtr snapshot = m_crowd->next();
            bool shown = false;
            QTimer::singleShot(0, m_window.get(), [&] {
                m_window->showSnapshot(snapshot);
                shown = true;
            });
            QTRY_VERIFY(shown);
            for (int round = 0; round < 3; ++round) {
                QCoreApplication::processEvents(); // repaints run as events of their own
            }
        }
        qInfo("%s: longest event %.1f ms of work, %.1f ms in all", what, timed().longestCpu, timed().longestWall);
        QVERIFY2(timed().longestCpu <= window_test::kMostCpu,
                 qPrintable(QStringLiteral("%1: %2 ms").arg(QLatin1String(what)).arg(timed().longestCpu)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(window_test::kWarnings));
        m_crowd = std::make_unique<Crowd>(m_flow.runUntil(900s));
        widgets::PanelContext context;
        context.querier = &m_flow.querier();
        context.commands = &m_commands;
        context.log = &m_log;
        context.witness = &m_crowd->witness();
        m_window = std::make_unique<app::MainWindow>(context, app::WindowOptions{{}, core::Lang::English});
        m_window->resize(1920, 1080);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanupTestCase() { m_window.reset(); }

    void everyTabOfThePoolStaysSmooth_data()
    {
        QTest::addColumn<QString>("tab");
        for (const widgets::PoolTabEntry& tab : widgets::poolTabs()) {
            QTest::addRow("%s", tab.id) << QString::fromLatin1(tab.id);
        }
    }
    void everyTabOfThePoolStaysSmooth()
    {
        QFETCH(QString, tab);
        m_window->openPanel(QStringLiteral("pool"), tab);
        QCOMPARE(m_window->findChild<widgets::PoolPanel*>()->currentTab(), tab);
        ticks(qPrintable(tab), 6);
        const auto* lanes = m_window->findChild<widgets::LaneView*>(QStringLiteral("lanes"));
        QVERIFY2(tab != QLatin1String("lines") || lanes->paintCount() >= 6, "what is not painted costs nothing");
    }

    void tenThousandWaitersAreAllThereAndSortedByAnyColumn()
    {
        m_window->openPanel(QStringLiteral("pool"), QStringLiteral("waiters"));
        ticks("waiters", 3);
        auto* view = m_window->findChild<widgets::TableView*>(QStringLiteral("waiters"));
        QVERIFY(view->model()->rowCount() > 9'900);
        for (const int column : {1, 2, 5}) {
            view->sortByColumn(column, Qt::DescendingOrder);
            ticks(qPrintable(QStringLiteral("waiters by column %1").arg(column)), 4);
        }
    }

    void overviewAndLatencyStaySmoothToo()
    {
        for (const char* panel : {"overview", "latency"}) {
            m_window->openPanel(QString::fromLatin1(panel));
            ticks(panel, 6);
        }
    }
};

int main(int argc, char** argv)
{
    window_test::TimedApplication application(argc, argv);
    PoolScaleTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pool_scale.moc"
