// A server that is there and does not answer: stopping keeps nobody waiting, and nothing is left once it answers.
#include "monitor/load/runner.h"

#include "tests/load/load_fixture.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>

using namespace std::chrono_literals;
using metrics::ScenarioState;
using support::kBaselineWithin;
using support::Stage;

namespace {

constexpr qint64 kAtOnce = 100;     // ms: a window that waits this long does not look stuck
constexpr qint64 kFrozenFor = 1200; // past the moment at which statements are cancelled

template <typename Call>
qint64 millisOf(const Call& call) {
    QElapsedTimer timer;
    timer.start();
    call();
    return timer.elapsed();
}

} // namespace

class FrozenServerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::PgServer> m_server;

    // Whatever a window may ask for, the slowest of it.
    static qint64 slowestAnswer(Stage& stage, const std::string& name) {
        qint64 slowest = millisOf([&] { (void)stage.runner.start(name); });
        slowest = std::max(slowest, millisOf([&] { (void)stage.runner.stop(name); }));
        slowest = std::max(slowest, millisOf([&] { (void)stage.runner.rows(core::Lang::English); }));
        slowest = std::max(slowest, millisOf([&] { stage.runner.noteAlert("Something"); }));
        return std::max(slowest, millisOf([&] { stage.runner.stopAll(); }));
    }
    static bool atBaseline(const Stage& stage) {
        const pool::PoolCounts counts = stage.pool.counts();
        return !stage.runner.running() && counts.leased == 0 && counts.waiting == 0;
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<support::PgServer>();
        QVERIFY2(m_server->ok(), m_server->error());
    }
    void cleanup() { m_server.reset(); }

    void thePoolIsBackAtItsBaselineOnceTheServerAnswers_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("queryTime"); // of slow_query
        QTest::newRow("more long statements than can be cancelled at once") << "slow_query" << 10'000;
        QTest::newRow("every place taken") << "exhaustion" << 0;
        QTest::newRow("open transactions") << "dirty_returns" << 0;
        QTest::newRow("through the proxy") << "slow_network" << 0;
    }
    void thePoolIsBackAtItsBaselineOnceTheServerAnswers() {
        QFETCH(const QString, name);
        QFETCH(const int, queryTime);
        const std::string scenario = name.toStdString();
        Stage stage(*m_server);
        load::Parameters parameters;
        if (queryTime > 0) {
            parameters = {{"clients", 24}, {"query_time", double(queryTime)}, {"pause", 0}};
        }
        QVERIFY(stage.runner.start(scenario, parameters));
        QTRY_VERIFY(stage.row(scenario).requests >= 24);
        m_server->freeze();
        QElapsedTimer frozen;
        frozen.start();
        const qint64 slowest = slowestAnswer(stage, scenario);
        QVERIFY2(slowest < kAtOnce, qPrintable(QString::number(slowest)));
        QTRY_VERIFY(frozen.elapsed() > kFrozenFor);
        m_server->thaw();
        QElapsedTimer thawed;
        thawed.start();
        QTRY_VERIFY_WITH_TIMEOUT(atBaseline(stage), 15'000);
        QVERIFY2(thawed.elapsed() < kBaselineWithin, qPrintable(QString::number(thawed.elapsed())));
        QTRY_COMPARE(stage.pool.counts().resetting, 0);
        QTRY_VERIFY(stage.pool.acquire().has_value());
        QTRY_VERIFY(!support::schemaExists(m_server->connInfo()));
    }
    void withoutAnyAnswerLeasesAreBackByTheirDeadlinesAndTheSchemaGoesLater() {
        Stage stage(*m_server);
        QVERIFY(stage.runner.start("normal"));
        QTRY_VERIFY(stage.row("normal").requests > 10);
        m_server->freeze();
        QVERIFY(stage.runner.stop("normal"));
        QTRY_VERIFY_WITH_TIMEOUT(atBaseline(stage), 9000);
        QCOMPARE(stage.row("normal").state, ScenarioState::Stopped);
        m_server->thaw();
        QTRY_VERIFY_WITH_TIMEOUT(!support::schemaExists(m_server->connInfo()), 5000);
    }
    void theSchemaLeftOverCanBeUsedAgainAtOnce() {
        load::DemoSchema schema([this] { return m_server->connInfo(); }, load::alwaysEnglish);
        {
            auto use = schema.use({});
            QVERIFY(use);
            m_server->freeze();
        }
        m_server->thaw();
        {
            const auto again = schema.use({});
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QCOMPARE(support::answerOf(m_server->connInfo(), "SELECT count(*) FROM poolscope_demo.users"),
                     std::string("100"));
        }
        QTRY_VERIFY(!support::schemaExists(m_server->connInfo()));
    }
};

QTEST_GUILESS_MAIN(FrozenServerTest)
#include "tst_frozen_server.moc"
