// What a report says: plain words first, the same numbers as the facts, nothing of others' text become
// markup.
#include "monitor/report/chart_svg.h"
#include "monitor/report/compose.h"
#include "monitor/report/escape.h"
#include "monitor/report/html.h"
#include "monitor/report/summary.h"
#include "tests/report/sample_facts.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include <limits>

using core::Lang;
using namespace std::chrono_literals;

namespace {

QString pageOf(const report::Facts& facts)
{
    return QString::fromStdString(report::html(report::compose(facts)));
}

// The page is XML, too: whatever is not well-formed is found.
QString troubleOf(const QString& page)
{
    QXmlStreamReader reader(page);
    while (!reader.atEnd()) {
        reader.readNext();
    }
    return reader.hasError()
               ? QStringLiteral("line %1: %2").arg(reader.lineNumber()).arg(reader.errorString())
               : QString();
}

QString pointOf(const report::Facts& facts, const char* label)
{
    for (const report::Point& point : report::summaryOf(facts).points.points) {
        if (point.label == label) {
            return QString::fromStdString(point.text);
        }
    }
    return QStringLiteral("(none)");
}

report::Chart gapChart()
{
    report::Chart chart{"Usage", "c", core::Unit::Ratio, {}, {{0.8, metrics::Severity::Warning}}};
    chart.lines.push_back(
        {"a", {{0, 0.5}, {1000, 0.5}, {2000, std::numeric_limits<double>::quiet_NaN()}, {3000, 0.5}}});
    return chart;
}

} // namespace

class ReportTextsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void summarySaysWhatWhenHowBadWhyAndWhatWasDone()
    {
        const report::Facts facts = testreport::facts();
        QCOMPARE(QString::fromStdString(report::summaryOf(facts).verdict),
                 "The connection pool was exhausted.");
        QCOMPARE(pointOf(facts, "When"), "From 2026-11-20 09:12:00 to 09:25:00 (13m 00s).");
        QCOMPARE(pointOf(facts, "How bad"), "At its peak 30 of 30 connections were in use (100.0 %). Up to "
                                            "11 requests waited at once, the longest for "
                                            "29.5 s. 120 requests gave up without a connection.");
        QCOMPARE(pointOf(facts, "Cause"), "24 of 25 connections that were taken ran no statement: their "
                                          "callers held them without working. Mostly "
                                          "orders (20), the longest for 1m 35s at orders.cpp:42 load.");
        QCOMPARE(pointOf(facts, "What was done"),
                 "Nobody acknowledged it and no setting was changed. It ended at 2026-11-20 09:25:00.");
        QCOMPARE(pointOf(facts, "At the end"), "No alert was firing any more.");
    }
    void chineseSummaryIsChinese()
    {
        const report::Facts facts = testreport::facts(Lang::Chinese);
        QCOMPARE(QString::fromStdString(report::summaryOf(facts).verdict), QStringLiteral("连接池已耗尽。"));
        const QString page = pageOf(facts);
        for (const char* words : {"连接池报告", "摘要", "原因", "事件", "最高使用率", "lang=\"zh-CN\""}) {
            QVERIFY2(page.contains(QString::fromUtf8(words)), words);
        }
    }
    void blockingSessionIsTheCause()
    {
        report::Facts facts = testreport::facts();
        facts.records.incidents[0].evidence.sessions = {
            {4711, "app", "migration", "idle in transaction", "ALTER TABLE orders ADD x int", {}, 31s},
            {4712, "app", "orders", "active", "SELECT 1", {4711}, 30s},
            {4713, "app", "orders", "active", "SELECT 1", {4711}, 29s}};
        QCOMPARE(pointOf(facts, "Cause"), "Session 4711 (migration) stood in the way of 2 others; it was "
                                          "idle in transaction for 31 s, its statement: "
                                          "ALTER TABLE orders ADD x int.");
    }
    void acknowledgementAndChangedSettingsAreTold()
    {
        report::Facts facts = testreport::facts();
        facts.records.incidents[0].ackedBy = "ann";
        facts.records.incidents[0].ackedAt = testreport::at(800s);
        facts.records.incidents[0].ackNote = "on it";
        facts.records.changes = {{testreport::at(-100s), "max_overflow", "", "20", ""},
                                 {testreport::at(900s), "max_overflow", "20", "40", ""}};
        QVERIFY2(pointOf(facts, "What was done")
                     .startsWith("Acknowledged by ann at 09:13:20 (on it). max_overflow was changed from 20 "
                                 "to 40 at 09:15:00. "),
                 pointOf(facts, "What was done").toUtf8());
        const QString page = pageOf(facts);
        QVERIFY(page.contains("<td><code>max_overflow</code></td><td class=\"r\">40</td><td>20 → 40 at "
                              "2026-11-20 09:15:00</td>"));
    }
    void machineSpeaksOnlyWhenThePoolIsWell()
    {
        report::Facts facts = testreport::facts();
        metrics::Incident load = facts.records.incidents[0];
        load.id = "2";
        load.rule = "HighCpuLoad";
        load.resolvedAt = {}; // lasts longer
        facts.records.incidents.push_back(load);
        QCOMPARE(report::worstIncident(facts)->rule, std::string("CriticalPoolUsage"));
        facts.records.incidents = {load};
        facts.figures.cpu = 1;
        facts.figures.load = 9.2;
        facts.figures.cores = 2;
        QCOMPARE(QString::fromStdString(report::summaryOf(facts).verdict),
                 "The machine ran short of resources.");
        QCOMPARE(pointOf(facts, "Cause"),
                 QString::fromUtf8("The machine's highest figures: CPU 100.0 %, memory –, fullest disk –, "
                                   "load over 5 minutes 9.20 on 2 cores."));
    }
    void scenarioThatRanIsNamed()
    {
        report::Facts facts = testreport::facts();
        facts.records.runs = {
            {testreport::at(500s), testreport::at(1400s), "pool_exhaustion", "done", 900, 120}};
        QVERIFY(pointOf(facts, "Cause").endsWith("The load scenario “pool_exhaustion” was running then."));
    }
    void sizeAdviceComparesDemandAndPlaces()
    {
        report::Facts facts = testreport::facts();
        QCOMPARE(QString::fromStdString(report::sizeAdvice(facts)),
                 "At most 41 connections were wanted at once (taken or waited for), but the pool may have "
                 "only 30. 41 places would have covered that peak; mend the cause first if connections were "
                 "held longer than needed.");
        facts.figures.leaked = 3;
        QVERIFY(report::sizeAdvice(facts).find("Up to 3 were held without a statement") != std::string::npos);
        facts.figures.peakDemand = 12;
        QVERIFY(report::sizeAdvice(facts).find("Its size was enough.") != std::string::npos);
    }
    void pageIsWellFormedAndAsksNobody()
    {
        report::Facts facts = testreport::facts();
        facts.charts = {gapChart()};
        const QString page = pageOf(facts);
        QCOMPARE(troubleOf(page), QString());
        for (const char* word : {"src=", "href", "url(", "@import", "<script", "<link", "<img", "https:"}) {
            QVERIFY2(!page.contains(QLatin1String(word)), word);
        }
        // One name space, which is asked of nobody.
        QCOMPARE(QString(page).remove("xmlns=\"http://www.w3.org/2000/svg\"").count("http:"), 0);
        QVERIFY(page.contains("default-src 'none'"));
    }
    void hostileTextStaysText()
    {
        report::Facts facts = testreport::facts();
        const std::string evil = "</td><script>alert(1)</script><img src=x onerror=\"y\">\x1b[2J\xff& '\n";
        metrics::Incident& incident = facts.records.incidents[0];
        incident.rule = incident.summary = incident.description = incident.ackedBy = evil;
        incident.evidence.holders[0].tag = incident.evidence.holders[0].site = evil;
        incident.evidence.waiters[0].tag = evil;
        facts.records.slow = {{testreport::at(1s), evil + std::string(5'000, 'x'), 2, evil, ""}};
        facts.records.notes = {{testreport::at(2s), "note", evil}};
        facts.records.changes = {{testreport::at(2s), evil, evil, evil, evil}};
        facts.request.target = facts.request.host = evil;
        facts.charts = {gapChart()};
        facts.charts[0].title = facts.charts[0].lines[0].legend = evil;
        const QString page = pageOf(facts);
        QCOMPARE(troubleOf(page), QString());
        QVERIFY(!page.contains("<script") && !page.contains("<img") && !page.contains(QChar(0x1b)));
        QVERIFY(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        QVERIFY(!page.contains(QString(300, 'x'))); // shortened
        QVERIFY(page.contains(QStringLiteral("x…")));
    }
    void slowStatementsAreGroupedTheMostExpensiveFirst()
    {
        report::Facts facts = testreport::facts();
        facts.records.slow = {{testreport::at(1s), "SELECT a", 0.2, "x", ""},
                              {testreport::at(2s), "SELECT b", 3, "y", ""},
                              {testreport::at(3s), "SELECT a", 0.4, "z", ""}};
        const QString page = pageOf(facts);
        const auto first = page.indexOf("SELECT b");
        const auto second = page.indexOf(
            "<code>SELECT a</code></td><td>z</td><td class=\"r\">2</td><td class=\"r\">300 ms</td>"
            "<td class=\"r\">400 ms</td>");
        QVERIFY(first > 0 && second > first);
    }
    void timelineTellsStartsAndWhyNothingWasRecorded()
    {
        report::Facts facts = testreport::facts();
        facts.records.notes = {{testreport::at(10s), "gap", "not_running"},
                               {testreport::at(20s), "restarted", "whatever"},
                               {testreport::at(30s), "gap", "unheard_of"},
                               {testreport::at(40s), "note", "deployed 1.4"},
                               {testreport::at(50s), "alert_fired", "told by its incident"}};
        const QString page = pageOf(facts);
        for (const char* words : {"<td>2026-11-20 09:00:10</td><td>No samples: Poolscope did not run</td>",
                                  "<td>Poolscope was started</td>", "<td>No samples: unheard_of</td>",
                                  "<td>Note: deployed 1.4</td>"}) {
            QVERIFY2(page.contains(QLatin1String(words)), words);
        }
        QVERIFY(!page.contains("told by its incident"));
    }
    void heldWithoutWorkingIsNotCalledWork()
    {
        report::Facts facts = testreport::facts();
        for (metrics::Evidence::Holder& holder : facts.records.incidents[0].evidence.holders) {
            holder.before = holder.statement.empty() ? "SELECT stock" : "";
        }
        const QString page = pageOf(facts);
        QVERIFY(page.contains("connections that were taken ran no statement"));
        QVERIFY(!page.contains("were at work"));
        QVERIFY(page.contains("<code>(none running; before: SELECT stock)</code>"));
    }
    void aGapSaysFromWhenToWhenHowLongAndWhy()
    {
        report::Facts facts = testreport::facts();
        facts.records.notes = {{testreport::at(-120s), "gap", "suspended", testreport::at(30s)}, // began before the range
                               {testreport::at(600s), "gap", "held_up", testreport::at(604s)},
                               {testreport::at(3'000s), "gap", "not_running", testreport::at(3'000s + 26h)}};
        const QString page = pageOf(facts);
        for (const char* words :
             {"<td>2026-11-20 09:00:00</td><td>No samples from 08:58:00 to 09:00:30 (2m 30s): the machine slept</td>",
              "<td>2026-11-20 09:10:00</td><td>No samples from 09:10:00 to 09:10:04 (4.0 s): the program got no processor time</td>",
              "<td>No samples from 2026-11-20 09:50:00 to 2026-11-21 11:50:00 (1d 2h): Poolscope did not run</td>"}) {
            QVERIFY2(page.contains(QLatin1String(words)), words);
        }
        report::Facts chinese = testreport::facts(core::Lang::Chinese);
        chinese.records.notes = facts.records.notes;
        QVERIFY(pageOf(chinese).contains("<td>08:58:00 至 09:00:30 没有样本（2m 30s）：主机处于休眠</td>"));
    }
    void emptyRangeIsAnHonestPage()
    {
        report::Facts facts;
        facts.request = testreport::facts().request;
        const QString page = pageOf(facts);
        QCOMPARE(troubleOf(page), QString());
        QVERIFY(page.contains("Nothing was recorded in this time."));
        QVERIFY(page.contains("Poolscope did not run then, or what it kept has expired"));
        QVERIFY(!page.contains("<table") && !page.contains("class=\"tile"));
    }
    void calmRangeSaysThatNothingFired()
    {
        report::Facts facts = testreport::facts();
        facts.records.incidents.clear();
        facts.figures.peakWaiters = 0;
        QCOMPARE(QString::fromStdString(report::summaryOf(facts).verdict), "Nothing fired in this time.");
        QVERIFY(pointOf(facts, "How bad").contains("Nobody had to wait for a connection."));
        QVERIFY(pageOf(facts).contains("No alert fired in this range."));
    }
    void openIncidentGoesOn()
    {
        report::Facts facts = testreport::facts();
        facts.records.incidents[0].resolvedAt = {};
        QVERIFY(pointOf(facts, "When").startsWith("Since 2026-11-20 09:12:00; it went on"));
        QCOMPARE(pointOf(facts, "At the end"), "One alert was still firing.");
    }
    void chartHasAxesUnitsThresholdsBandsAndGaps()
    {
        const std::string svg = report::chartSvg(
            gapChart(),
            {0, 4000, {{1000, 3000, metrics::Severity::Critical}}, report::Times(report::TimeZone::Utc)});
        const QString text = QString::fromStdString(svg);
        QCOMPARE(troubleOf(text), QString());
        QVERIFY(text.contains(">100 %<") && text.contains(">75 %<") && text.contains(">00:00:02<"));
        QCOMPARE(text.count("class=\"threshold\""), 1);
        QCOMPARE(text.count("class=\"band\""), 1);
        // Two strokes: the gap is not bridged.
        const auto path = QRegularExpression("<path d=\"([^\"]*)\"").match(text).captured(1);
        QCOMPARE(path.count('M'), 2);
        QCOMPARE(path.count('L'), 1);
    }
    void shortenedSaysThatThereWasMore()
    {
        QCOMPARE(report::shortened("abc", 3), std::string("abc"));
        QCOMPARE(report::shortened("abcd", 3), std::string("abc…"));
        QCOMPARE(report::shortened("查询很慢", 2), std::string("查询…"));
        QCOMPARE(report::escaped("a<b>&\"'"), std::string("a&lt;b&gt;&amp;&quot;&#39;"));
    }
};

QTEST_GUILESS_MAIN(ReportTextsTest)
#include "tst_report_texts.moc"
