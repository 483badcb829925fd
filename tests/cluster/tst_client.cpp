// The client of other people's Alertmanagers: against peers that fail as they are told, and against two real
// ones (Debian's prometheus-alertmanager) that form a cluster, one of which is killed and comes back.
#include "tests/cluster/peers.h"

using namespace peers;
using namespace std::chrono_literals;

class TstClient final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void troubleOfAPeerIsItsOwn_data()
    {
        QTest::addColumn<int>("mood");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("503") << static_cast<int>(FakePeer::Mood::Busy) << QByteArray("HTTP 503");
        QTest::newRow("the connection is cut") << static_cast<int>(FakePeer::Mood::Deaf) << QByteArray();
        QTest::newRow("a redirect") << static_cast<int>(FakePeer::Mood::Elsewhere)
                                    << QByteArray("not followed");
        QTest::newRow("garbage") << static_cast<int>(FakePeer::Mood::Garbage)
                                 << QByteArray("no Alertmanager's");
        QTest::newRow("half an answer")
            << static_cast<int>(FakePeer::Mood::Half) << QByteArray("no Alertmanager's");
    }
    void troubleOfAPeerIsItsOwn()
    {
        QFETCH(int, mood);
        QFETCH(QByteArray, reason);
        FakePeer well, ill;
        cluster::Client client(specOf({well.url(), ill.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isUp(client, 1), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(1)); // the same at both
        QCOMPARE(client.view()->alerts[0].peers.size(), std::size_t(2));
        ill.be(static_cast<FakePeer::Mood>(mood));
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 1), kPatience);
        const QByteArray why = QByteArray::fromStdString(client.view()->peers[1].error);
        QVERIFY2(!why.isEmpty() && why.contains(reason), why.constData());
        QVERIFY(isUp(client, 0));
        QCOMPARE(client.view()->alerts[0].peers.size(), std::size_t(1));
        ill.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1), kPatience);
    }

    void whoWasAwayIsToldOnceWhenItIsBack()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Deaf);
        cluster::Client client(specOf({first.url(), second.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
        const auto outcome = told(client, silenceOf("A", "quiet"));
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->peers.size(), std::size_t(1));
        QCOMPARE(outcome->owed.size(), std::size_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(client.view()->peers[1].owed, 1, kPatience);
        second.be(FakePeer::Mood::Forgetful); // it takes it, but its answer is lost: it is not told again
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1) && client.view()->peers[1].owed == 0, kPatience);
        QCOMPARE(first.silences().size(), std::size_t(1));
        QCOMPARE(second.silences().size(), std::size_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(1), kPatience); // one act, one row
        QCOMPARE(standing(client)[0].ids.size(), std::size_t(2));
        QVERIFY(ended(client, standing(client)[0].silence.id).has_value()); // at both
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(0), kPatience);
        QVERIFY(first.asked("DELETE", "/api/v2/silence/id-") == 1 &&
                second.asked("DELETE", "/api/v2/silence/id-") == 1);
    }

    void whatIsOwedOutlastsARestartAndIsToldOnce()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Deaf);
        const auto kept = std::make_shared<std::string>(); // a client's at a time
        const cluster::DebtBook book{[kept] { return *kept; },
                                     [kept](const std::string& text) {
                                         *kept = text;
                                         return core::Result<void>();
                                     }};
        {
            cluster::Client client(specOf({first.url(), second.url()}), {}, book);
            QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
            QVERIFY(told(client, silenceOf("A", "quiet")).has_value());
        }
        QVERIFY(kept->find("quiet") != std::string::npos);
        second.be(FakePeer::Mood::Well);
        {
            cluster::Client client(specOf({first.url(), second.url()}), {}, book);
            QTRY_COMPARE_WITH_TIMEOUT(second.silences().size(), std::size_t(1), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1) && client.view()->peers[1].owed == 0, kPatience);
        }
        QVERIFY2(kept->find("quiet") == std::string::npos, kept->c_str());
        QCOMPARE(first.silences().size(), std::size_t(1));
        cluster::Client third(specOf({first.url(), second.url()}), {}, book);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(third, 0) && isUp(third, 1), kPatience);
        QCOMPARE(second.silences().size(), std::size_t(1));
    }

    // Nobody is promised what is not kept.
    void whatIsNotEvenOwedIsSaid()
    {
        FakePeer first;
        const std::vector<std::string> urls{first.url(), "http://127.0.0.1:1"};
        cluster::Ledger ledger;
        for (std::size_t i = 0; i < cluster::kMostDebts; ++i) {
            ledger.debts.push_back({silenceOf("A", "number " + std::to_string(i)), {1}});
        }
        const std::string full = cluster::ledgerText(ledger, urls);
        cluster::Client client(specOf(urls), {}, {[&full] { return full; }, {}});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0), kPatience);
        const auto made = told(client, silenceOf("A", "quiet"));
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        QCOMPARE(made->peers.size(), std::size_t(1));
        QVERIFY(made->owed.empty());
        QCOMPARE(made->refused,
                 std::vector<std::string>{"127.0.0.1:1: it is away, and too much is owed already"});
        QTRY_COMPARE_WITH_TIMEOUT(client.view()->silences.size(), std::size_t(1), kPatience);
        const auto over = ended(client, made->id);
        QVERIFY2(over, over ? "" : over.error().message.c_str());
        QVERIFY(over->owed.empty() && over->refused == made->refused);
    }

    void aBookIsReadBackAndOneThatIsNoneIsEmpty()
    {
        const std::vector<std::string> urls{"http://a:1", "http://b:1"};
        for (const char* text :
             {"", "{", "7", "[7, null, {}]", "[{\"silence\":7,\"peers\":[]}]",
              "[{\"silence\":\"{}\",\"peers\":[\"http://a:1\"]}]", "\xff\xfe",
              "{\"owed\":7,\"acknowledged\":{}}", "{\"acknowledged\":[7,{\"since\":7}]}"}) {
            const cluster::Ledger ledger = cluster::readLedger(text, urls);
            QVERIFY(ledger.debts.empty() && ledger.acks.empty());
        }
        cluster::Ledger ledger;
        ledger.debts = {{silenceOf("A", "quiet"), {0, 1}},
                        {silenceOf("B", "over"), {1}, cluster::Debt::Kind::End}};
        ledger.acks = {{silenceOf("C", "ACK! mine"), core::WallTime(1'795'000'000'123ms)}};
        const std::string text = cluster::ledgerText(ledger, urls);
        const auto read = cluster::readLedger(text, std::vector<std::string>{"http://b:1"}); // a is gone
        QCOMPARE(read.debts.size(), std::size_t(2));
        QVERIFY(read.debts[0].peers == std::set<std::size_t>{0} &&
                cluster::sameSilence(read.debts[0].silence, ledger.debts[0].silence) &&
                read.debts[1].kind == cluster::Debt::Kind::End);
        QVERIFY(read.acks.size() == 1 && read.acks[0].since == ledger.acks[0].since &&
                cluster::sameSilence(read.acks[0].silence, ledger.acks[0].silence));
        const auto old = json::parse(text)["owed"].dump(); // as it was written once
        QCOMPARE(cluster::readLedger(old, urls).debts.size(), std::size_t(2));
    }

    void whatWasEndedMeanwhileIsOwedNoMore()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Busy);
        cluster::Client client(specOf({first.url(), second.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 0) && isAway(client, 1), kPatience);
        QVERIFY(told(client, silenceOf("A", "quiet")).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(standing(client).size(), std::size_t(1), kPatience);
        QVERIFY(ended(client, standing(client)[0].silence.id).has_value());
        second.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(isUp(client, 1), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(second.asked("GET", "/api/v2/status") >= 3, kPatience);
        QCOMPARE(second.asked("POST", "/"), std::size_t(0));
    }

    void whenNobodyIsThereItFailedAndIsForgotten()
    {
        FakePeer only;
        only.be(FakePeer::Mood::Busy);
        cluster::Client client(specOf({only.url()}), {});
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 0), kPatience);
        const auto outcome = told(client, silenceOf("A", "quiet"));
        QVERIFY(!outcome.has_value());
        QVERIFY2(outcome.error().message.find("HTTP 503") != std::string::npos,
                 outcome.error().message.c_str());
        only.be(FakePeer::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(only.asked("GET", "/api/v2/status") >= 4, kPatience);
        QCOMPARE(only.asked("POST", "/"), std::size_t(0));
        QVERIFY(!ended(client, "nobody-knows-it").has_value());
    }

    void secretsGoInTheHeadAndNowhereElse()
    {
        FakePeer peer;
        peer.be(FakePeer::Mood::Elsewhere);
        cluster::Spec spec = specOf({peer.url()});
        spec.token = "secret:am";
        cluster::Client client(spec, [](const std::string& reference) {
            return core::Result<std::string>(reference == "secret:am" ? "canary" : "?");
        });
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 0), kPatience);
        QCOMPARE(peer.requests().front().headers.at("authorization"), std::string("Bearer canary"));
        QVERIFY(client.view()->peers[0].error.find("canary") == std::string::npos);
        cluster::Client without(spec, [](const std::string&) {
            return core::Result<std::string>(core::fail("the key ring is locked"));
        });
        QTRY_VERIFY_WITH_TIMEOUT(isAway(without, 0), kPatience);
        QCOMPARE(without.view()->peers[0].error, std::string("the key ring is locked"));
    }

    void twoRealPeersOneOfWhichIsKilledAndComesBack()
    {
        QTemporaryDir folder;
        RealPeer first(folder, "one");
        RealPeer second(folder, "two", first.gossip());
        QVERIFY2(
            QTest::qWaitFor([&] { return first.ready() && second.ready(); }, kPatience),
            QByteArray("prometheus-alertmanager is needed: " + first.said() + second.said()).constData());
        cluster::Client client(specOf({first.url(), second.url()}), {});
        const auto clustered = [&] {
            const auto view = client.view();
            return view->away() == 0 && view->peers[0].members == 2 && view->peers[1].members == 2 &&
                   view->peers[0].group == view->peers[1].group && view->peers[1].gossip == "ready";
        };
        QTRY_VERIFY_WITH_TIMEOUT(clustered(), kPatience);
        for (const RealPeer* peer : {&first, &second}) { // as a Prometheus tells every one
            peer->fire("HighPoolUsage");
            peer->fire("Other");
        }
        const auto alert = [&](const std::string& name) {
            for (const ClusterAlert& one : client.view()->alerts) {
                if (one.name == name) {
                    return one;
                }
            }
            return ClusterAlert();
        };
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").peers.size(), std::size_t(2), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(2));
        QVERIFY(alert("HighPoolUsage").severity == metrics::Severity::Critical);

        const auto acked = told(client, silenceOf("HighPoolUsage", "ACK! on it"));
        QVERIFY2(acked.has_value(), acked ? "" : acked.error().message.c_str());
        QCOMPARE(acked->peers.size(), std::size_t(1)); // it tells the other
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").ackedBy, std::string("ann"), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(standing(client).size() == 1 && standing(client)[0].peers.size() == 2,
                                 kPatience);
        QCOMPARE(standing(client)[0].ids, std::vector<std::string>{acked->id});
        QVERIFY(alert("Other").ackedBy.empty());

        second.kill();
        QTRY_VERIFY_WITH_TIMEOUT(isAway(client, 1), kPatience);
        QVERIFY(!client.view()->peers[1].error.empty());
        QCOMPARE(client.view()->alerts.size(), std::size_t(2)); // what is left goes on
        const auto meanwhile = told(client, silenceOf("Other", "while it was away"));
        QVERIFY(meanwhile.has_value() && meanwhile->owed.empty()); // its cluster will tell it
        second.start();
        QTRY_VERIFY_WITH_TIMEOUT(clustered(), kPatience);
        const auto both = [&] {
            const auto silences = standing(client);
            return silences.size() == 2 && silences[0].peers.size() == 2 && silences[1].peers.size() == 2;
        };
        QTRY_VERIFY_WITH_TIMEOUT(both(), kPatience);
        for (const auto& silence : standing(client)) {
            QCOMPARE(silence.ids.size(), std::size_t(1)); // nothing was told twice
        }
        second.fire(
            "HighPoolUsage"); // it forgot, its Prometheus says it again: still one alert, still acknowledged
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").peers.size(), std::size_t(2), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(alert("HighPoolUsage").ackedBy, std::string("ann"), kPatience);
        QCOMPARE(client.view()->alerts.size(), std::size_t(2));
        const auto over = ended(client, acked->id);
        QVERIFY2(over.has_value(), over ? "" : over.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(standing(client).size() == 1 &&
                                     alert("HighPoolUsage").state == ClusterAlert::State::Active,
                                 kPatience);
        auto wrong = silenceOf("Other", "never");
        wrong.endsAt = wrong.startsAt - 1h;
        const auto refused = told(client, wrong);
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().message.find("HTTP 400") != std::string::npos,
                 refused.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TstClient)
#include "tst_client.moc"
