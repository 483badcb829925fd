// All metrics at once: names, texts, and what the real readers say of the whole page.
#include "monitor/collect/catalog.h"
#include "monitor/metrics/exposition.h"
#include "tests/collect/host_root.h"
#include "tests/collect/pool_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>
#include <unistd.h>

using metrics::Kind;

namespace {

struct Outcome {
    int exitCode = -1;
    QByteArray output;
};

Outcome run(const QString& program, const QStringList& arguments, const std::string& input) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForStarted()) {
        return {-1, process.errorString().toUtf8()};
    }
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    process.waitForFinished(15'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAll()};
}

QString name(const metrics::MetricDef& def) {
    return QString::fromUtf8(def.name.data(), static_cast<qsizetype>(def.name.size()));
}

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_instruments.onAcquired(std::chrono::milliseconds(30), pool::Outcome::Ok, pool::PoolEvent{});
        collect::Sources sources;
        sources.poolStats = [] { return support::statsWith(3, 2); };
        sources.instruments = &m_instruments;
        sources.probe = &m_probe;
        sources.process.droppedEvents = [] { return std::uint64_t{7}; };
        sources.process.serverTime = [this] { return m_probe.figures().serverTime; };
        m_collectors = collect::makeAllCollectors(sources);
        tick();
        const auto hasUsage = [this] { return m_snapshot.find("host_cpu_usage_ratio") != nullptr; };
        const auto tickUntilUsage = [&] { return hasUsage() || (tick(), hasUsage()); };
        QTRY_VERIFY(tickUntilUsage()); // two samples must be a clock tick of the kernel apart
    }
    void namesFollowPrometheusRules() {
        const QRegularExpression rule(QStringLiteral("^(db|host|log|process|poolscope)_[a-z0-9_]+$"));
        std::set<QString> families;
        for (const metrics::MetricDef* def : collect::allMetrics()) {
            QVERIFY2(rule.match(name(*def)).hasMatch(), def->name.data());
            QCOMPARE(def->kind == Kind::Counter, def->name.ends_with("_total"));
            QString family = name(*def);
            if (def->kind == Kind::Counter) {
                family.chop(6); // OpenMetrics' family: must not be that of another metric
            }
            QVERIFY2(families.insert(family).second, def->name.data());
            QVERIFY(def->kind != Kind::Histogram || !def->bounds.empty());
        }
    }
    void everyMetricIsDescribedInBothLanguages() {
        for (const metrics::MetricDef* def : collect::allMetrics()) {
            QVERIFY2(!def->help.empty() && !def->title.english.empty() && !def->title.chinese.empty(),
                     def->name.data());
        }
    }
    void whatIsCollectedIsInTheCatalogueWithTheLabelsItDeclares() {
        std::set<std::string_view> known;
        for (const metrics::MetricDef* def : collect::allMetrics()) {
            known.insert(def->name);
        }
        QVERIFY(m_snapshot.families.size() > 50);
        for (const metrics::Family& family : m_snapshot.families) {
            QVERIFY2(known.contains(family.def->name), family.def->name.data());
            std::set<metrics::Labels> seen;
            for (const metrics::Series& series : family.series) {
                QVERIFY2(seen.insert(series.labels).second, family.def->name.data());
                QCOMPARE(series.labels.size(), family.def->labels.size());
                for (std::size_t i = 0; i < series.labels.size(); ++i) {
                    QCOMPARE(std::string_view(series.labels[i].first), family.def->labels[i]);
                }
            }
        }
    }
    void theNamesOfTheContractAreThere() {
        for (const char* wanted : {"host_cpu_usage_ratio",
                                   "host_cpu_cores",
                                   "host_load1",
                                   "host_load5",
                                   "host_load15",
                                   "host_memory_usage_ratio",
                                   "host_memory_total_bytes",
                                   "host_memory_available_bytes",
                                   "host_swap_total_bytes",
                                   "host_disk_usage_ratio",
                                   "host_disk_total_bytes",
                                   "host_disk_available_bytes",
                                   "host_network_receive_bytes_total",
                                   "host_network_transmit_bytes_total",
                                   "host_processes",
                                   "process_cpu_seconds_total",
                                   "process_resident_memory_bytes",
                                   "process_virtual_memory_bytes",
                                   "process_start_time_seconds",
                                   "process_open_fds",
                                   "process_max_fds",
                                   "poolscope_build_info",
                                   "poolscope_dropped_events_total"}) {
            const metrics::Family* family = m_snapshot.find(wanted);
            QVERIFY2(family && !family->series.empty(), wanted);
        }
    }
    void thisProcessIsSeenAsItIs() {
        QVERIFY(m_snapshot.value("process_resident_memory_bytes") > 1e6);
        QVERIFY(m_snapshot.value("process_open_fds") >= 3);
        const double age =
            std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count() -
            m_snapshot.value("process_start_time_seconds");
        QVERIFY2(age >= -1 && age < 120, qPrintable(QString::number(age)));
        QCOMPARE(m_snapshot.cost.droppedEvents, std::uint64_t{7});
        QVERIFY(m_snapshot.cost.cpuRatio >= 0);
        QCOMPARE(m_snapshot.cost.dbTimeRatio, 0.0);
    }
    void openFilesAreCountedWithoutTheOneThatCounts() {
        collect::ProcessCollector process;
        metrics::Snapshot before;
        QVERIFY(support::collectInto(process, before)); // opens what it keeps open
        QVERIFY(support::collectInto(process, before));
        const int extra = ::dup(0);
        metrics::Snapshot after;
        QVERIFY(support::collectInto(process, after));
        ::close(extra);
        QCOMPARE(after.value("process_open_fds"), before.value("process_open_fds") + 1);
    }
    void promtoolFindsNothingToComplainOf() {
        const QString promtool =
            qEnvironmentVariable("POOLSCOPE_PROMTOOL", QStringLiteral(POOLSCOPE_PROMTOOL));
        const Outcome outcome = run(promtool, {QStringLiteral("check"), QStringLiteral("metrics")},
                                    metrics::expose(m_snapshot, metrics::Format::Text));
        QVERIFY2(outcome.exitCode == 0, outcome.output.constData());
    }
    void pythonReadsBothFormatsAndFindsTheSame() {
        const QString script = QStringLiteral(R"(
import sys
from prometheus_client.parser import text_string_to_metric_families as text
from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict
a, b = sys.stdin.buffer.read().decode().split('\f')
def samples(families): return sorted((s.name, sorted(s.labels.items()), s.value) for f in families for s in f.samples)
one, two = samples(text(a)), samples(strict(b))
assert one == two, [x for x in one if x not in two][:5]
print('well', len(one))
)");
        const std::string both =
            metrics::expose(m_snapshot, metrics::Format::Text) + '\f' +
            metrics::expose(m_snapshot, metrics::Format::OpenMetrics, core::Lang::Chinese);
        const Outcome outcome = run(QStringLiteral(POOLSCOPE_PYTHON), {QStringLiteral("-c"), script}, both);
        QVERIFY2(outcome.exitCode == 0 && outcome.output.startsWith("well "), outcome.output.constData());
    }
    void theListHasALineForEachMetric() {
        const collect::MetricList all = collect::allMetrics();
        const QString list = QString::fromStdString(collect::metricList(all));
        QCOMPARE(list.count(QLatin1Char('\n')), static_cast<qsizetype>(all.size()));
        QVERIFY(list.contains(QStringLiteral("db_connection_wait_seconds")));
        QVERIFY(list.contains(QStringLiteral("le 0.001 0.005 0.01 0.05 0.1 0.5 1.0 5.0 10.0")));
        QVERIFY(list.contains(QStringLiteral("Pool usage (连接池使用率)")));
        const QString table = QString::fromStdString(collect::metricTable(all, core::Lang::Chinese));
        QCOMPARE(table.count(QLatin1Char('\n')), static_cast<qsizetype>(all.size()) + 2);
        QVERIFY(table.contains(QStringLiteral("| `host_load1` | gauge | load | - | 1 分钟平均负载 |")));
        const QStringList lines = table.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        for (const QString& line : lines) {
            QCOMPARE(line.count(QLatin1Char('|')), 6); // no help text breaks the table
        }
    }

private:
    void tick() {
        m_snapshot = metrics::Snapshot{};
        m_snapshot.steady = std::chrono::steady_clock::now();
        metrics::SampleBuilder out(m_snapshot);
        for (const auto& collector : m_collectors) {
            QVERIFY2(collector->collect(out), collector->name().data());
        }
    }

    collect::PoolInstruments m_instruments;
    collect::PgProbe m_probe;
    collect::Collectors m_collectors;
    metrics::Snapshot m_snapshot;
};

QTEST_GUILESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
