// Targets that DNS names: every kind of record, hostile answers, and what stays while it does not answer.
#include "monitor/targets/dns_sd.h"
#include "tests/support/dns_server.h"

#include <QRegularExpression>
#include <QTest>

using namespace std::chrono_literals;

class DnsSdTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void namesAreLookedUp()
    {
        support::DnsServer server;
        server.answer([](const support::DnsAsked& asked) {
            if (asked.name != "_pg._tcp.db.example") {
                return support::dnsReply(asked, {}, 0, support::DnsCode::NoSuchName);
            }
            return support::dnsReply(asked,
                                     support::dnsRecord(33, support::dnsService(9188, "b.example")) +
                                         support::dnsRecord(33, support::dnsService(9187, "a.example")) +
                                         support::dnsRecord(33, support::dnsService(9187, "a.example")) +
                                         support::dnsRecord(33, support::dnsService(0, "")),
                                     4);
        });
        targets::DnsQuestion question;
        question.names = {"_pg._tcp.db.example"};
        const auto found = targets::lookUp(question.names.front(), question, server.address(), {});
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(*found, (std::vector<std::string>{"a.example:9187", "b.example:9188"}));
        const auto gone = targets::lookUp("gone.example.", question, server.address(), {});
        QVERIFY(gone && gone->empty()); // no such name is an answer
        question.type = targets::DnsQuestion::Type::A;
        question.port = 9187;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(1, "\x0a\x01\x02\x03"), 1);
        });
        const auto addresses = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(addresses && *addresses == std::vector<std::string>{"10.1.2.3:9187"});
        question.type = targets::DnsQuestion::Type::Aaaa;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(28, std::string(15, '\0') + '\x01'), 1);
        });
        const auto six = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(six && *six == std::vector<std::string>{"[::1]:9187"});
        question.type = targets::DnsQuestion::Type::Mx;
        server.answer([](const support::DnsAsked& asked) {
            const std::string preference("\0\x0a", 2);
            return support::dnsReply(asked,
                                     support::dnsRecord(15, preference + support::dnsName("mail.example")) +
                                         support::dnsRecord(15, preference + support::dnsName("a/../@evil")),
                                     2);
        });
        const auto mail = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(mail && *mail == std::vector<std::string>{"mail.example:9187"});
        question.type = targets::DnsQuestion::Type::Ns;
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(2, support::dnsName("ns1.example")), 1);
        });
        const auto names = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY2(names && *names == std::vector<std::string>{"ns1.example:9187"},
                 names ? (names->empty() ? "none" : names->front().c_str()) : names.error().message.c_str());
    }

    void hostileAnswersAreErrors_data()
    {
        QTest::addColumn<int>("kind");
        const char* kinds[] = {"server failed",          "cut off in a record",
                               "truncated, and no TCP",  "a name that points at itself",
                               "counts without records", "a host that is none"};
        for (int i = 0; i < 6; ++i) {
            QTest::newRow(kinds[i]) << i;
        }
    }
    void hostileAnswersAreErrors()
    {
        QFETCH(int, kind);
        support::DnsServer server;
        server.answer([kind](const support::DnsAsked& asked) {
            const std::string record = support::dnsRecord(33, support::dnsService(9187, "a.example"));
            std::string reply = support::dnsReply(asked, record, kind == 4 ? 60'000 : 1);
            const std::size_t name = 12 + asked.question.size() + 12 + 6; // of the service's host
            switch (kind) {
            case 0:
                return support::dnsReply(asked, {}, 0, support::DnsCode::ServerFailed);
            case 1:
                reply.resize(reply.size() - 5);
                return reply;
            case 2:
                reply[2] = static_cast<char>(reply[2] | 0x02);
                return reply;
            case 3: {
                const std::string loop{static_cast<char>(0xc0 | (name >> 8U)),
                                       static_cast<char>(name & 0xffU)};
                return support::dnsReply(
                    asked, support::dnsRecord(33, support::dnsService(9187, "").substr(0, 6) + loop), 1);
            }
            case 5:
                return support::dnsReply(asked,
                                         support::dnsRecord(33, support::dnsService(9187, "a/../@evil")), 1);
            default:
                return reply;
            }
        });
        targets::DnsQuestion question;
        const auto found = targets::lookUp("db.example", question, server.address(), {});
        QVERIFY(kind == 5 ? found && found->empty() : !found); // what is no host's name is left out
    }

    void withoutDnsWhatWasKnownStays()
    {
        support::DnsServer server;
        const auto one = [](const support::DnsAsked& asked) {
            return support::dnsReply(asked, support::dnsRecord(33, support::dnsService(9187, "a.example")),
                                     1);
        };
        server.answer(one);
        targets::DnsQuestion question;
        question.names = {"db.example"};
        question.refresh = 1s;
        question.environment = "production";
        targets::DnsDiscovery discovery({question}, server.address());
        QTRY_COMPARE_WITH_TIMEOUT(discovery.targets().size(), std::size_t(1), 20'000);
        QVERIFY(discovery.refresh());
        QCOMPARE(discovery.targets().front().url, std::string("http://a.example:9187/metrics"));
        QCOMPARE(discovery.targets().front().tags, std::vector<std::string>{"dns=db.example"});
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, {}, 0, support::DnsCode::ServerFailed);
        });
        QTRY_VERIFY_WITH_TIMEOUT(!discovery.problems().empty(), 20'000);
        QVERIFY(!discovery.refresh());
        QCOMPARE(discovery.targets().size(), std::size_t(1));
        server.answer([](const support::DnsAsked& asked) {
            return support::dnsReply(asked, {}, 0, support::DnsCode::NoSuchName);
        });
        QTRY_VERIFY_WITH_TIMEOUT(discovery.targets().empty(), 20'000);
        QVERIFY(discovery.refresh() && discovery.problems().empty());
        server.answer(
            [](const support::DnsAsked&) { return std::string(); }); // a hole: the end does not wait for it
        const int before = server.asked();
        QTRY_VERIFY_WITH_TIMEOUT(server.asked() > before, 20'000);
    }

    void otherQuestionsKeepWhatWasKnownOfThose()
    {
        support::DnsServer server;
        server.answer([](const support::DnsAsked& asked) {
            return asked.name == "a.example"
                       ? support::dnsReply(asked,
                                           support::dnsRecord(33, support::dnsService(1, "one.example")), 1)
                       : std::string();
        });
        targets::DnsQuestion known;
        known.names = {"a.example"};
        const targets::DnsDiscovery before({known}, server.address());
        QTRY_COMPARE_WITH_TIMEOUT(before.targets().size(), std::size_t(1), 20'000);
        server.answer([](const support::DnsAsked&) { return std::string(); });
        targets::DnsQuestion fresh;
        fresh.names = {"b.example"};
        targets::DnsDiscovery both({fresh, known}, before);
        QVERIFY(both.refresh());
        QCOMPARE(both.targets().size(), std::size_t(1));
        QCOMPARE(both.targets().front().tags, std::vector<std::string>{"dns=a.example"});
        targets::DnsDiscovery none({}, both);
        QVERIFY(none.refresh() && none.targets().empty());
    }
};

QTEST_GUILESS_MAIN(DnsSdTest)
#include "tst_dns_sd.moc"
