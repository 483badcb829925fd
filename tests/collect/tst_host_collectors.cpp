// Collectors over files of our own: limits of containers, things that vanish, things that are missing.
#include "monitor/collect/catalog.h"
#include "monitor/collect/host/cpu.h"
#include "monitor/collect/host/disk.h"
#include "monitor/collect/host/kernel_file.h"
#include "monitor/collect/host/memory.h"
#include "monitor/collect/host/network.h"
#include "monitor/collect/host/pressure.h"
#include "monitor/collect/host/process_count.h"
#include "tests/collect/host_root.h"

#include <QTest>

#include <cmath>

using namespace std::chrono_literals;
using support::collectInto;
using support::HostRoot;

namespace {

constexpr std::string_view kMemInfo = "MemTotal: 1000000 kB\nMemFree: 100000 kB\nMemAvailable: 600000 kB\n";
constexpr double kKiB = 1024;

std::string cpuLines(int busy, int idle) {
    const std::string fields = " " + std::to_string(busy) + " 0 0 " + std::to_string(idle) + " 0 0 0 0 0 0\n";
    return "cpu " + fields + "cpu0" + fields + "cpu1" + fields + "cpu2" + fields + "cpu3" + fields;
}

bool absent(const metrics::Snapshot& snapshot, std::string_view name) {
    return snapshot.find(name) == nullptr;
}

} // namespace

class HostCollectorsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aKernelFileSeesEachChange() {
        HostRoot root;
        root.write("file", "one");
        collect::KernelFile file(root.base() / "file");
        QCOMPARE(*file.read(), std::string_view("one"));
        root.write("file", "two and more");
        QCOMPARE(*file.read(), std::string_view("two and more"));
        root.write("file", std::string(100'000, 'x'));
        QCOMPARE(file.read()->size(), std::size_t{100'000});
        root.write("file", "");
        QCOMPARE(*file.read(), std::string_view());
    }
    void aMissingFileIsAnErrorThatNamesIt() {
        HostRoot root;
        collect::KernelFile file(root.base() / "nothing");
        const auto text = file.read();
        QVERIFY(!text);
        QCOMPARE(text.error().code, std::string("ENOENT"));
        QVERIFY(text.error().message.find("nothing") != std::string::npos);
        root.write("nothing", "here now");
        QCOMPARE(*file.read(), std::string_view("here now"));
    }
    void theFirstTickHasNoCpuUsage() {
        HostRoot root;
        root.write("proc/stat", cpuLines(100, 900));
        collect::CpuCollector cpu(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(cpu, snapshot));
        QVERIFY(absent(snapshot, "host_cpu_usage_ratio"));
        QCOMPARE(snapshot.value("host_cpu_cores"), 4.0);
        root.write("proc/stat", cpuLines(125, 975));
        QVERIFY(collectInto(cpu, snapshot, 1s));
        QCOMPARE(snapshot.value("host_cpu_usage_ratio"), 0.25);
        QCOMPARE(snapshot.value("host_cpu_core_usage_ratio", {{"cpu", "3"}}), 0.25);
    }
    void aProcessorThatComesOnlineHasNoUsageYet() {
        HostRoot root;
        root.write("proc/stat", "cpu  10 0 0 90\ncpu0 10 0 0 90\n");
        collect::CpuCollector cpu(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(cpu, snapshot));
        root.write("proc/stat", "cpu  20 0 0 180\ncpu0 20 0 0 180\ncpu1 5 0 0 5\n");
        QVERIFY(collectInto(cpu, snapshot, 1s));
        QCOMPARE(snapshot.find("host_cpu_core_usage_ratio")->series.size(), std::size_t{1});
    }
    void aCpuLimitOfTheContainerWins() {
        HostRoot root;
        root.write("proc/stat", cpuLines(100, 900));
        root.write("proc/self/cgroup", "0::/pod/app\n");
        root.write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
        root.write("sys/fs/cgroup/pod/app/cpu.max", "max 100000\n");
        root.write("sys/fs/cgroup/pod/cpu.max", "150000 100000\n"); // the pod's limit holds for the app
        root.write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 1000000\nuser_usec 1\n");
        collect::CpuCollector cpu(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(cpu, snapshot, 1s));
        QCOMPARE(snapshot.value("host_cpu_cores"), 1.5);
        QCOMPARE(snapshot.value("host_cgroup_cpu_limit_cores"), 1.5);
        QVERIFY(absent(snapshot, "host_cpu_usage_ratio"));
        root.write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        QVERIFY(collectInto(cpu, snapshot, 3s));
        QCOMPARE(snapshot.value("host_cpu_usage_ratio"), 0.5);        // 1.5 s of CPU in 2 s on 1.5 cores
        root.write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 100\n"); // a new container: no negative share
        QVERIFY(collectInto(cpu, snapshot, 4s));
        QVERIFY(absent(snapshot, "host_cpu_usage_ratio"));
    }
    void aQuotaAboveTheMachineIsNoLimit() {
        HostRoot root;
        root.write("proc/stat", cpuLines(100, 900));
        root.write("proc/self/cgroup", "2:cpu,cpuacct:/app\n");
        root.write("sys/fs/cgroup/cpu/app/cpu.cfs_quota_us", "800000\n");
        root.write("sys/fs/cgroup/cpu/app/cpu.cfs_period_us", "100000\n");
        root.write("sys/fs/cgroup/cpuacct/app/cpuacct.usage", "123456789\n");
        collect::CpuCollector cpu(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(cpu, snapshot));
        QCOMPARE(snapshot.value("host_cpu_cores"), 4.0);
        QVERIFY(absent(snapshot, "host_cgroup_cpu_limit_cores"));
    }
    void anOldStyleCpuLimitWinsToo() {
        HostRoot root;
        root.write("proc/stat", cpuLines(100, 900));
        root.write("proc/self/cgroup", "2:cpu,cpuacct:/app\n");
        root.write("sys/fs/cgroup/cpu/app/cpu.cfs_quota_us", "50000\n");
        root.write("sys/fs/cgroup/cpu/app/cpu.cfs_period_us", "100000\n");
        root.write("sys/fs/cgroup/cpuacct/app/cpuacct.usage", "1000000000\n");
        collect::CpuCollector cpu(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(cpu, snapshot, 1s));
        root.write("sys/fs/cgroup/cpuacct/app/cpuacct.usage", "1400000000\n");
        QVERIFY(collectInto(cpu, snapshot, 2s));
        QCOMPARE(snapshot.value("host_cpu_cores"), 0.5);
        QVERIFY(std::fabs(snapshot.value("host_cpu_usage_ratio") - 0.8) < 1e-9);
    }
    void memoryIsTotalLessAvailable() {
        HostRoot root;
        root.write("proc/meminfo", kMemInfo);
        collect::MemoryCollector memory(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(memory, snapshot));
        QCOMPARE(snapshot.value("host_memory_usage_ratio"), 0.4);
        QCOMPARE(snapshot.value("host_memory_total_bytes"), 1'000'000 * kKiB);
        QVERIFY(absent(snapshot, "host_swap_total_bytes"));
        QVERIFY(absent(snapshot, "host_cgroup_memory_limit_bytes"));
        root.write("proc/meminfo", "MemTotal: 1000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n");
        QVERIFY(collectInto(memory, snapshot));
        QVERIFY(absent(snapshot, "host_memory_usage_ratio"));
        QVERIFY(absent(snapshot, "host_swap_usage_ratio"));
        QCOMPARE(snapshot.value("host_swap_total_bytes"), 0.0);
        root.write("proc/meminfo", "");
        QVERIFY(!collectInto(memory, snapshot));
        QVERIFY(snapshot.families.empty());
    }
    void theTightestMemoryLimitOnTheWayUpWins() {
        HostRoot root;
        root.write("proc/meminfo", kMemInfo);
        root.write("proc/self/cgroup", "0::/pod/app\n");
        root.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
        root.write("sys/fs/cgroup/pod/app/memory.max", "409600000\n");
        root.write("sys/fs/cgroup/pod/app/memory.current", "1\n");
        root.write("sys/fs/cgroup/pod/memory.max", "204800000\n");
        root.write("sys/fs/cgroup/pod/memory.current", "102400000\n");
        root.write("sys/fs/cgroup/pod/memory.stat", "anon 5\ninactive_file 51200000\n");
        collect::MemoryCollector memory(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(memory, snapshot));
        QCOMPARE(snapshot.value("host_memory_total_bytes"), 204800000.0);
        QCOMPARE(snapshot.value("host_memory_available_bytes"), 153600000.0);
        QCOMPARE(snapshot.value("host_memory_usage_ratio"), 0.25);
        QCOMPARE(snapshot.value("host_cgroup_memory_limit_bytes"), 204800000.0);
        collect::HostPaths machine = root.paths();
        machine.cgroup = collect::CgroupRule::Ignore;
        collect::MemoryCollector whole(machine);
        QVERIFY(collectInto(whole, snapshot));
        QCOMPARE(snapshot.value("host_memory_usage_ratio"), 0.4);
    }
    void aPathThatIsOnlyTheHostsMeansWhatIsMounted() {
        HostRoot root;
        root.write("proc/meminfo", kMemInfo);
        root.write("proc/self/cgroup", "5:memory:/docker/abc\n");
        root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "102400000\n");
        root.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "51200000\n");
        root.write("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 0\n");
        collect::MemoryCollector memory(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(memory, snapshot));
        QCOMPARE(snapshot.value("host_memory_usage_ratio"), 0.5);
    }
    void cgroupPathsCannotLeadOutOfTheirFolder() {
        HostRoot root;
        root.write("proc/meminfo", kMemInfo);
        root.write("proc/self/cgroup", "0::/../../../secret\n");
        root.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
        root.write("secret/memory.max", "1000\n");
        root.write("secret/memory.current", "999\n");
        collect::MemoryCollector memory(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(memory, snapshot));
        QVERIFY(absent(snapshot, "host_cgroup_memory_limit_bytes"));
    }
    void aDiskThatVanishesLeavesNoNumber() {
        HostRoot root;
        root.write("proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /data ext4 rw 0 0\n");
        root.folder("data");
        root.folder("sys/block/sda");
        root.folder("sys/block/sdb");
        root.write("proc/diskstats",
                   "8 0 sda 1 0 10 0 1 0 20 0\n8 1 sda1 1 0 10 0 1 0 20 0\n8 16 sdb 1 0 30 0 1 0 40 0\n");
        collect::DiskCollector disk(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(disk, snapshot));
        QCOMPARE(snapshot.find("host_disk_usage_ratio")->series.size(), std::size_t{2});
        QCOMPARE(snapshot.find("host_disk_read_bytes_total")->series.size(), std::size_t{2}); // no partition
        QCOMPARE(snapshot.value("host_disk_written_bytes_total", {{"device", "sdb"}}), 40.0 * 512);
        root.write("proc/diskstats", "8 0 sda 1 0 10 0 1 0 20 0\n");
        root.write("proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n");
        QVERIFY(collectInto(disk, snapshot, 31s));
        QCOMPARE(snapshot.find("host_disk_usage_ratio")->series.size(), std::size_t{1});
        QVERIFY(std::isnan(snapshot.value("host_disk_read_bytes_total", {{"device", "sdb"}})));
    }
    void spaceThatCannotBeAskedForIsAbsent() {
        HostRoot root;
        root.write("proc/diskstats", "");
        collect::DiskCollector disk(root.paths(),
                                    [](const auto&) { return std::optional<collect::DiskSpace>(); });
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(disk, snapshot));
        QVERIFY(snapshot.families.empty());
    }
    void aDeviceNamedTwiceIsOneSeries() {
        HostRoot root;
        root.write("proc/self/net/dev", "h\nh\neth0: 1 2 3 4 5 6 7 8 9\neth0: 1 2 3 4 5 6 7 8 9\n");
        collect::NetworkCollector network(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(network, snapshot));
        QCOMPARE(snapshot.find("host_network_receive_bytes_total")->series.size(), std::size_t{1});
    }
    void aKernelWithoutPressureIsNoFailure() {
        HostRoot root;
        collect::PressureCollector pressure(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(pressure, snapshot));
        QVERIFY(snapshot.families.empty());
        root.write("proc/pressure/io",
                   "some avg10=1.00 avg60=1 avg300=1 total=1\nfull avg10=0.50 avg60=1 total=1\n");
        QVERIFY(collectInto(pressure, snapshot));
        QCOMPARE(snapshot.value("host_pressure_io_waiting_ratio"), 0.01);
        QCOMPARE(snapshot.value("host_pressure_io_stalled_ratio"), 0.005);
    }
    void theKernelsCountOfProcessesIsThatOfAListing() {
        collect::ProcessCountCollector processes({});
        const auto listed = [] {
            std::size_t numbers = 0;
            for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
                const std::string name = entry.path().filename();
                numbers += name.find_first_not_of("0123456789") == std::string::npos ? 1 : 0;
            }
            return numbers;
        };
        metrics::Snapshot snapshot;
        int compared = 0;
        for (int tick = 0; tick < 10'000 && compared < 100; ++tick) { // others may come and go meanwhile
            const std::size_t before = listed();
            QVERIFY(collectInto(processes, snapshot, std::chrono::seconds(tick)));
            if (before == listed()) {
                QCOMPARE(snapshot.value("host_processes"), static_cast<double>(before));
                ++compared;
            }
        }
        QCOMPARE(compared, 100);
    }
    void onlyNumbersAreProcesses() {
        HostRoot root;
        for (const char* name : {"1", "22", "333", "self", "3x", "tty"}) {
            root.folder(std::string("proc/") + name);
        }
        collect::ProcessCountCollector processes(root.paths());
        metrics::Snapshot snapshot;
        QVERIFY(collectInto(processes, snapshot));
        QCOMPARE(snapshot.value("host_processes"), 3.0);
        root.remove("proc/22");
        QVERIFY(collectInto(processes, snapshot));
        QCOMPARE(snapshot.value("host_processes"), 2.0);
    }
    void anEmptyMachineGivesNothingAndNoCrash() {
        HostRoot root;
        for (const auto& collector : collect::makeHostCollectors(root.paths())) {
            metrics::Snapshot snapshot;
            static_cast<void>(collectInto(*collector, snapshot));
            for (const metrics::Family& family : snapshot.families) {
                QVERIFY(family.def->name.starts_with("host_disk_")); // the real disk under the folder
            }
        }
    }
};

QTEST_GUILESS_MAIN(HostCollectorsTest)
#include "tst_host_collectors.moc"
