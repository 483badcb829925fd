// The panels' charts over a real Prometheus that has scraped a running Poolscope: every figure they show is
// found there again.
#include "monitor/metrics/snapshot.h"
#include "monitor/prometheus/server_querier.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "tests/support/prometheus_server.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/panels/host_panel.h"
#include "widgets/panels/latency_panel.h"
#include "widgets/panels/overview_panel.h"
#include "widgets/panels/target_charts.h"
#include "widgets/past_source.h"
#include "widgets/target_scope.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <memory>

using namespace std::chrono_literals;

namespace {

constexpr const char* kScrape = R"(
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: poolscope
    static_configs: [{targets: ['127.0.0.1:%1']}]
)";
// It watches itself by two names.
constexpr const char* kConsole = R"(
targets:
  - {url: 'http://127.0.0.1:%1/metrics', name: shop, interval: 1s}
  - {url: 'http://127.0.0.1:%1/metrics', name: stock, interval: 1s}
)";

} // namespace

class PrometheusChartsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QProcess m_console;
    quint16 m_port = support::freePort();
    support::PrometheusServer m_server;
    series::Head m_nothing; // of a console that has just started
    promql::Querier m_memory{m_nothing};

    [[nodiscard]] prometheus::ServerSpec spec() const
    {
        prometheus::ServerSpec spec = m_server.spec();
        spec.interval = 1s;
        spec.match = {{"instance", "127.0.0.1:" + std::to_string(m_port)}, {"job", "poolscope"}};
        return spec;
    }
    [[nodiscard]] bool scraped(const char* expression, double atLeast) const
    {
        prometheus::Client client(spec());
        const auto answer =
            client.instant(expression, core::epochMillis(core::SystemClock::instance().wallNow()));
        return answer && !answer->series.empty() && answer->series[0].points.at(0).value >= atLeast;
    }
    static void show(widgets::Panel& panel)
    {
        panel.resize(1280, 900);
        panel.show();
        auto snapshot = std::make_shared<metrics::Snapshot>();
        snapshot->tick = 1;
        snapshot->at = core::SystemClock::instance().wallNow();
        snapshot->interval = 1s;
        panel.showSnapshot(snapshot);
    }
    // Charts without a line of the server; a machine tells no pressure and no swap everywhere.
    static QStringList emptyCharts(const widgets::Panel& panel)
    {
        QStringList empty;
        for (const widgets::ChartWidget* chart : panel.findChildren<widgets::ChartWidget*>()) {
            if (chart->model().sources.step == 0) {
                empty << chart->model().spec.name;
            }
        }
        return empty;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QFile config(m_folder.filePath("poolscope.yml"));
        QVERIFY(config.open(QFile::WriteOnly));
        config.write(QString(kConsole).arg(m_port).toUtf8());
        config.close();
        m_console.setProcessChannelMode(QProcess::MergedChannels);
        m_console.start(POOLSCOPE_PROGRAM,
                        {"--headless", "--listen", QStringLiteral("127.0.0.1:%1").arg(m_port), "--data-dir",
                         m_folder.path(), "--config", config.fileName(), "--scenario", "normal"});
        QVERIFY(m_console.waitForStarted());
        QVERIFY2(m_server.start(QString(kScrape).arg(m_port)), "prometheus is missing: tests/run fetches it");
        QTRY_VERIFY_WITH_TIMEOUT(scraped("count_over_time(target_pool_in_use{target=\"stock\"}[1m])", 4),
                                 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            scraped("count_over_time(db_pool_latency_seconds{q=\"0.5\",stage=\"wait\"}[1m])", 4), 30'000);
    }
    void cleanupTestCase()
    {
        m_console.terminate();
        if (!m_console.waitForFinished(20'000)) {
            m_console.kill();
            m_console.waitForFinished();
        }
    }

    void everyChartOfThePanelsIsFoundThere_data()
    {
        QTest::addColumn<int>("panel");
        QTest::addColumn<int>("metrics"); // one query each
        QTest::newRow("overview") << 0 << 10;
        QTest::newRow("latency") << 1 << 5;
        QTest::newRow("host") << 2 << 13;
    }
    void everyChartOfThePanelsIsFoundThere()
    {
        QFETCH(int, panel);
        QFETCH(int, metrics);
        const prometheus::ServerQuerier server(spec(), m_memory);
        widgets::PastSource source({&server});
        source.choose("central");
        widgets::PanelContext context;
        context.querier = &m_memory;
        context.sources = {&server};
        context.history = &source;
        std::unique_ptr<widgets::Panel> shown;
        if (panel == 0) {
            shown = std::make_unique<widgets::OverviewPanel>(context);
        } else if (panel == 1) {
            shown = std::make_unique<widgets::LatencyPanel>(context);
        } else {
            shown = std::make_unique<widgets::HostPanel>(context);
        }
        show(*shown);
        const auto missing = [&] {
            QStringList empty = emptyCharts(*shown);
            empty.removeAll(QStringLiteral("Pressure")); // not every kernel tells it
            empty.removeAll(
                QStringLiteral("Disk use")); // its lines come with the first sample of the console itself
            return empty.join(QLatin1Char(' '));
        };
        QTRY_COMPARE_WITH_TIMEOUT(missing(), QString(), 20'000);
        const auto requests = static_cast<std::uint64_t>((metrics + 3) / 4 + 1); // four in one, and who it is
        QTRY_COMPARE(server.client().state().asked, requests);
        show(*shown); // another look at the same asks for nothing more
        QCOMPARE(server.client().state().asked, requests);
        QVERIFY(server.news().problem.empty());
    }
    void targetsAreComparedThereAsHere()
    {
        const prometheus::ServerQuerier server(spec(), m_memory);
        widgets::PastSource source({&server});
        source.choose("central");
        widgets::TargetScope scope;
        scope.choose({"shop", "stock"});
        widgets::PanelContext context;
        context.querier = &m_memory;
        context.scope = &scope;
        context.history = &source;
        widgets::TargetCharts charts(context, widgets::TargetFace::Pool, scope);
        show(charts);
        const auto lines = [&](const char* name) {
            for (widgets::ChartWidget* chart : charts.findChildren<widgets::ChartWidget*>()) {
                if (chart->model().spec.name == QLatin1String(name)) {
                    return chart->seriesCount() == 2 && !chart->samples(0).empty() &&
                           !chart->samples(1).empty();
                }
            }
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(lines("In use"), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(lines("Usage"), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(lines("Open connections"), 20'000);
    }
    void whoEndsIsSaidInTheChart()
    {
        prometheus::ServerSpec gone = spec();
        gone.url = "http://127.0.0.1:1";
        const prometheus::ServerQuerier server(gone, m_memory);
        widgets::PastSource source({&server});
        source.choose("central");
        widgets::PanelContext context;
        context.querier = &m_memory;
        context.history = &source;
        widgets::OverviewPanel panel(context);
        show(panel);
        const widgets::ChartWidget* chart = panel.findChild<widgets::ChartWidget*>();
        QTRY_VERIFY_WITH_TIMEOUT(!chart->model().sources.problem.isEmpty(), 20'000);
        QVERIFY(server.news().away); // which is the banner's
    }
};

QTEST_MAIN(PrometheusChartsTest)
#include "tst_prometheus_charts.moc"
