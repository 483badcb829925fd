#include "monitor/load/request.h"

#include <QTest>

#include <random>
#include <string>

class RequestTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNameAloneTakesTheDefaults() {
        const auto request = load::parse("exhaustion", core::Lang::English);
        QVERIFY(request);
        QCOMPARE(request->name, std::string("exhaustion"));
        QVERIFY(request->parameters.empty());
    }
    void parametersFollowTheColon() {
        const auto request = load::parse("burst:rate=500, work = 2.5e1,duration=-1", core::Lang::English);
        QVERIFY(request);
        QCOMPARE(request->name, std::string("burst"));
        QCOMPARE(request->parameters, (load::Parameters{{"rate", 500}, {"work", 25}, {"duration", -1}}));
    }
    void whatIsMalformedIsRefusedInBothLanguages_data() {
        QTest::addColumn<std::string>("text");
        QTest::newRow("empty") << std::string();
        QTest::newRow("blank") << std::string("  ");
        QTest::newRow("no name") << std::string(":rate=5");
        QTest::newRow("nothing after the colon") << std::string("burst:");
        QTest::newRow("no value") << std::string("burst:rate");
        QTest::newRow("empty value") << std::string("burst:rate=");
        QTest::newRow("no key") << std::string("burst:=5");
        QTest::newRow("trailing comma") << std::string("burst:rate=5,");
        QTest::newRow("double comma") << std::string("burst:rate=5,,work=1");
        QTest::newRow("unit") << std::string("burst:rate=5s");
        QTest::newRow("two numbers") << std::string("burst:rate=5 6");
        QTest::newRow("decimal comma") << std::string("burst:rate=0,5");
        QTest::newRow("hexadecimal") << std::string("burst:rate=0x10");
        QTest::newRow("nan") << std::string("burst:rate=nan");
        QTest::newRow("infinite") << std::string("burst:rate=inf");
        QTest::newRow("beyond double") << std::string("burst:rate=1e999");
        QTest::newRow("twice") << std::string("burst:rate=1,rate=2");
        QTest::newRow("second colon") << std::string("burst:rate=1:work=2");
        QTest::newRow("nul") << std::string("burst:rate=1\0", 13);
    }
    void whatIsMalformedIsRefusedInBothLanguages() {
        QFETCH(const std::string, text);
        const auto english = load::parse(text, core::Lang::English);
        const auto chinese = load::parse(text, core::Lang::Chinese);
        QVERIFY(!english);
        QVERIFY(!chinese);
        QVERIFY(english.error().message.find("NAME[:key=value") != std::string::npos);
        QVERIFY(chinese.error().message.find("格式为") != std::string::npos);
    }
    void noInputCrashes() {
        std::mt19937 random(7);
        using namespace std::string_literals;
        const std::string alphabet = ":=,.abz019-+e \0\n\xFF\xE5"s;
        for (int round = 0; round < 50'000; ++round) {
            std::string text(random() % 24, ' ');
            for (char& c : text) {
                c = alphabet[random() % alphabet.size()];
            }
            const auto request = load::parse(text, core::Lang::Chinese);
            QVERIFY(request ? !request->name.empty() : !request.error().message.empty());
        }
    }
};

QTEST_GUILESS_MAIN(RequestTest)
#include "tst_request.moc"
