// Other people's pools on their way into the snapshot, the head and the data folder.
#include "monitor/alert/rule_engine.h"
#include "tests/engine/target_stage.h"
#include "tests/support/dns_server.h"

#include <atomic>

using namespace std::chrono_literals;
using engine::TargetKeeper;

class TargetKeeperTest final : public TargetStage {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }

    void figuresRowsAndUnknownMetricsArrive()
    {
        list("shop");
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        m_pool->answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Hang}; });
        metrics::Snapshot snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{target=\"shop\",tags=\"java, shop\"}"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_info{source=~\".+\"}")));
        say(kPage);
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

    void namesAskedOfDnsChangeWhileItRuns()
    {
        support::DnsServer server;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(33, support::dnsService(9, "h-" + asked.name)),
                                     1);
        });
        targets::DnsQuestion question;
        question.names = {"a.example"};
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        desk.setConfigured({}, {question});
        TargetKeeper keeper(folder(), head, desk, server.address());
        const auto names = [&] {
            static_cast<void>(tick(keeper, head));
            std::vector<std::string> all;
            for (const metrics::TargetSetup& setup : desk.setups()) {
                all.push_back(setup.name);
            }
            return all;
        };
        QTRY_COMPARE_WITH_TIMEOUT(names(), std::vector<std::string>{"h-a.example:9"}, 20'000);
        question.names = {"b.example"};
        desk.setConfigured({}, {question}); // what a reload does
        QTRY_COMPARE_WITH_TIMEOUT(names(), std::vector<std::string>{"h-b.example:9"}, 20'000);
        desk.setConfigured({}, {});
        QTRY_VERIFY_WITH_TIMEOUT(names().empty(), 20'000);
    }

    void mappingsAreFollowedAsTheyChange()
    {
        say("my_pool_busy 7\n");
        list("shop");
        series::Head head;
        engine::TargetDesk desk(folder(), nullptr);
        TargetKeeper keeper(folder(), head, desk);
        const auto inUse = [&] {
            const metrics::Snapshot snapshot = tick(keeper, head);
            return ask(head, snapshot, "target_pool_in_use");
        };
        QTRY_VERIFY_WITH_TIMEOUT(std::isnan(inUse()) && !desk.setups().empty(), 20'000);
        QDir(m_folder->path()).mkpath("sources");
        write("sources/mine.yml", "name: mine\nwhen: my_pool_busy\nfigures:\n  in_use: my_pool_busy\n");
        QTRY_COMPARE_WITH_TIMEOUT(inUse(), 7.0, 20'000);
        write("sources/other.yml", "name: other\nwhen: a\nfigures:\n  in_use: sum(\n");
        const auto problem = [&] {
            metrics::Snapshot snapshot;
            metrics::SampleBuilder out(snapshot);
            const auto collected = keeper.collect(out);
            return QString::fromStdString(collected ? std::string() : collected.error().message);
        };
        QTRY_VERIFY2_WITH_TIMEOUT(problem().startsWith("sources/other.yml:4: in_use: "),
                                  qPrintable(problem()), 20'000);
        QCOMPARE(inUse(), 7.0); // takes nothing from the others
        QVERIFY(QFile::remove(m_folder->filePath("sources/other.yml")));
        QTRY_COMPARE_WITH_TIMEOUT(problem(), QString(), 20'000);
        write("sources/mine.yml", "name: mine\nwhen: my_pool_busy\nfigures:\n  in_use: my_pool_busy * 10\n");
        QTRY_COMPARE_WITH_TIMEOUT(inUse(), 70.0, 20'000);
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
