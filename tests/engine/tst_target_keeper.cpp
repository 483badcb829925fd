// Other people's pools on their way into the snapshot, the head and the data folder.
#include "monitor/alert/rule_engine.h"
#include "monitor/core/format.h"
#include "monitor/engine/target_keeper.h"
#include "monitor/notify/secret_keeper.h"
#include "monitor/promql/querier.h"
#include "tests/support/certificates.h"
#include "tests/support/http_catcher.h"
#include "tests/support/tls_front.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <future>
#include <memory>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
using engine::TargetKeeper;

class TargetKeeperTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<support::HttpCatcher> m_pool;

    // targets.yml with this target.
    void list(const QByteArray& name)
    {
        write("targets.yml", "- url: " + QByteArray::fromStdString(m_pool->url("/metrics")) +
                                 "\n  name: " + name +
                                 "\n  environment: production\n  tags: [java, shop]\n  interval: 1s\n");
    }
    void write(const QString& name, const QByteArray& text)
    {
        QDir(m_folder->path()).mkpath("targets.d");
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(text);
    }
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    void say(const std::string& body)
    {
        m_pool->answer([body](std::size_t) {
            support::CatcherAnswer answer;
            answer.body = body;
            return answer;
        });
    }
    // A tick, as the machine does it: what the collector says, then the snapshot into the head.
    static metrics::Snapshot tick(TargetKeeper& keeper, series::Head& head)
    {
        metrics::Snapshot snapshot;
        snapshot.at = core::SystemClock::instance().wallNow();
        metrics::SampleBuilder out(snapshot);
        static_cast<void>(keeper.collect(out).has_value());
        head.append(snapshot);
        return snapshot;
    }
    static QString carryOut(engine::TargetDesk& desk, const metrics::TargetEdit& edit)
    {
        std::promise<std::string> ended;
        desk.edit(edit, [&ended](const std::string& problem) { ended.set_value(problem); });
        return QString::fromStdString(ended.get_future().get());
    }
    static QString undone(engine::TargetDesk& desk)
    {
        std::promise<std::string> ended;
        desk.undo([&ended](const std::string& problem) { ended.set_value(problem); });
        return QString::fromStdString(ended.get_future().get());
    }
    static std::size_t known(const metrics::Snapshot& snapshot)
    {
        const metrics::Family* family = snapshot.find("target_info");
        return family != nullptr ? family->series.size() : 0;
    }
    static double ask(series::Head& head, const metrics::Snapshot& snapshot, std::string_view expression)
    {
        const auto answer = promql::Querier(head).instant(expression, core::epochMillis(snapshot.at));
        return answer && answer->size() == 1 ? answer->front().points.front().value : std::nan("");
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_folder = std::make_unique<QTemporaryDir>();
        m_pool = std::make_unique<support::HttpCatcher>();
        say("hikaricp_connections_active{pool=\"main\"} 7\nhikaricp_connections_max{pool=\"main\"} "
            "10\njvm_threads 42\n");
    }

    void figuresRowsAndUnknownMetricsArrive()
    {
        list("shop");
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        metrics::Snapshot snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{target=\"shop\",tags=\"java, shop\"}"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_info{source=~\".+\"}")));
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        QCOMPARE(ask(head, snapshot, "target_info{source=\"HikariCP (Micrometer)\"}"), 1.0);
        QCOMPARE(ask(head, snapshot,
                     "target_pool_in_use{target=\"shop\",environment=\"production\",pool=\"main\"}"),
                 7.0);
        QCOMPARE(ask(head, snapshot, "jvm_threads{target=\"shop\",environment=\"production\"}"), 42.0);
        QCOMPARE(ask(head, snapshot, "target_up"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_pool_idle"))); // not told: unknown, not zero
    }

    void whatATargetNoLongerSaysEnds()
    {
        list("shop");
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "jvm_threads")) == 42.0,
                                 20'000);
        say("hikaricp_connections_active{pool=\"main\"} 8\n");
        QTRY_VERIFY_WITH_TIMEOUT(
            (snapshot = tick(keeper, head), std::isnan(ask(head, snapshot, "jvm_threads"))), 20'000);
        QCOMPARE(ask(head, snapshot, "hikaricp_connections_active"), 8.0);
        m_pool.reset();
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 0.0,
                                 20'000);
        QVERIFY(std::isnan(ask(head, snapshot, "hikaricp_connections_active")));
        QVERIFY(std::isnan(ask(head, snapshot, "target_pool_in_use")));
        QCOMPARE(ask(head, snapshot, "target_info{reason=\"refused\"}"),
                 1.0); // one of a few words, whatever was said
        QCOMPARE(snapshot.targets.size(), std::size_t(1));
        QVERIFY(!snapshot.targets.front().reason.empty());
    }

    // Through one fault after another the alert fires once, and ends once when the target is back.
    void anOutageIsToldOnce()
    {
        list("shop");
        write("rules.yml",
              "groups:\n- name: targets\n  rules:\n  - alert: TargetDown\n    expr: target_up == 0\n");
        series::Head head;
        const promql::Querier querier(head);
        QStringList told;
        alert::RuleEngine rules(head, querier,
                                {core::Lang::English, alert::RuleEngineOptions::Logging::Off, core::Nanos(0),
                                 [&told](const alert::Transition& transition) {
                                     told << QString::fromLatin1(metrics::alertStateName(transition.to));
                                 }});
        QVERIFY(rules.load({m_folder->filePath("rules.yml").toStdString()}).has_value());
        std::atomic<int> ill = 0;
        m_pool->answer([&](std::size_t number) {
            support::CatcherAnswer answer;
            answer.body = "hikaricp_connections_active 7\nhikaricp_connections_timeout_total " +
                          std::to_string(1000 + number) + "\n";
            using Do = support::CatcherAnswer::Do;
            answer.act = ill == 1 ? Do::Reset : ill == 2 ? Do::Half : Do::Reply;
            answer.status = ill == 3 ? 503 : 200;
            return answer;
        });
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        metrics::Snapshot snapshot;
        std::size_t from = 0; // requests before the fault, two of which have met it when it is done
        const auto is = [&](double up) {
            snapshot = tick(keeper, head);
            rules.evaluate(snapshot);
            return ask(head, snapshot, "target_up") == up && m_pool->requests().size() >= from + 2;
        };
        QVERIFY(QTest::qWaitFor([&] { return is(1); }, 20'000));
        told.clear(); // before the first answer it was not up
        ill = 1;
        from = m_pool->requests().size();
        QVERIFY(QTest::qWaitFor([&] { return is(0); }, 20'000));
        ill = 3;
        from = m_pool->requests().size();
        QVERIFY(QTest::qWaitFor([&] { return is(0); }, 20'000));
        ill = 2;
        from = m_pool->requests().size();
        QVERIFY(QTest::qWaitFor([&] { return is(0); }, 20'000));
        QCOMPARE(told, QStringList({"firing"}));
        ill = 0;
        from = m_pool->requests().size();
        QVERIFY(QTest::qWaitFor([&] { return is(1); }, 20'000));
        QCOMPARE(told, QStringList({"firing", "resolved"}));
        QCOMPARE(ask(head, snapshot, "resets(hikaricp_connections_timeout_total[5m])"), 0.0);
        const auto asked = static_cast<double>(m_pool->requests().size());
        QVERIFY(ask(head, snapshot,
                    "max_over_time(hikaricp_connections_timeout_total[5m])"
                    " - min_over_time(hikaricp_connections_timeout_total[5m])") <= asked);
    }

    void filesAreFollowedAndTheirMistakesTold()
    {
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        QCOMPARE(known(tick(keeper, head)), std::size_t(0));
        list("shop");
        write("targets.d/sd.json",
              "[{\"targets\": [\"127.0.0.1:" + QByteArray::number(m_pool->port()) + "\"]}]");
        QTRY_COMPARE_WITH_TIMEOUT(known(tick(keeper, head)), std::size_t(2), 20'000);
        write("targets.d/broken.json", "{");
        const auto problem = [&] {
            metrics::Snapshot snapshot;
            snapshot.at = core::SystemClock::instance().wallNow();
            metrics::SampleBuilder out(snapshot);
            const auto collected = keeper.collect(out);
            return QString::fromStdString(collected ? std::string() : collected.error().message);
        };
        QTRY_VERIFY_WITH_TIMEOUT(problem().contains("broken.json:"), 20'000);
        QVERIFY(QFile::remove(m_folder->filePath("targets.d/broken.json")));
        QTRY_COMPARE_WITH_TIMEOUT(problem(), QString(), 20'000);
        QVERIFY(QFile::remove(m_folder->filePath("targets.yml")));
        QTRY_COMPARE_WITH_TIMEOUT(known(tick(keeper, head)), std::size_t(1), 20'000);
    }

    void theWindowsListIsChangedAndTakenAtOnce()
    {
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        static_cast<void>(tick(keeper, head));
        metrics::TargetEdit edit;
        edit.setup.url = m_pool->url("/metrics");
        edit.setup.name = "shop";
        edit.setup.environment = "production";
        QCOMPARE(carryOut(desk, edit), QString());
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        QCOMPARE(desk.setups().size(), std::size_t(1));
        QVERIFY(carryOut(desk, edit).contains("taken"));
        edit.kind = metrics::TargetEdit::Kind::Pause;
        edit.name = "shop";
        QCOMPARE(carryOut(desk, edit), QString());
        snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{reason=\"paused\"}"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_up"))); // neither up nor down: nobody is told
        QVERIFY(snapshot.targets.front().paused);
        edit.kind = metrics::TargetEdit::Kind::Resume;
        QCOMPARE(carryOut(desk, edit), QString());
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        edit.kind = metrics::TargetEdit::Kind::Remove;
        QCOMPARE(carryOut(desk, edit), QString());
        QCOMPARE(known(tick(keeper, head)), std::size_t(0));
        QCOMPARE(undone(desk), QString());
        QCOMPARE(known(tick(keeper, head)), std::size_t(1));
        write("targets.yml", "- url: [\n");
        edit.kind = metrics::TargetEdit::Kind::Add;
        edit.name.clear();
        edit.setup.name = "other";
        QVERIFY(carryOut(desk, edit).contains("targets.yml:")); // told, and not written over
        QVERIFY(undone(desk).contains("changed since"));
        QFile file(m_folder->filePath("targets.yml"));
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("- url: [\n"));
    }

    void aTypedSecretGoesWhereSecretsAreKept()
    {
        m_pool->answerTo([](const support::CaughtRequest& request) {
            support::CatcherAnswer answer;
            const auto header = request.headers.find("authorization");
            const bool well =
                header != request.headers.end() &&
                header->second == "Basic " + QByteArray("me:kanarienvogel").toBase64().toStdString();
            answer.status = well ? 200 : 401;
            answer.body = "hikaricp_connections_active{pool=\"main\"} 7\n";
            return answer;
        });
        notify::SecretKeeper secrets(folder() / "secrets.yml", nullptr);
        series::Head head;
        engine::TargetDesk desk(folder(), &secrets);
        metrics::TargetEdit edit;
        edit.setup.url = m_pool->url("/metrics");
        edit.setup.name = "shop";
        metrics::TargetFinding found = desk.probe(edit.setup, {}, {});
        QVERIFY(found.cause == metrics::TargetCause::Login && found.status == 401);
        edit.setup.user = "me";
        edit.secret = "kanarienvogel";
        found = desk.probe(edit.setup, edit.secret, {});
        QCOMPARE(QString::fromStdString(found.problem), QString());
        QCOMPARE(found.pools.size(), std::size_t(1));
        QCOMPARE(carryOut(desk, edit), QString());
        QFile list(m_folder->filePath("targets.yml"));
        QVERIFY(list.open(QFile::ReadOnly));
        const QByteArray text = list.readAll();
        QVERIFY(!text.contains("kanarienvogel") && text.contains("secret: \"secret:target-shop-"));
        QCOMPARE(QFile(m_folder->filePath("secrets.yml")).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
        engine::TargetDesk later(folder(), &secrets); // after a new start it is looked up
        TargetKeeper keeper(folder(), head, later);
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        metrics::TargetSetup kept = later.setups().front();
        QCOMPARE(QString::fromStdString(later.probe(kept, {}, {}).problem), QString());
    }

    void aFirstLookFindsTheRightPage()
    {
        m_pool->answerTo([](const support::CaughtRequest& request) {
            support::CatcherAnswer answer;
            answer.status = request.path == "/actuator/prometheus" ? 200 : 404;
            answer.body = "hikaricp_connections_active{pool=\"main\"} 7\n";
            return answer;
        });
        engine::TargetDesk desk(folder(), nullptr);
        metrics::TargetSetup setup;
        setup.url = "127.0.0.1:" + std::to_string(m_pool->port());
        const metrics::TargetFinding found = desk.probe(setup, {}, {});
        QVERIFY2(found.problem.empty(), found.problem.c_str());
        QVERIFY(found.url.ends_with("/actuator/prometheus"));
        say("<html>no metrics</html>");
        QVERIFY(desk.probe(setup, {}, {}).cause == metrics::TargetCause::Garbage);
        setup.url = "gopher://x/";
        QVERIFY(!desk.probe(setup, {}, {}).problem.empty());
        m_pool->answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Hang}; });
        setup.url = m_pool->url("/metrics");
        setup.interval = setup.timeout = 60s;
        std::stop_source stop;
        std::jthread later([&] {
            static_cast<void>(m_pool->waitFor(1, 5s));
            stop.request_stop();
        });
        QVERIFY(!desk.probe(setup, {}, stop.get_token()).problem.empty()); // at once, not after a minute
    }

    void aFirstLookNamesTheDayACertificateExpired()
    {
        support::Authority authority;
        support::CertificateWish wish;
        wish.from = -48h;
        wish.until = -24h;
        const support::TlsFront old({m_pool->port(), authority.issue(wish)});
        engine::TargetDesk desk(folder(), nullptr);
        metrics::TargetSetup setup;
        setup.url = old.url("/metrics");
        setup.caFile = authority.file().string();
        metrics::TargetFinding found = desk.probe(setup, "kanarienvogel", {});
        QVERIFY2(found.cause == metrics::TargetCause::Certificate, found.problem.c_str());
        QVERIFY2(found.expired.find("GMT") != std::string::npos, found.expired.c_str());
        const support::TlsFront well({m_pool->port(), authority.issue()});
        setup.url = well.url("/metrics");
        QCOMPARE(QString::fromStdString(desk.probe(setup, {}, {}).problem), QString());
        setup.caFile.clear();
        found = desk.probe(setup, {}, {});
        QVERIFY(found.cause == metrics::TargetCause::Certificate && found.expired.empty());
        for (const support::CaughtRequest& request :
             m_pool->requests()) { // nobody untrusted was told a secret
            QVERIFY(!request.headers.contains("authorization"));
        }
    }

    void whatDoesNotFitIntoMemoryIsCounted()
    {
        list("shop");
        series::Head head(
            series::HeadOptions{.maxSeries = 5'002}); // but two beside the room the program keeps
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT(
            (snapshot = tick(keeper, head), ask(head, snapshot, "target_series_refused")) >= 1.0, 20'000);
        QVERIFY(snapshot.targets.front().refused >= 1);
        QCOMPARE(ask(head, snapshot, "target_up"), 1.0); // the program's own have room
    }

    void theConfigurationsTargetsComeFirst()
    {
        list("shop");
        targets::TargetSpec spec;
        spec.url = m_pool->url("/metrics");
        spec.name = "shop";
        spec.environment = "staging";
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        desk.setConfigured({spec});
        TargetKeeper keeper(folder(), head, desk);
        const metrics::Snapshot snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{environment=\"staging\"}"), 1.0);
        QVERIFY(snapshot.targets.size() == 1 &&
                snapshot.targets.front().origin == metrics::TargetOrigin::Config);
        metrics::TargetEdit edit;
        edit.kind = metrics::TargetEdit::Kind::Remove;
        edit.name = "shop";
        QVERIFY(carryOut(desk, edit).contains("not in the window's list"));
    }
};

QTEST_GUILESS_MAIN(TargetKeeperTest)
#include "tst_target_keeper.moc"
