#include "tests/support/demo_metrics.h"

#include <algorithm>
#include <string>

namespace demo {

namespace {

using core::Unit;
using metrics::Kind;
using metrics::MetricDef;

constexpr std::array kWaitBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
constexpr std::array kUseBounds{0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0};

constexpr MetricDef kSize{
    "db_pool_size", Kind::Gauge, Unit::Count, "数据库连接池大小", {"Pool size", "连接池大小"}};
constexpr MetricDef kMax{
    "db_pool_max_connections", Kind::Gauge, Unit::Count, "size + max_overflow", {"Limit", "上限"}};
constexpr MetricDef kIn{"db_pool_checked_in", Kind::Gauge, Unit::Count, "空闲连接数", {"Idle", "空闲连接"}};
constexpr MetricDef kOut{
    "db_pool_checked_out", Kind::Gauge, Unit::Count, "使用中连接数", {"In use", "使用中连接"}};
constexpr MetricDef kOverflow{
    "db_pool_overflow", Kind::Gauge, Unit::Count, "溢出连接数", {"Overflow", "溢出连接"}};
constexpr MetricDef kUsage{
    "db_pool_usage", Kind::Gauge, Unit::Ratio, "连接池使用率", {"Pool usage", "连接池使用率"}};
constexpr MetricDef kWaiters{"db_pool_waiters", Kind::Gauge, Unit::Count, "Waiting", {"Waiting", "等待中"}};
constexpr MetricDef kOldest{
    "db_pool_oldest_wait_seconds", Kind::Gauge, Unit::Seconds, "Oldest", {"Oldest wait", "最长等待"}};
constexpr MetricDef kUp{
    "db_up", Kind::Gauge, Unit::None, "1 when the server answers", {"Server up", "数据库可用"}};
constexpr MetricDef kCheckouts{
    "db_connection_checkout_total", Kind::Counter, Unit::Count, "n", {"Checkouts", "获取次数"}};
constexpr MetricDef kCheckins{
    "db_connection_checkin_total", Kind::Counter, Unit::Count, "n", {"Checkins", "归还次数"}};
constexpr MetricDef kConnects{
    "db_connection_connect_total", Kind::Counter, Unit::Count, "n", {"Connects", "新建连接"}};
constexpr MetricDef kErrors{
    "db_connection_error_total", Kind::Counter, Unit::Count, "n", {"Errors", "连接错误"}};
constexpr MetricDef kSlow{"db_slow_query_total", Kind::Counter, Unit::Count, "n", {"Slow queries", "慢查询"}};
constexpr MetricDef kWait{"db_connection_wait_seconds",
                          Kind::Histogram,
                          Unit::Seconds,
                          "wait",
                          {"Wait for a connection", "获取连接等待"},
                          kWaitBounds};
constexpr MetricDef kUse{"db_connection_usage_seconds",         Kind::Histogram, Unit::Seconds, "use",
                         {"Connection in use", "连接使用时长"}, kUseBounds};
constexpr MetricDef kQuery{"db_query_duration_seconds",    Kind::Histogram, Unit::Seconds, "query",
                           {"Query duration", "查询耗时"}, kWaitBounds};

constexpr std::array<std::string_view, 2> kByQuantile{"q", "stage"};
constexpr MetricDef kLatency{"db_pool_latency_seconds",
                             Kind::Gauge,
                             Unit::Seconds,
                             "percentiles",
                             {"Percentiles", "分位数"},
                             {},
                             kByQuantile};

constexpr MetricDef kCpu{"host_cpu_usage_ratio", Kind::Gauge, Unit::Ratio, "cpu", {"CPU", "CPU"}};
constexpr MetricDef kCores{"host_cpu_cores", Kind::Gauge, Unit::Count, "cores", {"Cores", "核数"}};
constexpr MetricDef kCore{"host_cpu_core_usage_ratio", Kind::Gauge, Unit::Ratio, "core", {"Core", "单核"}};
constexpr MetricDef kLoad1{"host_load1", Kind::Gauge, Unit::Load, "load", {"Load 1 min", "1 分钟负载"}};
constexpr MetricDef kLoad5{"host_load5", Kind::Gauge, Unit::Load, "load", {"Load 5 min", "5 分钟负载"}};
constexpr MetricDef kLoad15{"host_load15", Kind::Gauge, Unit::Load, "load", {"Load 15 min", "15 分钟负载"}};
constexpr MetricDef kMemory{"host_memory_usage_ratio", Kind::Gauge, Unit::Ratio, "mem", {"Memory", "内存"}};
constexpr MetricDef kMemoryTotal{
    "host_memory_total_bytes", Kind::Gauge, Unit::Bytes, "mem", {"Memory", "内存"}};
constexpr MetricDef kMemoryFree{
    "host_memory_available_bytes", Kind::Gauge, Unit::Bytes, "mem", {"Available", "可用内存"}};
constexpr MetricDef kSwap{"host_swap_usage_ratio", Kind::Gauge, Unit::Ratio, "swap", {"Swap", "交换区"}};
constexpr MetricDef kSwapTotal{"host_swap_total_bytes", Kind::Gauge, Unit::Bytes, "swap", {"Swap", "交换区"}};
constexpr MetricDef kSwapUsed{
    "host_swap_used_bytes", Kind::Gauge, Unit::Bytes, "swap", {"Swap used", "已用交换区"}};
constexpr MetricDef kDisk{"host_disk_usage_ratio", Kind::Gauge, Unit::Ratio, "disk", {"Disk", "磁盘"}};
constexpr MetricDef kDiskTotal{"host_disk_total_bytes", Kind::Gauge, Unit::Bytes, "disk", {"Disk", "磁盘"}};
constexpr MetricDef kDiskFree{
    "host_disk_available_bytes", Kind::Gauge, Unit::Bytes, "disk", {"Free", "可用"}};
constexpr MetricDef kRead{"host_disk_read_bytes_total", Kind::Counter, Unit::Bytes, "io", {"Read", "读取"}};
constexpr MetricDef kWritten{
    "host_disk_written_bytes_total", Kind::Counter, Unit::Bytes, "io", {"Written", "写入"}};
constexpr MetricDef kReceived{
    "host_network_receive_bytes_total", Kind::Counter, Unit::Bytes, "net", {"Received", "接收"}};
constexpr MetricDef kSent{
    "host_network_transmit_bytes_total", Kind::Counter, Unit::Bytes, "net", {"Sent", "发送"}};
constexpr MetricDef kProcesses{"host_processes", Kind::Gauge, Unit::Count, "n", {"Processes", "进程数"}};
constexpr MetricDef kPsiCpu{
    "host_pressure_cpu_waiting_ratio", Kind::Gauge, Unit::Ratio, "psi", {"CPU", "CPU"}};
constexpr MetricDef kPsiMemory{
    "host_pressure_memory_waiting_ratio", Kind::Gauge, Unit::Ratio, "psi", {"Memory", "内存"}};
constexpr MetricDef kPsiIo{"host_pressure_io_waiting_ratio", Kind::Gauge, Unit::Ratio, "psi", {"I/O", "I/O"}};
constexpr MetricDef kOwnCpu{
    "process_cpu_seconds_total", Kind::Counter, Unit::Seconds, "cpu", {"Own CPU", "自身 CPU"}};
constexpr MetricDef kOwnMemory{
    "process_resident_memory_bytes", Kind::Gauge, Unit::Bytes, "rss", {"Own memory", "自身内存"}};

constexpr double kGiB = 1024.0 * 1024 * 1024;

// Shares of the nine finite buckets and +Inf, calm and under pressure; wait, usage, query.
constexpr double kShares[3][2][10] = {
    {{.86, .09, .03, .012, .005, .002, .001, 0, 0, 0}, {.40, .16, .08, .06, .05, .14, .08, .03, 0, 0}},
    {{.14, .38, .27, .13, .05, .02, .008, .002, 0, 0}, {.10, .24, .28, .18, .10, .06, .03, .008, .002, 0}},
    {{.22, .52, .17, .06, .02, .008, .002, 0, 0, 0}, {.18, .34, .21, .14, .07, .05, .01, 0, 0, 0}}};

std::shared_ptr<const metrics::HistogramValue> histogram(std::span<const double> bounds,
                                                         const Counters& counters, std::size_t which) {
    auto value = std::make_shared<metrics::HistogramValue>();
    value->bounds.assign(bounds.begin(), bounds.end());
    value->counts.assign(counters.buckets[which].begin(), counters.buckets[which].end());
    for (const std::uint64_t count : value->counts) {
        value->count += count;
    }
    value->sum = counters.sums[which];
    return value;
}

} // namespace

double queriesPerSecond(const Moment& moment) noexcept {
    if (moment.story.down) {
        return 0;
    }
    return 900 + 260 * std::sin(moment.story.at / 41) + 420 * moment.story.pressure +
           60 * jitter(moment.seed, 3, moment.second);
}

std::array<Quantiles, 3> quantilesAt(const Moment& moment) noexcept {
    const double p = moment.story.pressure;
    const double wobble = 1 + 0.12 * jitter(moment.seed, 4, moment.second);
    const double surge = p * (0.7 + 0.3 * std::sin(moment.story.at / 29));
    return {
        {{0.0004 + 0.0017 * p * wobble, (0.003 + 0.41 * surge) * wobble, (0.009 + 1.6 * surge) * wobble},
         {(0.062 + 0.03 * p) * wobble, (0.42 + 1.9 * surge) * wobble, (1.1 + 12 * surge) * wobble},
         {(0.0024 + 0.0012 * p) * wobble, (0.0071 + 0.06 * surge) * wobble, (0.031 + 0.2 * surge) * wobble}}};
}

void advance(Counters& counters, const Moment& moment) {
    const double done = queriesPerSecond(moment) * moment.step;
    const double p = moment.story.pressure;
    const double takes = done / 3;
    counters.checkouts += std::floor(takes);
    counters.connects += moment.story.load > 0.7 && moment.second % 7 == 0 ? 1 : 0;
    counters.errors += moment.story.down ? std::floor(4 * moment.step) : 0;
    counters.timeouts += p > 0.9 && moment.second % 9 == 0 ? 1 : 0;
    counters.slow += std::floor((0.2 + 3.4 * p + noise(moment.seed, 5, moment.second)) * moment.step);
    counters.received += (2.1 + 1.6 * noise(moment.seed, 6, moment.second) + p) * 1.0e6 * moment.step;
    counters.sent += (0.6 + 0.5 * noise(moment.seed, 7, moment.second)) * 1.0e6 * moment.step;
    counters.diskRead += noise(moment.seed, 8, moment.second) * 4e5 * moment.step;
    counters.diskWritten += (1.5 + 4 * p + 3 * noise(moment.seed, 9, moment.second)) * 1e6 * moment.step;
    const auto quantiles = quantilesAt(moment);
    for (std::size_t which = 0; which < 3; ++which) {
        const double events = which == 2 ? done : takes;
        for (std::size_t bucket = 0; bucket < 10; ++bucket) {
            const double share = kShares[which][0][bucket] * (1 - p) + kShares[which][1][bucket] * p;
            counters.buckets[which][bucket] +=
                static_cast<std::uint64_t>(events * share + noise(moment.seed, 40 + bucket, moment.second));
        }
        counters.sums[which] += events * quantiles[which].p50 * 1.6;
    }
}

void pushPool(metrics::SampleBuilder& out, const Counters& counters) {
    const metrics::PoolView& pool = out.snapshot().pool;
    out.push(kSize, pool.config.size);
    out.push(kMax, pool.maxConnections);
    out.push(kIn, pool.checkedIn);
    out.push(kOut, pool.checkedOut);
    out.push(kOverflow, pool.overflow);
    out.push(kUsage, pool.usage);
    out.push(kWaiters, pool.waiting);
    out.push(kOldest, core::seconds(pool.oldestWait));
    out.push(kUp, pool.state == "up" ? 1 : 0);
    out.push(kCheckouts, counters.checkouts);
    out.push(kCheckins, counters.checkouts - pool.checkedOut);
    out.push(kConnects, counters.connects);
    out.push(kErrors, counters.errors);
    out.push(kSlow, counters.slow);
}

void pushHost(metrics::SampleBuilder& out, const Moment& moment, const Counters& counters) {
    const double p = moment.story.pressure;
    const double cpu = 0.33 + 0.08 * std::sin(moment.story.at / 37) + 0.22 * p +
                       0.03 * jitter(moment.seed, 10, moment.second);
    out.push(kCpu, cpu);
    out.push(kCores, 4);
    for (int core = 0; core < 4; ++core) {
        const double own = cpu + 0.13 * std::sin(moment.story.at / 13 + core * 1.7);
        out.push(kCore, std::clamp(own, 0.0, 1.0), {{"cpu", std::to_string(core)}});
    }
    out.push(kLoad1, 1.1 + 2.3 * p + 0.15 * jitter(moment.seed, 11, moment.second / 5));
    out.push(kLoad5, 1.0 + 1.7 * p);
    out.push(kLoad15, 0.9 + 0.9 * p);
    const double memory = 0.585 + 0.03 * p + moment.story.at * 1e-5;
    out.push(kMemory, memory);
    out.push(kMemoryTotal, 24 * kGiB);
    out.push(kMemoryFree, 24 * kGiB * (1 - memory));
    out.push(kSwap, 0.031);
    out.push(kSwapTotal, 8 * kGiB);
    out.push(kSwapUsed, 8 * kGiB * 0.031);
    const struct {
        const char* mount;
        double used, total;
    } disks[] = {{"/", 0.251 + moment.story.at * 2e-6, 118},
                 {"/var/lib/postgresql", 0.684 + 0.01 * p, 460},
                 {"/boot", 0.42, 0.94}};
    for (const auto& disk : disks) {
        out.push(kDisk, disk.used, {{"mountpoint", disk.mount}});
        out.push(kDiskTotal, disk.total * kGiB, {{"mountpoint", disk.mount}});
        out.push(kDiskFree, disk.total * kGiB * (1 - disk.used), {{"mountpoint", disk.mount}});
    }
    out.push(kRead, counters.diskRead, {{"device", "nvme0n1"}});
    out.push(kWritten, counters.diskWritten, {{"device", "nvme0n1"}});
    out.push(kReceived, counters.received, {{"device", "eth0"}});
    out.push(kReceived, counters.received / 9, {{"device", "wlan0"}});
    out.push(kSent, counters.sent, {{"device", "eth0"}});
    out.push(kSent, counters.sent / 7, {{"device", "wlan0"}});
    out.push(kProcesses, 214 + std::floor(6 * noise(moment.seed, 12, moment.second / 10)));
    out.push(kPsiCpu, 0.02 + 0.11 * p + 0.01 * noise(moment.seed, 13, moment.second));
    out.push(kPsiMemory, 0.001 * noise(moment.seed, 14, moment.second / 20));
    out.push(kPsiIo, 0.01 + 0.05 * p * noise(moment.seed, 15, moment.second));
    out.push(kOwnCpu, static_cast<double>(moment.second) * 0.011);
    out.push(kOwnMemory, 61.0e6);
}

void pushLatency(metrics::SampleBuilder& out, const Moment& moment, const Counters& counters) {
    out.push(kWait, histogram(kWaitBounds, counters, 0));
    out.push(kUse, histogram(kUseBounds, counters, 1));
    out.push(kQuery, histogram(kWaitBounds, counters, 2));
    static constexpr const char* kNames[] = {"wait", "usage", "query"};
    const auto quantiles = quantilesAt(moment);
    for (std::size_t which = 0; which < 3; ++which) {
        metrics::LatencyView view;
        view.name = kNames[which];
        view.p50 = quantiles[which].p50;
        view.p90 = quantiles[which].p50 + 0.8 * (quantiles[which].p95 - quantiles[which].p50);
        view.p95 = quantiles[which].p95;
        view.p99 = quantiles[which].p99;
        view.p999 = view.p99 * 1.5;
        view.max = view.p99 * 1.9;
        const std::pair<const char*, double> shown[] = {{"0.5", view.p50},    {"0.9", view.p90},
                                                        {"0.95", view.p95},   {"0.99", view.p99},
                                                        {"0.999", view.p999}, {"1", view.max}};
        for (const auto& [quantile, value] : shown) {
            out.push(kLatency, value, {{"q", quantile}, {"stage", view.name}});
        }
        view.count = static_cast<std::uint64_t>(queriesPerSecond(moment) * (which == 2 ? 60 : 20));
        view.window = std::chrono::seconds(60);
        out.snapshot().latency.push_back(std::move(view));
    }
}

} // namespace demo
