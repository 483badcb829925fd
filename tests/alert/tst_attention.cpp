// Acknowledged, snoozed, silenced: what people say, and what Alertmanager's API makes of it.
#include "monitor/alert/alertmanager_api.h"
#include "monitor/alert/attention.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using alert::Attention;
using metrics::AlertRow;
using metrics::AlertState;
using metrics::SilenceRow;
using metrics::SilenceState;
using namespace std::chrono_literals;

namespace {

const core::WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)};

struct FixedClock final : core::Clock {
    core::SteadyTime steadyNow() const noexcept override { return {}; }
    core::WallTime wallNow() const noexcept override { return now; }
    core::WallTime now = kNow;
};

AlertRow firing(const char* name, metrics::Labels more = {})
{
    AlertRow row;
    row.name = name;
    row.labels = std::move(more);
    series::setLabel(row.labels, "alertname", name);
    row.state = AlertState::Firing;
    row.incidentId = std::string(name) + "-1";
    row.firedAt = kNow - 1min;
    return row;
}

SilenceRow silence(const char* matchers, core::Nanos span = 1h)
{
    SilenceRow row;
    row.matchers = *alert::parseMatchers(matchers);
    row.startsAt = kNow;
    row.endsAt = kNow + std::chrono::duration_cast<std::chrono::microseconds>(span);
    row.createdBy = "ann";
    row.comment = "maintenance";
    return row;
}

QJsonValue parsed(const std::string& text)
{
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text));
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

} // namespace

class TstAttention final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void matchersAreReadAsAmtoolReadsThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown"); // empty: refused
        const auto row = [](const char* text, const char* shown) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(shown);
        };
        row("alertname=HighPoolUsage", "alertname=\"HighPoolUsage\"");
        row(" pool = \"a b\" ", "pool=\"a b\"");
        row("pool=~\"a|b\"", "pool=~\"a|b\"");
        row("pool!~x.*", "pool!~\"x.*\"");
        row("severity!=info", "severity!=\"info\"");
        row("a=\"quoted \\\" and \\\\\"", "a=\"quoted \\\" and \\\\\"");
        row("a=", "a=\"\"");
        row("a", "");
        row("=b", "");
        row("a!b", "");
        row("1a=b", "");
        row("a=\"open", "");
    }

    void matchersAreReadAsAmtoolReadsThem()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        const auto matcher = alert::parseMatcher(text.toStdString());
        QCOMPARE(matcher.has_value(), !shown.isEmpty());
        if (matcher) {
            QCOMPARE(QByteArray::fromStdString(metrics::matcherText(*matcher)), shown);
        }
    }

    void aSilenceThatCannotWorkIsRefused_data()
    {
        QTest::addColumn<QByteArray>("matchers");
        QTest::addColumn<int>("minutes");
        QTest::newRow("no matchers") << QByteArray() << 60;
        QTest::newRow("matches the absence of everything") << QByteArray("pool=~.*") << 60;
        QTest::newRow("a broken expression") << QByteArray("pool=~(") << 60;
        QTest::newRow("over already") << QByteArray("pool=a") << -1;
    }

    void aSilenceThatCannotWorkIsRefused()
    {
        QFETCH(QByteArray, matchers);
        QFETCH(int, minutes);
        Attention attention;
        QVERIFY(!attention.putSilence(silence(matchers.constData(), std::chrono::minutes(minutes)), kNow)
                     .has_value());
        QVERIFY(attention.silences(kNow).empty());
    }

    void aSilenceHidesWhatItMatchesUntilItEnds()
    {
        Attention attention;
        const auto id = attention.putSilence(silence("alertname=~\"High.*\", pool!=b"), kNow);
        QVERIFY(id.has_value());
        std::vector<AlertRow> rows{firing("HighPoolUsage"), firing("HighLoad", {{"pool", "b"}}),
                                   firing("NotHigh")};
        attention.mark(rows, kNow);
        QCOMPARE(rows[0].silencedBy, std::vector<std::string>{*id});
        QVERIFY(rows[0].muted());
        QVERIFY(rows[1].silencedBy.empty()); // another pool
        QVERIFY(rows[2].silencedBy.empty()); // anchored at both ends
        QCOMPARE(attention.silences(kNow).front().catches, 1);

        std::vector<AlertRow> later{firing("HighPoolUsage")};
        attention.mark(later, kNow + 1h);
        QVERIFY(!later[0].muted());
        QCOMPARE(later[0].lastSilence, std::string("maintenance")); // what hid it last is shown
        QVERIFY(attention.silences(kNow + 1h).front().stateAt(kNow + 1h) == SilenceState::Expired);
    }

    void thePreviewCatchesWhatTheSilenceWould()
    {
        std::vector<AlertRow> rows{firing("A"), firing("B", {{"pool", "x"}}), firing("C", {{"pool", "x"}})};
        rows[2].state = AlertState::Resolved;
        const auto caught = alert::caughtBy(silence("pool=x"), rows);
        QVERIFY(caught.has_value());
        QCOMPARE(*caught, std::vector<std::size_t>{1});
        QVERIFY(!alert::caughtBy(silence("pool=~["), rows).has_value());
    }

    void changingTheEndKeepsTheSilenceChangingItsMatchersMakesAnother()
    {
        Attention attention;
        const std::string id = *attention.putSilence(silence("pool=a"), kNow);
        SilenceRow longer = attention.silences(kNow).front();
        longer.endsAt += 1h;
        QCOMPARE(*attention.putSilence(longer, kNow + 1min), id);
        SilenceRow other = longer;
        other.matchers = *alert::parseMatchers("pool=b");
        const std::string second = *attention.putSilence(other, kNow + 2min);
        QVERIFY(second != id);
        const auto rows = attention.silences(kNow + 2min);
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows.front().id, second); // the active one first
        QVERIFY(rows.back().stateAt(kNow + 2min) == SilenceState::Expired);
        SilenceRow unknown = longer;
        unknown.id = "nobody";
        QCOMPARE(attention.putSilence(unknown, kNow).error().code, std::string("not_found"));
    }

    void aStartCutToMillisecondsIsTheSameStart() // as whoever read it from the API sends it back
    {
        Attention attention;
        const auto now = kNow + std::chrono::microseconds(1'234'567);
        const std::string id = *attention.putSilence(silence("pool=a"), now);
        SilenceRow longer = attention.silences(now).front();
        longer.startsAt = kNow + 1234ms;
        longer.endsAt += 1h;
        QCOMPARE(*attention.putSilence(longer, now + 1min), id);
        longer.startsAt -= 1ms;
        QVERIFY(*attention.putSilence(longer, now + 2min) != id);
    }

    void acknowledgementsEndWithTheirIncident()
    {
        Attention attention;
        std::vector<AlertRow> rows{firing("A")};
        QVERIFY(!attention.acknowledge("A-1", {"ann", "on it", kNow}).has_value()); // nothing is known yet
        attention.mark(rows, kNow);
        QVERIFY(!attention.acknowledge("A-1", {"", "nobody", kNow}).has_value());
        QVERIFY(attention.acknowledge("A-1", {"ann", "on\nit", kNow}).has_value());
        attention.mark(rows, kNow);
        QCOMPARE(rows[0].ackedBy, std::string("ann"));
        QCOMPARE(rows[0].ackNote, std::string("on it"));
        rows[0].state = AlertState::Resolved;
        attention.mark(rows, kNow);
        QVERIFY(attention.saved().acks.empty());
        QVERIFY(!attention.acknowledge("A-1", {"ann", "late", kNow}).has_value());
    }

    void aSnoozeEndsByItself()
    {
        Attention attention;
        std::vector<AlertRow> rows{firing("A")};
        attention.mark(rows, kNow);
        QVERIFY(attention.snooze("A-1", kNow + 5min).has_value());
        rows = {firing("A")};
        attention.mark(rows, kNow + 4min);
        QVERIFY(rows[0].muted());
        rows = {firing("A")};
        attention.mark(rows, kNow + 5min);
        QVERIFY(!rows[0].muted());
    }

    void silencesSurviveAsAlertmanagersJson()
    {
        Attention attention;
        QVERIFY(
            attention.putSilence(silence("alertname=\"全部 \\\"x\\\"\", pool!~\"a|b\""), kNow).has_value());
        const std::string text = alert::silencesJson(attention.silences(kNow), kNow);
        std::vector<std::string> problems;
        auto read = alert::readSilences(text, problems);
        QVERIFY(read.has_value());
        Attention other;
        other.restoreSilences(*read);
        QCOMPARE(alert::silencesJson(other.silences(kNow), kNow), text);
        QVERIFY(problems.empty());
    }

    void oneBrokenSilenceDoesNotCostTheOthers()
    {
        std::vector<std::string> problems;
        const auto read = alert::readSilences(
            R"([{"id":"1","matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2026-11-20T00:00:00Z",)"
            R"("endsAt":"2026-11-20T01:00:00+01:00","createdBy":"x","comment":"y"},7,{"matchers":[{"name":3}]},{}])",
            problems);
        QVERIFY(read.has_value());
        QCOMPARE(read->size(), std::size_t{1});
        QVERIFY(read->front().endsAt == kNow);
        QVERIFY(read->front().matchers.front().isEqual);
        QCOMPARE(problems.size(), std::size_t{3});
    }

    void hostileSilencesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut off") << QByteArray(R"([{"id":"1","matchers":[)");
        QTest::newRow("deep") << QByteArray(100'000, '[');
        QTest::newRow("an object") << QByteArray("{}");
        QTest::newRow("no UTF-8") << QByteArray("[\"\xff\"]");
        QTest::newRow("large") << QByteArray(2 << 20, ' ');
    }

    void hostileSilencesAreRefused()
    {
        QFETCH(QByteArray, text);
        std::vector<std::string> problems;
        const auto read = alert::readSilences(text.toStdString(), problems);
        QVERIFY(!read.has_value());
    }

    void theApiSpeaksAlertmanagersLanguage()
    {
        Attention attention;
        std::vector<AlertRow> rows{firing("A", {{"pool", "x"}}), firing("B")};
        rows[0].annotations = {{"summary", "text"}};
        FixedClock clock;
        alert::AlertmanagerApi api(
            attention,
            [&] {
                auto marked = rows;
                attention.mark(marked, clock.now);
                return marked;
            },
            clock);
        const auto posted = api.post(
            R"({"matchers":[{"name":"pool","value":"x","isRegex":false}],"startsAt":"2026-11-20T00:00:00.000Z",)"
            R"("endsAt":"2026-11-20T02:00:00Z","createdBy":"ann","comment":"c"})");
        QVERIFY2(posted.has_value(), posted ? "" : posted.error().message.c_str());
        const QString id = parsed(*posted).toObject().value(QStringLiteral("silenceID")).toString();
        QVERIFY(QRegularExpression(
                    QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
                    .match(id)
                    .hasMatch());
        const QJsonArray all = parsed(*api.alerts({})).toArray();
        QCOMPARE(all.size(), 2);
        const QJsonObject first = all.at(0).toObject();
        QCOMPARE(first.value(QStringLiteral("status")).toObject().value(QStringLiteral("state")).toString(),
                 QStringLiteral("suppressed"));
        for (const char* field : {"annotations", "endsAt", "fingerprint", "labels", "receivers", "startsAt",
                                  "status", "updatedAt"}) { // required by the API's description
            QVERIFY2(first.contains(QLatin1String(field)), field);
        }
        alert::AlertQuery unsilenced;
        unsilenced.silenced = false;
        QCOMPARE(parsed(*api.alerts(unsilenced)).toArray().size(), 1);
        QCOMPARE(parsed(*api.alerts({{"alertname=~\"A|C\""}, ""})).toArray().size(), 1);
        QCOMPARE(parsed(*api.alerts({{}, "other"})).toArray().size(), 0);
        QVERIFY(!api.alerts({{"alertname=~("}, ""}).has_value());
        QCOMPARE(parsed(*api.silences({})).toArray().size(), 1);
        QCOMPARE(parsed(*api.silences({"pool=y"})).toArray().size(), 0);
        QVERIFY(api.silence(id.toStdString()).has_value());
        QVERIFY(api.expire(id.toStdString()).has_value());
        QCOMPARE(api.expire(id.toStdString()).error().code, std::string("not_found"));
        QCOMPARE(api.silence("none").error().code, std::string("not_found"));
        QVERIFY(!api.post("{}").has_value());
    }

    void timesAreReadAsRfc3339HasThem()
    {
        QCOMPARE(alert::parseTime("2026-11-20T00:00:00.5+00:00").value(), kNow + 500ms);
        QVERIFY(!alert::parseTime("2026-02-30T00:00:00Z").has_value());
        QVERIFY(!alert::parseTime("2026-11-20 00:00").has_value());
    }
};

QTEST_GUILESS_MAIN(TstAttention)
#include "tst_attention.moc"
