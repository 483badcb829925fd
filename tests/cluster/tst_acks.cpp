// Acknowledgements at Alertmanagers: renewed while the alert fires, ended when it is over or somebody says
// so, over restarts of either side; against peers that fail as they are told and against three real ones.
#include "tests/cluster/peers.h"

using namespace peers;
using namespace std::chrono_literals;

namespace {

const metrics::Labels kLabels{{"alertname", "A"}};

// As tests can wait for; renewed a second before the end.
cluster::Spec quickSpec(std::vector<std::string> urls)
{
    cluster::Spec spec = specOf(std::move(urls));
    spec.interval = 200ms;
    spec.ackSpan = 3s;
    spec.ackOver = 400ms;
    return spec;
}

cluster::Spec lastingSpec(std::vector<std::string> urls)
{
    cluster::Spec spec = quickSpec(std::move(urls));
    spec.ackSpan = 1h;
    return spec;
}

// A book that outlasts clients, and can be made unwritable.
struct Shelf {
    std::shared_ptr<std::string> text = std::make_shared<std::string>();
    std::shared_ptr<std::atomic<bool>> broken = std::make_shared<std::atomic<bool>>(false);

    [[nodiscard]] cluster::DebtBook book() const
    {
        return {[text = text] { return *text; },
                [text = text, broken = broken](const std::string& now) {
                    if (*broken) {
                        return core::Result<void>(core::fail("the disk is full"));
                    }
                    *text = now;
                    return core::Result<void>();
                }};
    }
};

core::WallTime endOf(const json& silence)
{
    return alert::parseTime(silence.at("endsAt").get<std::string>()).value_or(core::WallTime{});
}

bool waitsFor(const std::function<bool()>& holds)
{
    return QTest::qWaitFor(holds, kPatience);
}

} // namespace

class TstAcks final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAcknowledgementLastsAsLongAsItsAlert()
    {
        FakePeer first, second;
        const Shelf shelf;
        cluster::Client client(quickSpec({first.url(), second.url()}), {}, shelf.book());
        QVERIFY(waitsFor([&] { return isUp(client, 0) && isUp(client, 1); }));
        const auto outcome = acknowledged(client, kLabels);
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->peers.size(), std::size_t(2));
        QVERIFY(shelf.text->find("on it") != std::string::npos); // before it is called done
        QVERIFY(!acknowledged(client, kLabels).has_value());     // once is enough
        const core::WallTime firstEnd = endOf(first.silences()[0]);
        QVERIFY(waitsFor([&] {
            return endOf(first.silences()[0]) > firstEnd + 4s && endOf(second.silences()[0]) > firstEnd + 4s;
        }));
        QVERIFY(now() > firstEnd);
        for (const FakePeer* peer : {&first, &second}) { // the same one, prolonged: nothing is told anew
            QCOMPARE(peer->silences().size(), std::size_t(1));
        }
        QVERIFY(waitsFor([&] { return standing(client).size() == 1 && standing(client)[0].renewed; }));
        first.fireSince(std::nullopt);
        second.fireSince(std::nullopt);
        QVERIFY(waitsFor([&] { return first.standing() + second.standing() == 0; }));
        QVERIFY(waitsFor([&] { return shelf.text->find("on it") == std::string::npos; }));
        QCOMPARE(first.asked("DELETE", "/api/v2/silence/"), std::size_t(1));
        QCOMPARE(second.asked("DELETE", "/api/v2/silence/"), std::size_t(1));
        QVERIFY(client.view()->troubles.empty());
    }

    void oneAnswerOfTwoIsNotTheEnd()
    {
        FakePeer first, second;
        cluster::Client client(lastingSpec({first.url(), second.url()}), {});
        QVERIFY(waitsFor([&] { return isUp(client, 0) && isUp(client, 1); }));
        QVERIFY(acknowledged(client, kLabels).has_value());
        second.be(FakePeer::Mood::Deaf);
        QVERIFY(waitsFor([&] { return isAway(client, 1); }));
        first.fireSince(std::nullopt); // the other may show it still: nobody can say
        const std::size_t before = first.asked("GET", "/api/v2/status");
        QVERIFY(waitsFor([&] { return first.asked("GET", "/api/v2/status") >= before + 5; }));
        QCOMPARE(first.standing(), std::size_t(1));
        second.be(FakePeer::Mood::Well); // it does
        const std::size_t then = second.asked("GET", "/api/v2/status");
        QVERIFY(waitsFor([&] { return second.asked("GET", "/api/v2/status") >= then + 5; }));
        QCOMPARE(first.standing() + second.standing(), std::size_t(2));
        second.fireSince(std::nullopt);
        QVERIFY(waitsFor([&] { return first.standing() + second.standing() == 0; }));
    }

    void whoIsAwayHearsOfTheEndWhenItIsBack()
    {
        FakePeer first, second;
        const Shelf shelf;
        {
            cluster::Client client(lastingSpec({first.url(), second.url()}), {}, shelf.book());
            QVERIFY(waitsFor([&] { return isUp(client, 0) && isUp(client, 1); }));
            QVERIFY(acknowledged(client, kLabels).has_value());
            second.be(FakePeer::Mood::Deaf);
            QVERIFY(waitsFor([&] { return isAway(client, 1); }));
            const auto outcome = withdrawn(client, kLabels);
            QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
            QCOMPARE(outcome->owed.size(), std::size_t(1));
            QCOMPARE(first.standing(), std::size_t(0));
            QVERIFY(!withdrawn(client, kLabels).has_value());
        } // and the program ends in between
        second.be(FakePeer::Mood::Well);
        cluster::Client client(lastingSpec({first.url(), second.url()}), {}, shelf.book());
        QVERIFY(waitsFor([&] { return second.standing() == 0; }));
        QVERIFY(waitsFor([&] { return client.view()->peers[1].owed == 0; }));
        QCOMPARE(second.asked("DELETE", "/api/v2/silence/"), std::size_t(1));
        QCOMPARE(second.asked("POST", "/api/v2/silences"), std::size_t(1)); // nothing is told anew
    }

    void whoMissedItIsToldWhileItFires()
    {
        FakePeer first, second;
        second.be(FakePeer::Mood::Busy);
        cluster::Client client(lastingSpec({first.url(), second.url()}), {});
        QVERIFY(waitsFor([&] { return isUp(client, 0) && isAway(client, 1); }));
        const auto outcome = acknowledged(client, kLabels);
        QVERIFY(outcome.has_value() && outcome->owed.size() == 1);
        second.be(FakePeer::Mood::Forgetful); // it takes it, but its answer is lost
        QVERIFY(waitsFor([&] { return second.standing() == 1 && isUp(client, 1); }));
        const std::size_t before = second.asked("GET", "/api/v2/status");
        QVERIFY(waitsFor([&] { return second.asked("GET", "/api/v2/status") >= before + 3; }));
        QCOMPARE(second.silences().size(), std::size_t(1));
        QCOMPARE(standing(client).size(), std::size_t(1)); // one act, one row
    }

    void whatSomebodyEndedThereStaysEnded()
    {
        FakePeer first, second;
        const Shelf shelf;
        cluster::Client client(lastingSpec({first.url(), second.url()}), {}, shelf.book());
        QVERIFY(waitsFor([&] { return isUp(client, 0) && isUp(client, 1); }));
        QVERIFY(acknowledged(client, kLabels).has_value());
        QVERIFY(
            waitsFor([&] { return standing(client).size() == 1 && standing(client)[0].ids.size() == 2; }));
        first.endByHand();
        QVERIFY(waitsFor([&] { return second.standing() == 0; })); // withdrawn is withdrawn, everywhere
        const std::size_t before = first.asked("GET", "/api/v2/status");
        QVERIFY(waitsFor([&] { return first.asked("GET", "/api/v2/status") >= before + 3; }));
        QCOMPARE(first.standing() + second.standing(), std::size_t(0));
        QVERIFY(shelf.text->find("on it") == std::string::npos);
        QVERIFY(acknowledged(client, kLabels).has_value()); // in the same words: another one
        const std::size_t then = first.asked("GET", "/api/v2/status");
        QVERIFY(waitsFor([&] { return first.asked("GET", "/api/v2/status") >= then + 3; }));
        QCOMPARE(first.standing() + second.standing(), std::size_t(2));
    }

    void theNextIncidentIsHeard()
    {
        FakePeer only;
        cluster::Client client(lastingSpec({only.url()}), {});
        QVERIFY(waitsFor([&] { return isUp(client, 0); }));
        QVERIFY(acknowledged(client, kLabels).has_value());
        only.fireSince(now() + 1s); // over and come again, between two looks
        QVERIFY(waitsFor([&] { return only.standing() == 0; }));
    }

    void aProgramThatWasAwayTooLongTellsItAgain()
    {
        FakePeer only;
        const Shelf shelf;
        {
            cluster::Client client(quickSpec({only.url()}), {}, shelf.book());
            QVERIFY(waitsFor([&] { return isUp(client, 0); }));
            QVERIFY(acknowledged(client, kLabels).has_value());
        }
        QVERIFY(waitsFor([&] { return only.standing() == 0; })); // it lapsed there
        cluster::Client client(quickSpec({only.url()}), {}, shelf.book());
        QVERIFY(waitsFor([&] { return only.standing() == 1; }));
        only.fireSince(std::nullopt);
        QVERIFY(waitsFor([&] { return only.standing() == 0; }));
    }

    void whatCannotBeKeptIsSaidAndTriedAgain()
    {
        FakePeer only;
        const Shelf shelf;
        cluster::Client client(lastingSpec({only.url()}), {}, shelf.book());
        QVERIFY(waitsFor([&] { return isUp(client, 0); }));
        *shelf.broken = true;
        QVERIFY(acknowledged(client, kLabels).has_value()); // it is told all the same
        QVERIFY(waitsFor([&] { return client.view()->troubles.size() == 1; }));
        const std::string said = client.view()->troubles[0];
        QVERIFY2(said.find("the disk is full") != std::string::npos, said.c_str());
        QVERIFY(shelf.text->empty());
        *shelf.broken = false;
        QVERIFY(waitsFor([&] { return client.view()->troubles.empty(); }));
        QVERIFY(shelf.text->find("on it") != std::string::npos);
    }

    void aRenewalThatIsRefusedIsSaid()
    {
        FakePeer only;
        cluster::Client client(quickSpec({only.url()}), {});
        QVERIFY(waitsFor([&] { return isUp(client, 0); }));
        QVERIFY(acknowledged(client, kLabels).has_value());
        only.be(FakePeer::Mood::Full);
        QVERIFY(waitsFor([&] { return !client.view()->troubles.empty(); }));
        const std::string said = client.view()->troubles[0];
        QVERIFY2(said.find("HTTP 400") != std::string::npos &&
                     said.find("alertname=\"A\"") != std::string::npos,
                 said.c_str());
        only.be(FakePeer::Mood::Well);
        QVERIFY(waitsFor([&] { return client.view()->troubles.empty() && only.standing() == 1; }));
    }

    void acksOfOthersAreWithdrawnToo()
    {
        FakePeer only;
        cluster::Client client(lastingSpec({only.url()}), {});
        QVERIFY(waitsFor([&] { return isUp(client, 0); }));
        QVERIFY(told(client, silenceOf("A", "ACK! of karma")).has_value());
        QVERIFY(told(client, silenceOf("A", "maintenance")).has_value());
        QVERIFY(waitsFor([&] { return standing(client).size() == 2; }));
        QVERIFY(withdrawn(client, kLabels).has_value());
        QVERIFY(waitsFor([&] { return standing(client).size() == 1; }));
        QCOMPARE(standing(client)[0].silence.comment, std::string("maintenance"));
    }

    void threeRealPeersKeepItUpOverRestarts()
    {
        QTemporaryDir folder;
        RealPeer first(folder, "one");
        RealPeer second(folder, "two", first.gossip());
        RealPeer alone(folder, "three");
        QVERIFY2(waitsFor([&] { return first.ready() && second.ready() && alone.ready(); }),
                 QByteArray("prometheus-alertmanager is needed: " + first.said()).constData());
        cluster::Spec spec = specOf({first.url(), second.url(), alone.url()});
        spec.interval = 500ms;
        spec.ackSpan = 6s; // renewed within its last half
        spec.ackOver = 1s;
        const Shelf shelf;
        auto client = std::make_unique<cluster::Client>(spec, cluster::SecretLookup(), shelf.book());
        QVERIFY(waitsFor([&] {
            const auto view = client->view();
            return view->away() == 0 && view->peers[0].members == 2 && view->peers[1].gossip == "ready" &&
                   view->peers[0].group == view->peers[1].group &&
                   view->peers[2].group != view->peers[0].group;
        }));
        for (const RealPeer* peer : {&first, &second, &alone}) {
            peer->fire("A");
        }
        const auto alertKnownTo = [&](std::size_t count) {
            const auto view = client->view();
            return view->alerts.size() == 1 && view->alerts[0].peers.size() == count;
        };
        QVERIFY(waitsFor([&] { return alertKnownTo(3); }));
        const auto outcome = acknowledged(*client, kLabels);
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->peers.size(), std::size_t(2)); // one of the cluster, and the one that is alone
        QVERIFY(waitsFor(
            [&] { return standing(*client).size() == 1 && standing(*client)[0].peers.size() == 3; }));
        const auto ids = standing(*client)[0].ids;
        core::WallTime end = standing(*client)[0].silence.endsAt;
        const auto isRenewedPast = [&](core::WallTime time) { // at all of them, and still the same
            const auto rows = standing(*client);
            return rows.size() == 1 && rows[0].peers.size() == 3 && rows[0].ids == ids &&
                   rows[0].silence.endsAt > time;
        };
        QVERIFY(waitsFor([&] { return isRenewedPast(end + 6s); })); // twice at least
        QVERIFY(client->view()->alerts[0].state == ClusterAlert::State::Suppressed);
        QCOMPARE(client->view()->alerts[0].ackedBy, std::string("ann"));

        second.kill(); // one peer away, and the console started again
        QVERIFY(waitsFor([&] { return isAway(*client, 1); }));
        client.reset();
        client = std::make_unique<cluster::Client>(spec, cluster::SecretLookup(), shelf.book());
        second.start();
        QVERIFY(waitsFor([&] { return isUp(*client, 0) && second.ready() && isUp(*client, 1); }));
        second.fire("A");
        end = now();
        QVERIFY(waitsFor([&] { return isRenewedPast(end + 8s) && alertKnownTo(3); }));
        QVERIFY(waitsFor([&] { return client->view()->alerts[0].state == ClusterAlert::State::Suppressed; }));

        for (const RealPeer* peer : {&first, &second, &alone}) {
            peer->resolve("A");
        }
        QVERIFY(waitsFor([&] { return client->view()->alerts.empty() && standing(*client).empty(); }));
        QVERIFY(waitsFor([&] { return shelf.text->find("on it") == std::string::npos; }));
        for (const RealPeer* peer : {&first, &second, &alone}) {
            json silences; // they tell each other in a moment
            QVERIFY(waitsFor([&] {
                silences = peer->silences();
                return silences.is_array() && !silences.empty() && silences[0]["status"]["state"] == "expired";
            }));
            QCOMPARE(silences.size(), std::size_t(1)); // never a second one
            peer->fire("A");
        }
        QVERIFY(waitsFor([&] { return alertKnownTo(3); })); // the next incident is heard
        QVERIFY(client->view()->alerts[0].state != ClusterAlert::State::Suppressed);
    }
};

QTEST_GUILESS_MAIN(TstAcks)
#include "tst_acks.moc"
