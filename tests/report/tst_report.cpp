// From samples to figures and charts: the numbers are those a query gives.
#include "monitor/promql/querier.h"
#include "monitor/report/compose.h"
#include "monitor/report/gather.h"
#include "monitor/report/html.h"
#include "monitor/series/head.h"
#include "tests/report/sample_facts.h"

#include <QTest>

#include <cmath>

namespace {

using testreport::kFrom;
using testreport::kTo;

// An hour, a sample a second; a spike of a second, a minute without samples.
void fill(series::Head& head)
{
    for (int second = 0; second <= 3600; ++second) {
        if (second >= 2000 && second < 2060) {
            continue;
        }
        const bool spike = second == 1234;
        head.append(kFrom + second * 1000,
                    std::vector<series::NamedSample>{
                        {{{"__name__", "db_pool_usage"}}, spike ? 1.0 : 0.25},
                        {{{"__name__", "db_pool_checked_out"}}, spike ? 30.0 : 7.0},
                        {{{"__name__", "db_pool_waiters"}}, spike ? 11.0 : 0.0},
                        {{{"__name__", "db_pool_max_connections"}}, 30.0},
                        {{{"__name__", "db_connection_checkout_total"}}, static_cast<double>(second) * 5},
                        {{{"__name__", "db_up"}}, 1.0}});
    }
}

report::Request request()
{
    return testreport::facts().request;
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT

    series::Head m_head;
    promql::Querier m_querier{m_head};

private Q_SLOTS:
    void initTestCase() { fill(m_head); }

    void figuresAreWhatTheirQueriesGive()
    {
        const auto facts = report::gather(m_querier, request(), {});
        QVERIFY(facts);
        QVERIFY(facts->measured);
        int known = 0;
        for (const report::FigureQuery& query : report::figureQueries()) {
            const auto answer = m_querier.instant(report::withSpan(query.expression, kTo - kFrom), kTo);
            QVERIFY2(answer, query.expression);
            const double value = facts->figures.*query.figure;
            if (answer->empty()) {
                QVERIFY2(std::isnan(value), query.expression);
            } else {
                QCOMPARE(value, answer->front().points.front().value);
                ++known;
            }
        }
        QCOMPARE(known, 6);
        QCOMPARE(facts->figures.peakUsage, 1.0); // the second's spike
        QCOMPARE(facts->figures.peakTaken, 30.0);
        QVERIFY(std::fabs(facts->figures.checkouts - 18'000) < 20);
        const std::string page = report::html(report::compose(*facts));
        QVERIFY(page.find("<b>100.0 %</b><span>30 of 30 connections</span>") != std::string::npos);
    }
    void chartsKeepSpikesAndGaps()
    {
        const auto facts = report::gather(m_querier, request(), {});
        QVERIFY(facts);
        const report::Chart& usage = facts->charts.front();
        QCOMPARE(usage.title, std::string("Pool usage"));
        QCOMPARE(usage.thresholds.size(), std::size_t(2));
        double highest = 0;
        int gaps = 0;
        for (const metrics::Point& point : usage.lines.front().points) {
            highest = std::isnan(point.value) ? highest : std::max(highest, point.value);
            gaps += std::isnan(point.value) ? 1 : 0;
        }
        QCOMPARE(highest, 1.0);
        QCOMPARE(gaps, 1);
        QVERIFY(usage.lines.front().points.size() < 600);
    }
    void nothingKnownIsToldAsNothing()
    {
        report::Request empty = request();
        empty.from = 1'000'000;
        empty.to = 2'000'000;
        const auto facts = report::gather(m_querier, empty, {});
        QVERIFY(facts);
        QVERIFY(!facts->measured);
        QVERIFY(facts->charts.empty());
        QVERIFY(std::isnan(facts->figures.peakUsage));
    }
    void stopsWhenAsked()
    {
        std::stop_source stop;
        double share = 0;
        const auto facts = report::gather(m_querier, request(), {}, {stop.get_token(), [&](double now) {
                                                                         share = now;
                                                                         stop.request_stop();
                                                                     }});
        QVERIFY(!facts);
        QCOMPARE(facts.error().code, std::string("CANCELED"));
        QVERIFY(share > 0 && share < 0.5);
    }
};

QTEST_GUILESS_MAIN(ReportTest)
#include "tst_report.moc"
