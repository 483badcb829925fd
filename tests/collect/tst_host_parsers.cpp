// Parsers of kernel texts: whole, empty, cut off, hostile.
#include "monitor/collect/host/cgroup.h"
#include "monitor/collect/host/cpu.h"
#include "monitor/collect/host/disk.h"
#include "monitor/collect/host/load.h"
#include "monitor/collect/host/memory.h"
#include "monitor/collect/host/network.h"
#include "monitor/collect/host/pressure.h"
#include "monitor/collect/self/process.h"

#include <QFile>
#include <QTest>

#include <random>
#include <string>

namespace {

std::string fixture(const char* name) {
    QFile file(QStringLiteral(POOLSCOPE_SOURCE_DIR "/tests/collect/fixtures/") + QString::fromUtf8(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

// Every parser there is, on one text; what matters is that it comes back.
void parseEverything(std::string_view text) {
    static_cast<void>(collect::parseCpuStat(text));
    static_cast<void>(collect::parseMemInfo(text));
    static_cast<void>(collect::parseMounts(text));
    static_cast<void>(collect::foldersToWatch(collect::parseMounts(text)));
    static_cast<void>(collect::parseDiskStats(text));
    static_cast<void>(collect::parseNetDev(text));
    static_cast<void>(collect::parseLoadAverage(text));
    static_cast<void>(collect::parsePressure(text));
    static_cast<void>(collect::parseMemoryLimit(text));
    static_cast<void>(collect::parseCpuMax(text));
    static_cast<void>(collect::parseCgroupPath(text, "memory"));
    static_cast<void>(collect::parseStatLine(text, "usage_usec"));
    static_cast<void>(collect::parseProcessStat(text));
    static_cast<void>(collect::parseBootTime(text));
}

} // namespace

class HostParsersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cpuLinesOfAMachineWithAnOfflineCore() {
        const collect::CpuSample sample = collect::parseCpuStat(fixture("stat-offline-core"));
        QVERIFY(sample.all);
        QCOMPARE((*sample.all)[0], std::uint64_t{10132153});
        QCOMPARE((*sample.all)[9], std::uint64_t{0});
        QCOMPARE(sample.cores.size(), std::size_t{3});
        QVERIFY(!sample.cores.contains(1));
        QCOMPARE(sample.cores.at(3)[3], std::uint64_t{11624});
    }
    void cpuLinesOfAnOldKernelHaveFewerFields() {
        const collect::CpuSample sample =
            collect::parseCpuStat("cpu  100 2 30 400\ncpu0 100 2 30 400\nintr 5\n");
        QVERIFY(sample.all);
        QCOMPARE((*sample.all)[3], std::uint64_t{400});
        QCOMPARE((*sample.all)[4], std::uint64_t{0});
    }
    void brokenCpuLinesAreAbsent() {
        QVERIFY(!collect::parseCpuStat("").all);
        QVERIFY(!collect::parseCpuStat("cpu  1 2 3").all);
        QVERIFY(!collect::parseCpuStat("cpu  1 -2 3 4 5\n").all);
        QVERIFY(!collect::parseCpuStat("cpu  99999999999999999999 2 3 4\n").all);
        QVERIFY(collect::parseCpuStat("cpu-7 1 2 3 4\ncpu99999999 1 2 3 4\n").cores.empty());
    }
    void cpuUsageCountsAsPsutilDoes() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        const collect::CpuTimes before{1000, 0, 500, 8000, 500, 0, 0, 0, 200, 0};
        const collect::CpuTimes now{1060, 0, 520, 8100, 510, 4, 6, 0, 220, 0};
        // spent 60+20+100+10+4+6+20(guest, in user) = 220, minus guest 20 = 200; idle+iowait 110; busy 90
        QCOMPARE(*collect::cpuUsage(before, now), 90.0 / 200);
    }
    void aFieldThatRunsBackwardsCountsAsNoChange() {
        const collect::CpuTimes before{100, 0, 50, 800, 500};
        const collect::CpuTimes now{110, 0, 50, 890, 400}; // iowait is known to do that
        QCOMPARE(*collect::cpuUsage(before, now), 0.1);
        QVERIFY(!collect::cpuUsage(now, now));
        QVERIFY(!collect::cpuUsage(now, collect::CpuTimes{}));
    }
    void memoryOfADesktop() {
        const collect::MemInfo info = collect::parseMemInfo(fixture("meminfo-desktop"));
        QCOMPARE(*info.total, std::uint64_t{16316412} * 1024);
        QCOMPARE(*info.available, std::uint64_t{9123456} * 1024);
        QCOMPARE(*info.swapTotal, std::uint64_t{2097148} * 1024);
        QCOMPARE(*info.swapFree, std::uint64_t{1572864} * 1024);
    }
    void memoryThatIsNotSaidIsAbsent() {
        const collect::MemInfo info = collect::parseMemInfo("MemTotal:  1000 kB\nMemAvail");
        QCOMPARE(*info.total, std::uint64_t{1024000});
        QVERIFY(!info.available);
        QVERIFY(!collect::availableBytes(info));
        QVERIFY(!collect::parseMemInfo("MemTotal: 18446744073709551615 kB\n").total);
        QVERIFY(!collect::parseMemInfo("MemTotal:\n").total);
    }
    void moreAvailableThanThereIsMeansWhatIsFree() {
        const collect::MemInfo info =
            collect::parseMemInfo("MemTotal: 1000 kB\nMemFree: 300 kB\nMemAvailable: 9000 kB\n");
        QCOMPARE(*collect::availableBytes(info), std::uint64_t{300 * 1024});
    }
    void mountsAreDecodedAndCutLinesLeftOut() {
        const auto mounts =
            collect::parseMounts("/dev/sda1 /mnt/my\\040disk ext4 rw 0 0\n/dev/sdb1 /cut\n\\0 \\9 \\04\n");
        QCOMPARE(mounts.size(), std::size_t{2});
        QCOMPARE(mounts[0].folder, std::string("/mnt/my disk"));
        QCOMPARE(mounts[1].device, std::string("\\0"));
    }
    void onlyLocalDisksAreWatchedAndEachOnce() {
        const auto folders = collect::foldersToWatch(collect::parseMounts(fixture("mounts-mixed")));
        QCOMPARE(folders, (std::vector<std::string>{"/", "/home", "/srv/my disk"}));
        QCOMPARE(collect::foldersToWatch({}), std::vector<std::string>{"/"});
    }
    void diskUsageIsOfWhatUsersMayWrite() {
        const collect::DiskSpace space{1000, 190, 570};
        QCOMPARE(*space.usage(), 0.25); // where used / total would say 0.19
        QVERIFY(!collect::DiskSpace{}.usage());
    }
    void diskCountersAreInSectorsOf512() {
        const auto disks = collect::parseDiskStats(fixture("diskstats"));
        QCOMPARE(disks.size(), std::size_t{4});
        QCOMPARE(disks[1].device, std::string("nvme0n1"));
        QCOMPARE(disks[1].readBytes, std::uint64_t{5432100} * 512);
        QCOMPARE(disks[1].writtenBytes, std::uint64_t{98765432} * 512);
        QVERIFY(collect::parseDiskStats("8 0 sda 1 2 3 4 5 6\n").empty());
        QVERIFY(collect::parseDiskStats("8 0 sda 1 2 99999999999999999 4 5 6 7\n").empty());
    }
    void networkNamesMayHoldColons() {
        const auto devices = collect::parseNetDev(fixture("net-dev"));
        QCOMPARE(devices.size(), std::size_t{3});
        QCOMPARE(devices[0].device, std::string("lo"));
        QCOMPARE(devices[1].device, std::string("eth0"));
        QCOMPARE(devices[1].received, std::uint64_t{1234567890123});
        QCOMPARE(devices[1].sent, std::uint64_t{987654321});
        QCOMPARE(devices[2].device, std::string("eth0:1"));
        QVERIFY(collect::parseNetDev("eth0: 1 2 3\n").empty());
        QVERIFY(collect::parseNetDev(": 1 2 3 4 5 6 7 8 9\n").empty());
    }
    void loadAveragesAreAllOrNothing() {
        QCOMPARE(*collect::parseLoadAverage("0.52 1.58 12.59 1/467 12345\n"),
                 (std::array{0.52, 1.58, 12.59}));
        QVERIFY(!collect::parseLoadAverage("0.52 1.58"));
        QVERIFY(!collect::parseLoadAverage("0.52 nan 1"));
        QVERIFY(!collect::parseLoadAverage("0.52 -1 1"));
        QVERIFY(!collect::parseLoadAverage(""));
    }
    void pressureIsAShareOfTheLastTenSeconds() {
        const collect::Pressure pressure = collect::parsePressure(
            "some avg10=4.74 avg60=1.89 avg300=0.69 total=8277880\nfull avg10=0.50 avg60=0.00");
        QCOMPARE(*pressure.waiting, 0.0474);
        QCOMPARE(*pressure.stalled, 0.005);
        QVERIFY(!collect::parsePressure("some avg10=").waiting);
        QVERIFY(!collect::parsePressure("some avg60=3.00 avg10=3.00").waiting);
        QVERIFY(!collect::parsePressure("some avg10=400.00").waiting);
    }
    void limitsThatAreNoneAreAbsent() {
        QCOMPARE(*collect::parseMemoryLimit("536870912\n"), std::uint64_t{536870912});
        QVERIFY(!collect::parseMemoryLimit("max\n"));
        QVERIFY(!collect::parseMemoryLimit("9223372036854771712\n"));
        QVERIFY(!collect::parseMemoryLimit(""));
        QCOMPARE(*collect::parseCpuMax("150000 100000\n"), 1.5);
        QVERIFY(!collect::parseCpuMax("max 100000\n"));
        QVERIFY(!collect::parseCpuMax("-1 100000\n"));
        QVERIFY(!collect::parseCpuMax("100000 0\n"));
    }
    void cgroupPathsAreFoundByController() {
        const std::string text =
            "4:memory:/a/b:c\n3:cpu,cpuacct:/x\n1:name=systemd:/\n0::/v2/me\nbroken\n::\n";
        QCOMPARE(*collect::parseCgroupPath(text, "memory"), std::string("/a/b:c"));
        QCOMPARE(*collect::parseCgroupPath(text, "cpuacct"), std::string("/x"));
        QCOMPARE(*collect::parseCgroupPath(text, ""), std::string("/v2/me"));
        QVERIFY(!collect::parseCgroupPath(text, "pids"));
    }
    void aProcessNameMayHoldAnything() {
        const std::string tail = " S 4 5 6 7 8 9 10 11 12 13 111 222 16 17 18 19 20 21 22 2323 2424 25\n";
        for (const std::string name : {"bash", "tmux: server", "a) R 1 (b", "\n) (", ""}) {
            const auto stat = collect::parseProcessStat("42 (" + name + ")" + tail);
            QVERIFY(stat);
            QCOMPARE(stat->userTicks, std::uint64_t{111});
            QCOMPARE(stat->systemTicks, std::uint64_t{222});
            QCOMPARE(stat->threads, std::uint64_t{20});
            QCOMPARE(stat->startTicks, std::uint64_t{22});
            QCOMPARE(stat->virtualBytes, std::uint64_t{2323});
            QCOMPARE(stat->residentPages, std::uint64_t{2424});
        }
        QVERIFY(!collect::parseProcessStat("42 (bash) S 1 2 3"));
        QVERIFY(!collect::parseProcessStat(""));
    }
    void bootTimeIsALineOfItsOwn() {
        QCOMPARE(*collect::parseBootTime("cpu 1 2\nbtime 1795165927\nprocesses 3\n"), 1795165927.0);
        QVERIFY(!collect::parseBootTime("xbtime 1\nbtime\n"));
    }
    void everyBeginningOfEveryFixtureIsSurvived() {
        for (const char* name :
             {"stat-offline-core", "meminfo-desktop", "mounts-mixed", "diskstats", "net-dev"}) {
            const std::string whole = fixture(name);
            QVERIFY(!whole.empty());
            for (std::size_t length = 0; length <= whole.size(); ++length) {
                parseEverything(std::string_view(whole).substr(0, length));
            }
        }
    }
    void randomBytesAreSurvived() {
        std::mt19937 random(1);
        const std::string alphabet = std::string("cpu0129:.- \t\n()\\/=max") + '\0' + '\xFF';
        for (int i = 0; i < 20'000; ++i) {
            std::string text(random() % 120, ' ');
            for (char& c : text) {
                c = alphabet[random() % alphabet.size()];
            }
            parseEverything(text);
        }
    }
};

QTEST_GUILESS_MAIN(HostParsersTest)
#include "tst_host_parsers.moc"
