// What the lines of a log are taken for: bytes to text, text to level, session and pair. Hostile input included.
#include "monitor/collect/logs/error_rate.h"
#include "monitor/collect/logs/line_decoder.h"
#include "monitor/collect/logs/line_facts.h"
#include "monitor/collect/logs/session_pairs.h"

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using collect::LineDecoder;
using collect::LineLevel;
using collect::LogSpec;
using collect::SessionPairs;

namespace {

std::vector<std::string> linesOf(LineDecoder& decoder, std::string_view bytes, std::size_t step)
{
    std::vector<std::string> lines;
    const auto sink = [&](std::string_view line) { lines.emplace_back(line); };
    decoder.begin(bytes.substr(0, 4));
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.substr(at, step), sink);
    }
    decoder.finish(sink);
    return lines;
}

core::SteadyTime at(core::Nanos span)
{
    return core::SteadyTime(1h + span);
}

} // namespace

Q_DECLARE_METATYPE(collect::LineLevel)

class LogLinesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEncodingGivesTheSameText_data()
    {
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("first");
        const auto row = [](const char* name, const char* encoding, const QByteArray& bytes, const char* first) {
            QTest::newRow(name) << QString(encoding) << bytes << QString::fromUtf8(first);
        };
        row("plain UTF-8", "auto", "错误 one\nzwei\n", "错误 one");
        row("UTF-8 with its mark", "auto", "\xEF\xBB\xBF错误 one\r\nzwei\r\n", "错误 one");
        row("UTF-16LE by its mark", "auto", QByteArray::fromHex("fffe1995ef8b0a007a00770065006900"), "错误");
        row("UTF-16BE by its mark", "auto", QByteArray::fromHex("feff95198bef000a007a0077006500690a"), "错误");
        row("UTF-16LE as told", "UTF-16LE", QByteArray::fromHex("1995ef8b0d000a007a00770065006900"), "错误");
        row("UTF-32LE by its mark", "auto",
            QByteArray::fromHex("fffe000019950000ef8b00000a0000007a000000770000006500000069000000"), "错误");
        row("Latin-1", "ISO-8859-1", "gr\xFC\xDF\nzwei", "grüß");
        row("GBK", "GBK", QByteArray::fromHex("b4edceF30a") + "zwei", "错误");
        row("a letter of UTF-16 with a line feed's byte in it", "UTF-16LE", QByteArray::fromHex("0a010a007a00770065006900"),
            "Ċ");
    }
    void everyEncodingGivesTheSameText()
    {
        QFETCH(QString, encoding);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, first);
        QVERIFY(LineDecoder::check(encoding.toStdString()));
        for (const std::size_t step : {1, 2, 3, 7, 1000}) { // however the bytes are cut
            LineDecoder decoder(encoding.toStdString());
            const auto lines = linesOf(decoder, std::string_view(bytes.data(), std::size_t(bytes.size())), step);
            QCOMPARE(lines.size(), std::size_t(2));
            QCOMPARE(QString::fromStdString(lines[0]), first);
            QCOMPARE(lines[1], std::string("zwei"));
        }
    }
    void unknownEncodingsAreRefusedInWords()
    {
        for (const char* bad : {"", "klingon", "UTF-8//TRANSLIT", "a b", "../../x"}) {
            const auto checked = LineDecoder::check(bad);
            QVERIFY2(!checked, bad);
            QVERIFY(QString::fromStdString(checked.error().message).startsWith("unknown encoding"));
        }
    }
    void aLineWithoutAnEndIsCutAndMemoryStaysBounded()
    {
        LineDecoder decoder("auto");
        std::vector<std::size_t> sizes;
        const auto sink = [&](std::string_view line) { sizes.push_back(line.size()); };
        const std::string chunk(64 * 1024, 'x');
        for (int i = 0; i < 64; ++i) {
            decoder.feed(chunk, sink);
        }
        decoder.feed("\nshort\n", sink);
        QCOMPARE(sizes, (std::vector<std::size_t>{LineDecoder::kMostBytes, 5}));
        QCOMPARE(decoder.cut(), 1U);
    }
    void garbageOfEveryKindIsTextInTheEnd()
    {
        std::mt19937 random(7); // NOLINT: the same garbage each time
        for (const char* encoding : {"auto", "UTF-16LE", "UTF-16BE", "UTF-32LE", "GBK", "ISO-2022-JP", "UTF-7"}) {
            for (int round = 0; round < 60; ++round) {
                std::string bytes(random() % 5000, '\0');
                for (char& byte : bytes) {
                    byte = static_cast<char>(random() % 8 == 0 ? '\n' : random());
                }
                LineDecoder decoder(encoding);
                collect::LineReader reader({"x", "/x"});
                for (const std::string& line : linesOf(decoder, bytes, 1 + random() % 700)) {
                    QCOMPARE(QString::fromStdString(line).toStdString(), line); // valid UTF-8
                    QVERIFY(line.find('\0') == std::string::npos);
                    (void)reader.read(line);
                }
            }
        }
    }

    void theLevelIsTheFirstWordThatStandsOut_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<LineLevel>("level");
        const auto row = [](const char* line, LineLevel level) { QTest::newRow(line) << QString::fromUtf8(line) << level; };
        row("2026-11-20 09:12:07,742 - app.db - ERROR - Database session error: x", LineLevel::Error);
        row("2026-11-20 09:12:07,742 - app - INFO - no ERROR was found", LineLevel::Info);
        row("2026-11-20 09:12:07.742 UTC [71] FATAL:  password authentication failed", LineLevel::Critical);
        row("2026-11-20 09:12:07.742 UTC [71] LOG:  error recovery done", LineLevel::Info);
        row("time=2026 level=error msg=\"it broke\"", LineLevel::Error);
        row("time=2026 level=\"warn\" msg=\"ERROR in text\"", LineLevel::Warning);
        row("2026/11/20 09:12:07 [error] 31#0: upstream timed out", LineLevel::Error);
        row("[ERROR] 出错了", LineLevel::Error);
        row("an error in small letters is prose", LineLevel::None);
        row("ERRORS are no word of ours", LineLevel::None);
        row("MY_ERROR_CODE set", LineLevel::None);
        row("", LineLevel::None);
        row("CRITICAL", LineLevel::Critical);
        row("[", LineLevel::None);
    }
    void theLevelIsTheFirstWordThatStandsOut()
    {
        QFETCH(QString, line);
        QFETCH(LineLevel, level);
        QCOMPARE(collect::levelOfText(line.toStdString()), level);
    }
    void aLevelFarBehindIsPartOfTheText()
    {
        QCOMPARE(collect::levelOfText(std::string(300, '.') + " ERROR "), LineLevel::None);
    }
    void jsonLinesAreReadByTheirFields_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("error");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("session");
        const auto row = [](const char* line, bool error, const char* text, const char* session) {
            QTest::newRow(line) << QString(line) << error << QString(text) << QString(session);
        };
        row(R"({"level":"ERROR","message":"it broke","session_id":"s1"})", true, "it broke", "s1");
        row(R"({"log":{"level":"error"},"message":"ecs"})", true, "ecs", "");
        row(R"({"log.level":"fatal","msg":"flat","thread":7})", true, "flat", "7");
        row(R"({"level":50,"msg":"pino"})", true, "pino", "");
        row(R"({"level":30,"msg":"ERROR in prose"})", false, "ERROR in prose", "");
        row(R"({"level":"info","message":"Creating new database session, session=9"})", false,
            "Creating new database session, session=9", "9");
        row(R"({"level":["error"],"message":{"a":1}})", false, R"({"level":["error"],"message":{"a":1}})", "");
        row(R"({"level":"error")", true, R"({"level":"error")", ""); // cut off: a text line, and what it says counts
        row(R"({)", false, "{", "");
        row(R"({"process":{"thread":{"id":12}},"log":{"level":"WARN"},"message":"m"})", false, "m", "12");
    }
    void jsonLinesAreReadByTheirFields()
    {
        QFETCH(QString, line);
        QFETCH(bool, error);
        QFETCH(QString, text);
        QFETCH(QString, session);
        const collect::LineReader reader({"x", "/x"});
        const auto facts = reader.read(line.toStdString());
        QCOMPARE(facts.error, error);
        QCOMPARE(QString::fromStdString(facts.text), text);
        QCOMPARE(QString::fromStdString(facts.session), session);
    }
    void aBottomlessObjectIsOnlyText()
    {
        const std::string deep = std::string(8000, '{') + std::string(8000, '[');
        const collect::LineReader reader({"x", "/x"});
        QVERIFY(!reader.read(deep).error);
        std::string nested;
        for (int i = 0; i < 2000; ++i) {
            nested += R"({"a":)";
        }
        QVERIFY(!reader.read(nested + "1" + std::string(2000, '}')).error);
    }
    void ownExpressionsDecide()
    {
        LogSpec spec{"x", "/x"};
        spec.errors = "code=[45]\\d\\d";
        spec.sessionKey = "conn#(\\d+)";
        QVERIFY(collect::problemOf(spec));
        const collect::LineReader reader(spec);
        QVERIFY(reader.read("GET / code=503 conn#17").error);
        QVERIFY(!reader.read("ERROR code=200").error);
        QCOMPARE(reader.read("x conn#17 y").session, std::string("17"));
        QCOMPARE(reader.read(R"({"message":"conn#18","session_id":"no"})").session, std::string("18"));
    }
    void sessionsAreNamedInManyWays_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("session");
        QTest::newRow("id") << "Creating new database session session_id=ab-1 now" << "ab-1";
        QTest::newRow("colon") << "Closing database session: 4711" << "4711";
        QTest::newRow("thread") << "INFO thread=MainThread Creating new database session" << "MainThread";
        QTest::newRow("bracket") << "2026 [Thread-12] INFO Creating new database session" << "Thread-12";
        QTest::newRow("none") << "2026 - app.db - INFO - Creating new database session" << "";
    }
    void sessionsAreNamedInManyWays()
    {
        QFETCH(QString, line);
        QFETCH(QString, session);
        QCOMPARE(QString::fromStdString(collect::LineReader({"x", "/x"}).read(line.toStdString()).session), session);
    }
    void specsAreRefusedInWords_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* what, const char* value, const char* reason) {
            QTest::addRow("%s %s", what, value) << QString(what) << QString(value) << QString(reason);
        };
        row("name", "", "name:");
        row("name", "a\"b", "name:");
        row("path", "relative.log", "path:");
        row("encoding", "nonsense", "unknown encoding");
        row("errors", "(", "errors:");
        row("session_key", "no group", "session_key:");
        row("created", "", "session_created");
    }
    void specsAreRefusedInWords()
    {
        QFETCH(QString, what);
        QFETCH(QString, value);
        QFETCH(QString, reason);
        LogSpec spec{"app", "/var/log/app.log"};
        QVERIFY(collect::problemOf(spec));
        const std::map<QString, std::function<void(const std::string&)>> set{
            {"name", [&](const std::string& v) { spec.name = v; }},
            {"path", [&](const std::string& v) { spec.path = v; }},
            {"encoding", [&](const std::string& v) { spec.encoding = v; }},
            {"errors", [&](const std::string& v) { spec.errors = v; }},
            {"session_key", [&](const std::string& v) { spec.sessionKey = v; }},
            {"created", [&](const std::string& v) { spec.sessionCreated = v; }}};
        set.at(what)(value.toStdString());
        const auto problem = collect::problemOf(spec);
        QVERIFY(!problem);
        QVERIFY2(QString::fromStdString(problem.error().message).startsWith(reason), problem.error().message.c_str());
    }

    void elevenErrorsInAMinuteAreMoreThanTenAndAMinuteLaterNone()
    {
        collect::PerMinute rate;
        for (int i = 0; i < 11; ++i) {
            rate.note(at(5s * i));
        }
        QCOMPARE(rate.last(at(50s)), 11);
        QCOMPARE(rate.last(at(50s), 10), 2);
        QCOMPARE(rate.last(at(59s)), 11);
        QCOMPARE(rate.last(at(60s)), 10); // the first one is a minute old
        QCOMPARE(rate.last(at(111s)), 0);
        rate.note(at(10h), 3);
        QCOMPARE(rate.last(at(10h)), 3);
    }

    void pairsByNameLeaveTheOneThatIsNotClosed()
    {
        SessionPairs pairs(60s);
        pairs.created("a", at(0s));
        pairs.created("b", at(1s));
        pairs.closed("a", at(2s));
        QCOMPARE(pairs.figures(at(61s)).suspectedNow, 0); // exactly a minute: not yet
        const auto figures = pairs.figures(at(62s));
        QCOMPARE(figures.open, 1);
        QCOMPARE(figures.suspectedNow, 1);
        pairs.closed("b", at(90s)); // late, but closed
        QCOMPARE(pairs.figures(at(90s)).suspectedNow, 0);
        QCOMPARE(pairs.figures(at(90s)).suspected, 1U);
    }
    void anErrorWithoutAClosingIsSuspected()
    {
        SessionPairs pairs(10s);
        pairs.created("a", at(0s));
        pairs.failed("a", at(1s));
        pairs.closed("a", at(2s));
        pairs.failed("stranger", at(3s)); // its creation was before our time
        QCOMPARE(pairs.figures(at(5s)).open, 1);
        QCOMPARE(pairs.figures(at(14s)).suspectedNow, 1);
        QCOMPARE(pairs.figures(at(14s)).failed, 2U);
        pairs.closed("stranger", at(15s));
        QCOMPARE(pairs.figures(at(15s)).suspectedNow, 0);
    }
    void withoutNamesWhatIsSuspectedIsALowerBound()
    {
        SessionPairs pairs(60s);
        for (int i = 0; i < 600; ++i) { // overlapping for ever, none leaks: no false alarm
            pairs.created("", at(1s * i));
            if (i >= 5) {
                pairs.closed("", at(1s * i));
            }
        }
        QCOMPARE(pairs.figures(at(600s)).suspected, 0U);
        QCOMPARE(pairs.figures(at(700s)).suspectedNow, 5); // quiet since, and five were never closed
    }
    void closingsOfStrangersHarmNothing()
    {
        SessionPairs pairs(60s);
        pairs.closed("x", at(0s));
        pairs.closed("", at(0s));
        QCOMPARE(pairs.figures(at(1s)).open, 0);
        QCOMPARE(pairs.figures(at(1s)).closed, 2U);
    }
    void aFloodOfSessionsStaysBounded()
    {
        SessionPairs pairs(60s);
        for (int i = 0; i < 100'000; ++i) {
            pairs.created(std::to_string(i), at(1ms * i));
        }
        QCOMPARE(pairs.figures(at(100s)).open, int(SessionPairs::kMost));
        for (int i = 0; i < 100'000; ++i) { // and closed ones leave nothing behind
            pairs.created("same", at(100s + 1us * i));
            pairs.closed("same", at(100s + 1us * i));
        }
        QVERIFY(pairs.figures(at(101s)).open <= int(SessionPairs::kMost));
    }
};

QTEST_GUILESS_MAIN(LogLinesTest)
#include "tst_log_lines.moc"
