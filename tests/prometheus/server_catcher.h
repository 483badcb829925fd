// A server that answers as a test wants, and what the client needs to know of it.
#pragma once

#include "monitor/prometheus/client.h"
#include "monitor/series/reader.h"
#include "tests/support/http_catcher.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace prometheus_test {

inline const std::string kEmpty = R"({"status":"success","data":{"resultType":"matrix","result":[]}})";
inline constexpr core::Nanos kAnyAge = std::chrono::hours(24 * 365 * 200); // samples of 1970 are welcome

[[nodiscard]] inline prometheus::ServerSpec specOf(const support::HttpCatcher& catcher)
{
    prometheus::ServerSpec spec;
    spec.url = catcher.url("");
    spec.timeout = std::chrono::seconds(5);
    spec.interval = std::chrono::seconds(1);
    auto sound = prometheus::soundServer(spec);
    return sound ? *sound : prometheus::ServerSpec{};
}

[[nodiscard]] inline support::CatcherAnswer saying(int status, std::string body, std::string headers = {})
{
    return {support::CatcherAnswer::Do::Reply, status, std::move(headers), std::move(body)};
}

// How often this path was asked.
[[nodiscard]] inline std::size_t asked(const support::HttpCatcher& catcher, const std::string& path)
{
    std::size_t count = 0;
    for (const auto& request : catcher.requests()) {
        count += request.path == path ? 1 : 0;
    }
    return count;
}

[[nodiscard]] inline series::LatestSample sampleOf(const std::string& name, std::int64_t at, double value)
{
    return {std::make_shared<const metrics::Labels>(metrics::Labels{{"__name__", name}}), {at, value}};
}

} // namespace prometheus_test
