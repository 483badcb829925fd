#include "monitor/net/host_handler.h"

#include "monitor/core/format.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace net {

namespace {

constexpr core::Text kNoSample{"there is no sample yet", "尚无采样数据"};

using nlohmann::json;

json percent(double ratio)
{
    return std::isfinite(ratio) ? json(std::round(ratio * 1000) / 10) : json();
}

json whole(double value)
{
    return std::isfinite(value) ? json(std::llround(value)) : json();
}

json number(double value)
{
    return std::isfinite(value) ? json(value) : json();
}

} // namespace

json hostJson(const metrics::Snapshot& snapshot)
{
    return {{"memory_usage", percent(snapshot.value("host_memory_usage_ratio"))},
            {"disk_usage", percent(snapshot.value("host_disk_usage_ratio", {{"mountpoint", "/"}}))},
            {"cpu_usage", percent(snapshot.value("host_cpu_usage_ratio"))},
            {"process_count", whole(snapshot.value("host_processes"))},
            {"load_average",
             {{"1", number(snapshot.value("host_load1"))},
              {"5", number(snapshot.value("host_load5"))},
              {"15", number(snapshot.value("host_load15"))}}},
            {"cores", whole(snapshot.value("host_cpu_cores"))}};
}

Response hostResponse(const metrics::SnapshotPtr& snapshot, core::Lang lang)
{
    if (!snapshot) {
        return errorResponse(503, kNoSample, lang);
    }
    json host = hostJson(*snapshot);
    host["timestamp"] = core::isoUtcMicros(snapshot->at);
    return jsonResponse(200, host);
}

} // namespace net
