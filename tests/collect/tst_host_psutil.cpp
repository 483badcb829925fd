// Side by side with psutil, whose definitions the reference uses, on the machine as it is.
#include "monitor/collect/catalog.h"
#include "tests/collect/host_root.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <cmath>

using namespace std::chrono_literals;

namespace {

// Answers a line with everything for each line it is sent.
const QString kScript = QStringLiteral(R"(
import json, os, psutil, sys
psutil.cpu_percent()
print('ready', flush=True)
for line in sys.stdin:
    memory, swap, disk = psutil.virtual_memory(), psutil.swap_memory(), psutil.disk_usage('/')
    print(json.dumps({
        'cpu': psutil.cpu_percent(), 'cores': psutil.cpu_count(), 'memory': memory.percent, 'total': memory.total,
        'available': memory.available, 'swap_total': swap.total, 'swap_used': swap.used, 'disk': disk.percent,
        'disk_total': disk.total, 'disk_free': disk.free, 'processes': len(psutil.pids()),
        'load': list(os.getloadavg()),
        'net': {name: [c.bytes_recv, c.bytes_sent] for name, c in psutil.net_io_counters(pernic=True).items()},
        'io': {name: [c.read_bytes, c.write_bytes] for name, c in psutil.disk_io_counters(perdisk=True).items()},
    }), flush=True)
)");

} // namespace

class HostPsutilTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_psutil.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_psutil.start(QStringLiteral(POOLSCOPE_PYTHON), {QStringLiteral("-c"), kScript});
        QVERIFY2(m_psutil.waitForStarted(), qPrintable(m_psutil.errorString()));
        QCOMPARE(line(), QByteArray("ready\n"));
        collect::HostPaths paths;
        paths.cgroup = collect::CgroupRule::Ignore; // psutil knows no containers
        m_collectors = collect::makeHostCollectors(paths);
        takeBoth(); // both sides need two samples for CPU
        busyFor(400ms);
        takeBoth();
    }
    void cleanupTestCase() {
        m_psutil.closeWriteChannel();
        QVERIFY(m_psutil.waitForFinished(5000));
    }

    void cpuUsage() { QVERIFY(near(value("host_cpu_usage_ratio") * 100, theirs("cpu"), 12)); }
    void cores() { QCOMPARE(value("host_cpu_cores"), theirs("cores")); }
    void memory() {
        QCOMPARE(value("host_memory_total_bytes"), theirs("total"));
        QVERIFY(near(value("host_memory_available_bytes"), theirs("available"), 128.0 * 1024 * 1024));
        QVERIFY(near(value("host_memory_usage_ratio") * 100, theirs("memory"), 1));
    }
    void swap() {
        QCOMPARE(value("host_swap_total_bytes"), theirs("swap_total"));
        QVERIFY(near(value("host_swap_used_bytes"), theirs("swap_used"), 16.0 * 1024 * 1024));
    }
    void diskOfRoot() {
        const metrics::Labels root{{"mountpoint", "/"}};
        QCOMPARE(m_snapshot.value("host_disk_total_bytes", root), theirs("disk_total"));
        QVERIFY(near(m_snapshot.value("host_disk_available_bytes", root), theirs("disk_free"),
                     256.0 * 1024 * 1024));
        QVERIFY(near(m_snapshot.value("host_disk_usage_ratio", root) * 100, theirs("disk"), 0.2));
    }
    void processes() { QVERIFY(near(value("host_processes"), theirs("processes"), 15)); }
    void loadAverages() {
        const QJsonArray load = m_theirs[QStringLiteral("load")].toArray();
        QVERIFY(near(value("host_load1"), load[0].toDouble(), 0.5));
        QVERIFY(near(value("host_load5"), load[1].toDouble(), 0.2));
        QVERIFY(near(value("host_load15"), load[2].toDouble(), 0.1));
    }
    void everyNetworkDevice() {
        const QJsonObject net = m_theirs[QStringLiteral("net")].toObject();
        QVERIFY(!net.isEmpty());
        for (auto it = net.begin(); it != net.end(); ++it) {
            const metrics::Labels device{{"device", it.key().toStdString()}};
            const QJsonArray bytes = it.value().toArray();
            QVERIFY(
                near(m_snapshot.value("host_network_receive_bytes_total", device), bytes[0].toDouble(), 4e6));
            QVERIFY(near(m_snapshot.value("host_network_transmit_bytes_total", device), bytes[1].toDouble(),
                         4e6));
        }
    }
    void everyDiskWeCount() {
        const QJsonObject io = m_theirs[QStringLiteral("io")].toObject();
        const metrics::Family* family = m_snapshot.find("host_disk_read_bytes_total");
        for (const metrics::Series& series : family ? family->series : std::vector<metrics::Series>{}) {
            const QJsonArray bytes = io[QString::fromStdString(series.labels[0].second)].toArray();
            QCOMPARE(bytes.size(), 2);
            QVERIFY(near(series.value, bytes[0].toDouble(), 256e6));
            QVERIFY(near(m_snapshot.value("host_disk_written_bytes_total", series.labels),
                         bytes[1].toDouble(), 256e6));
        }
    }

private:
    QByteArray line() {
        while (!m_psutil.canReadLine()) {
            if (!m_psutil.waitForReadyRead(10'000)) {
                return {};
            }
        }
        return m_psutil.readLine();
    }
    void takeBoth() {
        m_snapshot = metrics::Snapshot{};
        m_snapshot.steady = std::chrono::steady_clock::now();
        metrics::SampleBuilder out(m_snapshot);
        for (const auto& collector : m_collectors) {
            QVERIFY2(collector->collect(out), collector->name().data());
        }
        m_psutil.write("\n");
        m_theirs = QJsonDocument::fromJson(line()).object();
        QVERIFY(!m_theirs.isEmpty());
    }
    // Work of our own, so that there is something to measure.
    static void busyFor(core::Nanos span) {
        const auto end = std::chrono::steady_clock::now() + span;
        volatile std::uint64_t sum = 0;
        while (std::chrono::steady_clock::now() < end) {
            sum = sum + 1;
        }
    }
    [[nodiscard]] double value(std::string_view name) const { return m_snapshot.value(name); }
    [[nodiscard]] double theirs(const char* name) const {
        return m_theirs[QLatin1StringView(name)].toDouble(std::nan(""));
    }
    static bool near(double ours, double theirs, double tolerance) {
        const bool well = std::fabs(ours - theirs) <= tolerance;
        if (!well) {
            qInfo("ours %.3f, psutil's %.3f, tolerance %.3f", ours, theirs, tolerance);
        }
        return well;
    }

    QProcess m_psutil;
    collect::Collectors m_collectors;
    metrics::Snapshot m_snapshot;
    QJsonObject m_theirs;
};

QTEST_GUILESS_MAIN(HostPsutilTest)
#include "tst_host_psutil.moc"
