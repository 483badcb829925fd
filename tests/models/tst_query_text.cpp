// What an expression field knows of a text that is being typed.
#include "models/query_text.h"
#include "models/query_words.h"
#include "tests/support/silent_source.h"

#include <QTest>

#include <random>

using models::QueryPlace;
using models::QueryWords;
using models::Suggestion;
using Wants = models::QueryPlace::Wants;

namespace {

class Known final : public support::Silent<metrics::Querier> {
public:
    core::Result<std::vector<metrics::Labels>> series(std::string_view, std::int64_t,
                                                      std::int64_t) const override
    {
        return std::vector<metrics::Labels>{{{"__name__", "db_pool_size"}},
                                            {{"__name__", "db_pool_slots"}, {"state", "idle"}},
                                            {{"__name__", "db_pool_slots"}, {"state", "a\"b\\c"}},
                                            {{"__name__", "host_disk_usage_ratio"}, {"mountpoint", "/"}},
                                            {{"x", "nameless"}}};
    }
    std::vector<metrics::QueryWord> words() const override
    {
        using Kind = metrics::QueryWord::Kind;
        return {{Kind::Keyword, "by", ""},
                {Kind::Function, "rate", "range vector"},
                {Kind::Aggregation, "sum", ""}};
    }
};

QStringList textsOf(const std::vector<Suggestion>& suggestions)
{
    QStringList texts;
    for (const Suggestion& suggestion : suggestions) {
        texts << suggestion.text;
    }
    return texts;
}

// The cursor stands where the bar is.
QStringList suggested(QString text)
{
    static const QueryWords words(Known(), 0, 1);
    const int cursor = static_cast<int>(text.indexOf(u'|'));
    return textsOf(words.suggest(text.remove(u'|'), cursor));
}

std::optional<core::Unit> unitOf(const QString& name)
{
    if (name.startsWith(QLatin1String("db_query_duration_seconds"))) {
        return core::Unit::Seconds;
    }
    if (name == QLatin1String("host_memory_available_bytes")) {
        return core::Unit::Bytes;
    }
    return name == QLatin1String("db_pool_size") ? std::optional(core::Unit::Count) : std::nullopt;
}

} // namespace

class QueryTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePlaceSaysWhatMayComeNext_data()
    {
        QTest::addColumn<QString>("text"); // the bar is the cursor
        QTest::addColumn<int>("wants");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("metric");
        const auto row = [](const char* text, Wants wants, const char* typed = "", const char* metric = "") {
            QTest::newRow(text) << QString(text) << static_cast<int>(wants) << QString(typed)
                                << QString(metric);
        };
        row("|", Wants::Word);
        row("db_po|", Wants::Word, "db_po");
        row("rate(|", Wants::Word);
        row("rate(db_|pool", Wants::Word, "db_");
        row("rate(db_pool_size[|", Wants::Duration);
        row("rate(db_pool_size[5|", Wants::Duration, "5");
        row("sum by (|", Wants::LabelName);
        row("sum by (job, in|) (x)", Wants::LabelName, "in");
        row("sum by (job) (|", Wants::Word);
        row("a + on(|", Wants::LabelName);
        row("a * ON (x) group_left(|", Wants::LabelName);
        row("db_pool_slots{|", Wants::LabelName, "", "db_pool_slots");
        row("db_pool_slots{st|}", Wants::LabelName, "st", "db_pool_slots");
        row("db_pool_slots{state=\"|", Wants::LabelValue, "", "db_pool_slots");
        row("db_pool_slots{state=~\"id|\"}", Wants::LabelValue, "id", "db_pool_slots");
        row("db_pool_slots{state=\"idle\",|", Wants::LabelName, "", "db_pool_slots");
        row("db_pool_slots{state=\"idle\"|", Wants::Nothing);
        row("db_pool_slots{state|=\"idle\"}", Wants::LabelName, "state", "db_pool_slots");
        row("db_pool_slots{state=|", Wants::Nothing);
        row("{__name__=\"|", Wants::LabelValue);
        row("label_replace(x, \"|", Wants::Nothing);
        row("x > 12|", Wants::Nothing);
        row("# a comment|", Wants::Nothing);
        row("# a comment\nx|", Wants::Word, "x");
        row("x{a=\"}\"} + |", Wants::Word);
        row(")))]}|", Wants::Word);
    }
    void thePlaceSaysWhatMayComeNext()
    {
        QFETCH(QString, text);
        QFETCH(int, wants);
        QFETCH(QString, typed);
        QFETCH(QString, metric);
        const int cursor = static_cast<int>(text.indexOf(u'|'));
        text.remove(cursor, 1);
        const QueryPlace place = models::queryPlace(text, cursor);
        QCOMPARE(static_cast<int>(place.wants), wants);
        if (place.wants != Wants::Nothing) {
            QCOMPARE(text.mid(place.begin, cursor - place.begin), typed);
            QCOMPARE(place.metric, metric);
        }
    }
    void suggestionsFitThePlace()
    {
        QCOMPARE(suggested("|"), (QStringList{"db_pool_size", "db_pool_slots", "host_disk_usage_ratio", "by",
                                              "rate", "sum"}));
        QCOMPARE(suggested("su|"), (QStringList{"sum", "host_disk_usage_ratio"}.mid(0, 1)));
        QCOMPARE(suggested("SLOTS|"), QStringList{"db_pool_slots"});
        QCOMPARE(suggested("ra|"), (QStringList{"rate", "host_disk_usage_ratio"})); // inside comes after
        QCOMPARE(suggested("db_pool_slots{|"), QStringList{"state"});
        QCOMPARE(suggested("unknown{|"), (QStringList{"mountpoint", "state"}));
        QCOMPARE(suggested("sum by (m|"), QStringList{"mountpoint"});
        QCOMPARE(suggested("db_pool_slots{state=\"|"), (QStringList{"a\\\"b\\\\c", "idle"}));
        QCOMPARE(suggested("{__name__=\"host|"), QStringList{"host_disk_usage_ratio"});
        QCOMPARE(suggested("x[1|"), (QStringList{"1m", "15m", "1h", "1d"}));
        QCOMPARE(suggested("1 + 2|"), QStringList());
    }
    void theMistakeIsWhereTheQuerierSaysIt()
    {
        const auto mistake =
            models::queryMistake("sum(foo bar)", "1:9: parse error: unexpected identifier \"bar\"");
        QVERIFY(mistake);
        QCOMPARE(mistake->begin, 8);
        QCOMPARE(mistake->end, 11);
        QCOMPARE(mistake->reason, QString("unexpected identifier \"bar\""));
    }
    void columnsCountBytes()
    {
        const QString text = QString::fromUtf8("x{a=\"连接\"} foo");
        const auto mistake = models::queryMistake(text, "1:15: parse error: no");
        QVERIFY(mistake);
        QCOMPARE(text.mid(mistake->begin, mistake->end - mistake->begin), QString("foo"));
    }
    void aMistakeAtTheEndMarksWhatStandsBefore()
    {
        const auto mistake = models::queryMistake("sum(", "1:5: parse error: unexpected end of input");
        QVERIFY(mistake);
        QCOMPARE(mistake->begin, 3);
        QCOMPARE(mistake->end, 4);
        QVERIFY(models::queryMistake("", "1:1: parse error: no expression found in input"));
    }
    void aMistakeInALaterLineIsFound()
    {
        const auto mistake = models::queryMistake("a +\n  b c", "2:5: parse error: no");
        QVERIFY(mistake);
        QCOMPARE(mistake->begin, 8);
    }
    void whatNamesNoPlaceIsNoMistake()
    {
        for (const char* message : {"", "query timed out", "1:999: parse error: x", "9:1: parse error: x",
                                    "99999999999:1: x", "a:b: c"}) {
            QVERIFY2(!models::queryMistake("foo", message), message);
        }
    }
    void theUnitFollowsTheMetric()
    {
        const auto unit = [](const char* text) { return models::queryUnit(text, unitOf); };
        QCOMPARE(unit("db_pool_size"), core::Unit::Count);
        QCOMPARE(unit("sum(host_memory_available_bytes)"), core::Unit::Bytes);
        QCOMPARE(unit("rate(host_memory_available_bytes[5m])"), core::Unit::BytesPerSecond);
        QCOMPARE(unit("rate(db_pool_size[5m])"), core::Unit::PerSecond);
        QCOMPARE(unit("histogram_quantile(0.9, rate(db_query_duration_seconds_bucket[5m]))"),
                 core::Unit::Seconds);
        QCOMPARE(unit("rate(db_query_duration_seconds_sum[5m])"), core::Unit::None);
        QCOMPARE(unit("host_memory_available_bytes / db_pool_size"), core::Unit::None);
        QCOMPARE(unit("count(host_memory_available_bytes)"), core::Unit::Count);
        QCOMPARE(unit("nothing + 1"), core::Unit::None);
    }
    void anyTextIsSurvived()
    {
        std::mt19937 random(1);
        const QString letters = QString::fromUtf8("ab1.{}()[],\"'`\\#\n =~!+连\u0301 rate by");
        const QueryWords words(Known(), 0, 1);
        for (int round = 0; round < 3000; ++round) {
            QString text;
            for (unsigned i = random() % 30; i > 0; --i) {
                text += letters[static_cast<qsizetype>(random() % static_cast<unsigned>(letters.size()))];
            }
            int end = 0;
            for (const models::QueryToken& token : models::queryTokens(text)) {
                QVERIFY(token.begin >= end && token.end > token.begin && token.end <= text.size());
                end = token.end;
            }
            for (int cursor = 0; cursor <= text.size(); ++cursor) {
                const QueryPlace place = models::queryPlace(text, cursor);
                QVERIFY(place.begin >= 0 && place.begin <= cursor);
                (void)words.suggest(text, cursor);
            }
            (void)models::queryMistake(text, QStringLiteral("1:%1: parse error: x").arg(random() % 40));
            (void)models::queryUnit(text, unitOf);
        }
    }
};

QTEST_GUILESS_MAIN(QueryTextTest)
#include "tst_query_text.moc"
