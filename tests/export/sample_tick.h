// Small hand-made ticks whose figures a test knows.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace testexport {

inline constexpr metrics::MetricDef kUsage{
    "db_pool_usage", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
inline constexpr metrics::MetricDef kOut{
    "db_pool_checked_out", metrics::Kind::Gauge, core::Unit::Count, "h", {}, {}, {}};
inline constexpr metrics::MetricDef kDisk{
    "host_disk_usage_ratio", metrics::Kind::Gauge, core::Unit::Ratio, "h", {}, {}, {}};
inline constexpr metrics::MetricDef kRead{
    "host_disk_read_bytes_total", metrics::Kind::Counter, core::Unit::Bytes, "h", {}, {}, {}};
inline constexpr metrics::MetricDef kWait{
    "db_connection_wait_seconds", metrics::Kind::Histogram, core::Unit::Seconds, "h", {}, {}, {}};

// 2026-11-20T09:12:07.742Z
inline constexpr core::WallTime kStart{std::chrono::microseconds(1'795'165'927'742'000)};

inline std::shared_ptr<metrics::Snapshot> tick(std::uint64_t number, core::WallTime at, double usage)
{
    auto made = std::make_shared<metrics::Snapshot>();
    made->tick = number;
    made->at = at;
    made->interval = std::chrono::seconds(1);
    made->server.target = "embedded";
    made->server.version = "15.6";
    metrics::SampleBuilder builder(*made);
    builder.push(kUsage, usage);
    builder.push(kOut, static_cast<double>(number));
    builder.push(kDisk, 0.25, {{"mountpoint", "/"}});
    builder.push(kRead, 1e12 + static_cast<double>(number), {{"device", "sda"}});
    auto wait = std::make_shared<metrics::HistogramValue>();
    wait->bounds = {0.001, 1};
    wait->counts = {3, 2, 1};
    wait->count = 6;
    wait->sum = 2.5;
    builder.push(kWait, std::move(wait));
    return made;
}

inline std::shared_ptr<metrics::Snapshot> tick(std::uint64_t number)
{
    return tick(number, kStart + std::chrono::seconds(number), 0.1 * static_cast<double>(number % 10));
}

} // namespace testexport
