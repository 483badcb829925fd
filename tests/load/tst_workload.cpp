#include "monitor/load/workload.h"

#include "tests/load/load_fixture.h"

#include <QTest>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using load::Workload;
using load::WorkloadOutcome;

namespace {

// Answers from any thread.
class Answers {
public:
    [[nodiscard]] load::Workloads::Done take() {
        return [this](const WorkloadOutcome& outcome) {
            const std::lock_guard lock(m_mutex);
            m_all.push_back(outcome);
            m_thread = std::this_thread::get_id();
        };
    }
    [[nodiscard]] std::vector<WorkloadOutcome> all() const {
        const std::lock_guard lock(m_mutex);
        return m_all;
    }
    [[nodiscard]] std::thread::id thread() const {
        const std::lock_guard lock(m_mutex);
        return m_thread;
    }

private:
    mutable std::mutex m_mutex; // guards what follows
    std::vector<WorkloadOutcome> m_all;
    std::thread::id m_thread;
};

// What the pool's observer is told of statements and uses.
class Observer final : public pool::PoolObserver {
public:
    void onAcquired(core::Nanos, pool::Outcome, const pool::PoolEvent&) noexcept override {}
    void onReturned(core::Nanos use, const pool::PoolEvent&) noexcept override { longestUse = use; }
    void onStatement(const pool::StatementInfo& statement) noexcept override {
        slow += statement.duration > 100ms ? 1 : 0;
    }
    void onEvent(const pool::PoolEvent&) noexcept override {}

    std::atomic<int> slow{0};
    std::atomic<core::Nanos> longestUse{};
};

} // namespace

class WorkloadTest : public QObject {
    Q_OBJECT

    support::PgServer m_server;

    [[nodiscard]] load::WorkloadOptions options() {
        load::WorkloadOptions options;
        options.connInfo = [this] { return m_server.connInfo(); };
        options.longHold = 300ms;
        return options;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }
    void init() {
        if (!m_server.embedded().running()) {
            QVERIFY2(m_server.start(), m_server.error());
        }
    }

    void allThreeCountTheDemoUsers_data() {
        QTest::addColumn<int>("workload");
        QTest::addColumn<bool>("own");
        for (const bool own : {true, false}) {
            const char* where = own ? "own server" : "foreign server";
            QTest::addRow("normal, %s", where) << static_cast<int>(Workload::Normal) << own;
            QTest::addRow("slow, %s", where) << static_cast<int>(Workload::Slow) << own;
            QTest::addRow("long, %s", where) << static_cast<int>(Workload::LongConnection) << own;
        }
    }
    void allThreeCountTheDemoUsers() {
        QFETCH(const int, workload);
        QFETCH(const bool, own);
        Observer observer;
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), &observer);
        load::WorkloadOptions given = options();
        given.ownServer = own;
        Answers answers;
        {
            load::Workloads workloads(pool, given);
            workloads.run(static_cast<Workload>(workload), answers.take());
            QTRY_COMPARE(answers.all().size(), std::size_t(1));
            QCOMPARE(support::schemaExists(m_server.connInfo()),
                     own); // nothing is written where it is not ours
        }
        const WorkloadOutcome outcome = answers.all().front();
        QVERIFY2(outcome.ok, outcome.error.c_str());
        QCOMPARE(outcome.count, 100);
        QVERIFY(answers.thread() != std::this_thread::get_id());
        QCOMPARE(observer.slow.load(), static_cast<Workload>(workload) == Workload::Slow ? 1 : 0);
        QCOMPARE(observer.longestUse.load() >= 300ms,
                 static_cast<Workload>(workload) == Workload::LongConnection);
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
    void theLongOneHoldsForFifteenSecondsUnlessToldOtherwise() {
        QCOMPARE(load::WorkloadOptions().longHold, core::Nanos(15s));
    }
    void moreThanTheLimitAtOnceAreRefusedAndEveryoneIsAnswered() {
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), nullptr);
        load::WorkloadOptions given = options();
        given.mostAtOnce = 4;
        Answers answers;
        load::Workloads workloads(pool, given);
        for (int i = 0; i < 10; ++i) {
            workloads.run(Workload::LongConnection, answers.take());
        }
        QTRY_COMPARE(answers.all().size(), std::size_t(10));
        int good = 0;
        for (const WorkloadOutcome& outcome : answers.all()) {
            good += outcome.ok ? 1 : 0;
            QCOMPARE(outcome.error.empty(), outcome.ok);
        }
        QCOMPARE(good, 4);
    }
    void withoutAServerTheAnswerIsAnErrorInOneLine() {
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), nullptr);
        m_server.stop();
        Answers answers;
        load::Workloads workloads(pool, options());
        for (const Workload workload : {Workload::Normal, Workload::Slow, Workload::LongConnection}) {
            workloads.run(workload, answers.take());
        }
        QTRY_COMPARE(answers.all().size(), std::size_t(3));
        for (const WorkloadOutcome& outcome : answers.all()) {
            QVERIFY(!outcome.ok);
            QVERIFY(!outcome.error.empty());
            QVERIFY(outcome.error.find('\n') == std::string::npos);
        }
    }
    void anExhaustedPoolIsAnError() {
        pool::PoolConfig config = support::quickPool();
        config.size = 1;
        config.maxOverflow = 0;
        config.timeout = 200ms;
        pool::ConnectionPool pool(config, m_server.connInfo(), nullptr);
        auto lease = pool.acquire();
        QVERIFY(lease);
        Answers answers;
        load::Workloads workloads(pool, options());
        workloads.run(Workload::Normal, answers.take());
        QTRY_COMPARE(answers.all().size(), std::size_t(1));
        QVERIFY(answers.all().front().error.starts_with("QueuePool limit of size 1 overflow 0 reached"));
    }
    void refusalsFollowTheLanguage() {
        pool::ConnectionPool pool(support::quickPool(), m_server.connInfo(), nullptr);
        load::WorkloadOptions given = options();
        given.mostAtOnce = 0;
        std::atomic<core::Lang> lang{core::Lang::English};
        given.lang = [&lang] { return lang.load(); };
        Answers answers;
        load::Workloads workloads(pool, given);
        workloads.run(Workload::Normal, answers.take());
        QTRY_COMPARE(answers.all().size(), std::size_t(1));
        lang = core::Lang::Chinese;
        workloads.run(Workload::Normal, answers.take());
        QTRY_COMPARE(answers.all().size(), std::size_t(2));
        QCOMPARE(answers.all()[0].error, std::string("too many test requests at once"));
        QCOMPARE(answers.all()[1].error, std::string("同时运行的测试请求过多"));
    }
    void theEndAnswersEveryoneAtOnce() {
        pool::PoolConfig config = support::quickPool();
        config.size = 2;
        config.maxOverflow = 0;
        pool::ConnectionPool pool(config, m_server.connInfo(), nullptr);
        load::WorkloadOptions given = options();
        given.longHold = 60s;
        given.lang = load::alwaysChinese;
        Answers answers;
        QElapsedTimer timer;
        {
            load::Workloads workloads(pool, given);
            for (int i = 0; i < 5; ++i) {
                workloads.run(Workload::LongConnection, answers.take());
            }
            QTRY_COMPARE(pool.counts().leased, 2);
            QTRY_COMPARE(pool.counts().waiting, 3);
            timer.start();
        }
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(answers.all().size(), std::size_t(5));
        for (const WorkloadOutcome& outcome : answers.all()) {
            QCOMPARE(outcome.error, std::string("程序正在关闭"));
        }
        QCOMPARE(pool.counts().leased, 0);
        QVERIFY(!support::schemaExists(m_server.connInfo()));
    }
};

QTEST_GUILESS_MAIN(WorkloadTest)
#include "tst_workload.moc"
