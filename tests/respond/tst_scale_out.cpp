// Scaling out from the first sign of load to its end, against a real server that speaks the scale API; time moved by hand.
#include "monitor/respond/scale_out.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scale_server.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <mutex>
#include <vector>

using namespace std::chrono_literals;
using metrics::StepState;
using respond::DryRun;
using respond::ResponseEvent;
using respond::ScaleOut;
using respond::ScaleOutConfig;

class ScaleOutTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::ScaleServer> m_server;
    QTemporaryDir m_folder;
    support::FakeClock m_clock;
    mutable std::mutex m_mutex; // guards m_events
    std::vector<ResponseEvent> m_events;
    std::unique_ptr<ScaleOut> m_out;

    ScaleOutConfig config() const
    {
        respond::KubernetesTarget target{"shop", "app"};
        target.api = m_server->url();
        target.tokenFile = m_folder.filePath("token").toStdString();
        ScaleOutConfig config;
        config.enabled = true;
        config.dryRun = false;
        config.maximum = 4;
        config.coolDown = 5min;
        config.deadline = 10min;
        config.target = target;
        return config;
    }
    ScaleOut& start(const ScaleOutConfig& with)
    {
        m_out = std::make_unique<ScaleOut>(
            with, respond::makeScaler(with.target),
            [this](const ResponseEvent& event) {
                const std::lock_guard lock(m_mutex);
                m_events.push_back(event);
            },
            m_clock);
        m_out->start();
        return *m_out;
    }
    metrics::ScaleView view() const { return m_out->view(core::Lang::English); }
    QStringList told() const
    {
        const std::lock_guard lock(m_mutex);
        QStringList texts;
        for (const ResponseEvent& event : m_events) {
            texts << QString::fromStdString(event.text.english);
        }
        return texts;
    }
    std::size_t puts() const
    {
        std::size_t count = 0;
        for (const auto& seen : m_server->seen()) {
            count += seen.line.starts_with("PUT ") ? 1 : 0;
        }
        return count;
    }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<support::ScaleServer>();
        m_events.clear();
        QFile token(m_folder.filePath("token"));
        QVERIFY(token.open(QIODevice::WriteOnly) && token.write(support::ScaleServer::kToken) > 0);
    }
    void cleanup() { m_out.reset(); }

    void loadAddsAReplicaAndIsWatchedUntilItFalls()
    {
        m_server->holdBack(true);
        ScaleOut& out = start(config());
        QCOMPARE(view().phase, std::string("idle"));
        out.evaluate({"HighCpuLoad", "HighPoolUsage"});
        QTRY_COMPARE(view().phase, std::string("watching"));
        QCOMPARE(m_server->replicas(), 3);
        QTRY_COMPARE(view().steps[2].detail, std::string("2 / 3")); // told, not there yet
        QCOMPARE(view().steps[0].state, StepState::Done);
        QCOMPARE(view().steps[0].detail, std::string("HighCpuLoad, HighPoolUsage"));
        QCOMPARE(view().steps[1].detail, std::string("deployment shop/app: 2 → 3"));
        m_server->holdBack(false);
        m_clock.advance(5s);
        QTRY_COMPARE(view().steps[2].state, StepState::Done);
        out.evaluate({});
        QTRY_COMPARE(view().phase, std::string("cool_down"));
        QCOMPARE(view().outcome, std::string("the load has fallen"));
        QCOMPARE(out.figures().done, 1U);
        QCOMPARE(out.figures().replicas, 3);
        QVERIFY(told().contains("Scale-out, deployment shop/app: 2 → 3 replicas"));
        QVERIFY(told().contains("Scale-out, deployment shop/app: the load has fallen"));
    }
    void duringTheCoolDownNothingIsAddedAfterItMoreUpToTheMaximum()
    {
        ScaleOut& out = start(config());
        out.evaluate({"A"});
        QTRY_COMPARE(view().phase, std::string("watching"));
        out.evaluate({});
        QTRY_COMPARE(view().phase, std::string("cool_down"));
        out.evaluate({"A"}); // back at once
        m_clock.advance(4min);
        QTRY_VERIFY(view().left <= 1min && view().left > 0s);
        QCOMPARE(puts(), std::size_t(1));
        m_clock.advance(61s);
        QTRY_COMPARE(m_server->replicas(), 4);
        QTRY_COMPARE(view().phase, std::string("watching"));
        m_clock.advance(10min); // the deadline
        QTRY_COMPARE(view().phase, std::string("cool_down"));
        m_clock.advance(5min);
        QTRY_VERIFY(told().contains("Scale-out, deployment shop/app: 4 replicas are the limit"));
        QCOMPARE(m_server->replicas(), 4);
        QCOMPARE(puts(), std::size_t(2));
    }
    void theDeadlinePassesAndIsSaid()
    {
        ScaleOut& out = start(config());
        out.evaluate({"A"});
        QTRY_COMPARE(view().phase, std::string("watching"));
        m_clock.advance(599s);
        QTRY_VERIFY(view().left <= 1s);
        QCOMPARE(view().phase, std::string("watching"));
        m_clock.advance(1s);
        QTRY_COMPARE(view().phase, std::string("cool_down"));
        QCOMPARE(view().outcome, std::string("the deadline has passed, the load is still there"));
        QCOMPARE(view().steps[3].state, StepState::Failed);
        QCOMPARE(out.figures().expired, 1U);
        QVERIFY(told().contains("Scale-out, deployment shop/app: the deadline has passed, the load is still there"));
    }
    void aDryRunShowsTheRequestsOnceAndSendsNone()
    {
        ScaleOutConfig rehearsed = config();
        rehearsed.dryRun = true;
        ScaleOut& out = start(rehearsed);
        out.evaluate({"A"});
        QTRY_COMPARE(view().steps[1].state, StepState::WouldDo);
        const QString plan = QString::fromStdString(view().steps[1].detail);
        QVERIFY2(plan.contains("PUT http://127.0.0.1") && plan.contains("\"replicas\":3"), qPrintable(plan));
        m_clock.advance(1h); // the same trouble: not again
        QTRY_COMPARE(view().phase, std::string("idle"));
        QCOMPARE(out.figures().rehearsed, 1U);
        QCOMPARE(puts(), std::size_t(0));
        out.setDryRun(DryRun::Off);
        QTRY_COMPARE(m_server->replicas(), 3);
    }
    void byHandItActsAndIsTakenBack()
    {
        ScaleOutConfig manual = config();
        manual.enabled = false; // by rule never
        ScaleOut& out = start(manual);
        out.evaluate({"A"});
        QVERIFY(!out.undo());
        QVERIFY(out.actNow());
        QTRY_COMPARE(m_server->replicas(), 3);
        QTRY_VERIFY(view().mayUndo);
        QTRY_COMPARE(view().phase, std::string("cool_down")); // nothing fires: the load has fallen
        QVERIFY(out.undo());
        QTRY_COMPARE(m_server->replicas(), 2);
        QTRY_COMPARE(view().steps[1].state, StepState::Undone);
        QVERIFY(!view().mayUndo);
    }
    void aFailureIsToldAndTriedAgainAfterTheCoolDown()
    {
        m_server->fail(1, 503);
        ScaleOut& out = start(config());
        out.evaluate({"A"});
        QTRY_COMPARE(view().phase, std::string("cool_down"));
        QCOMPARE(view().steps[1].state, StepState::Failed);
        QVERIFY(QString::fromStdString(view().outcome).contains("HTTP 503"));
        QCOMPARE(out.figures().failed, 1U);
        m_clock.advance(5min);
        QTRY_COMPARE(m_server->replicas(), 3);
        for (const QString& text : told()) {
            QVERIFY(!text.contains(support::ScaleServer::kToken));
        }
    }
    void withoutATargetItSaysSo()
    {
        ScaleOut& out = start({});
        QVERIFY(!out.actNow());
        ScaleOutConfig bad;
        bad.enabled = true;
        QVERIFY(!respond::problemOf(bad));
        bad = config();
        bad.minimum = 9;
        QVERIFY(!respond::problemOf(bad));
        QVERIFY(respond::problemOf(config()));
    }
    void stoppingInTheMiddleOfASlowRequestIsQuick()
    {
        m_server->delay(60s);
        ScaleOut& out = start(config());
        out.evaluate({"A"});
        QTRY_COMPARE(view().phase, std::string("acting"));
        out.stop(); // libcurl asks once a second whether to go on
    }
};

QTEST_GUILESS_MAIN(ScaleOutTest)
#include "tst_scale_out.moc"
