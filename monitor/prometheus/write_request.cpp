#include "monitor/prometheus/write_request.h"

#include <snappy.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace prometheus {

namespace {

// Field numbers and wire types of the .proto files (https://protobuf.dev/programming-guides/encoding).
constexpr std::uint8_t kBytes = 2;
constexpr std::uint8_t kTimeSeries = 1U << 3U | kBytes; // WriteRequest.timeseries
constexpr std::uint8_t kLabel = 1U << 3U | kBytes;      // TimeSeries.labels
constexpr std::uint8_t kSample = 2U << 3U | kBytes;     // TimeSeries.samples
constexpr std::uint8_t kName = 1U << 3U | kBytes;       // Label.name
constexpr std::uint8_t kText = 2U << 3U | kBytes;       // Label.value
constexpr std::uint8_t kValue = 1U << 3U | 1U;          // Sample.value, a double
constexpr std::uint8_t kTime = 2U << 3U;                // Sample.timestamp, an int64

void addVarint(std::string& out, std::uint64_t value)
{
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7U;
    }
    out += static_cast<char>(value);
}

void addBytes(std::string& out, std::uint8_t tag, std::string_view bytes)
{
    out += static_cast<char>(tag);
    addVarint(out, bytes.size());
    out += bytes;
}

std::string labelBytes(const std::pair<std::string, std::string>& label)
{
    std::string out;
    addBytes(out, kName, label.first);
    addBytes(out, kText, label.second);
    return out;
}

std::string sampleBytes(const series::Sample& sample)
{
    std::string out(1, static_cast<char>(kValue));
    const auto bits = std::bit_cast<std::uint64_t>(sample.value);
    for (unsigned shift = 0; shift < 64; shift += 8) {
        out += static_cast<char>(bits >> shift & 0xFFU);
    }
    out += static_cast<char>(kTime);
    addVarint(out, static_cast<std::uint64_t>(sample.at));
    return out;
}

metrics::Labels withExternal(metrics::Labels labels, const metrics::Labels& external)
{
    for (const auto& label : external) {
        const bool taken = std::any_of(labels.begin(), labels.end(),
                                       [&](const auto& own) { return own.first == label.first; });
        if (!taken) {
            labels.push_back(label);
        }
    }
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    std::sort(labels.begin(), labels.end());
    return labels;
}

} // namespace

std::string writeRequest(std::span<const series::LatestSample> samples, const metrics::Labels& external)
{
    struct One {
        const metrics::Labels* labels;
        std::string samples;
    };
    std::vector<One> all;
    std::unordered_map<metrics::Labels, std::size_t, series::LabelsHash> index;
    for (const series::LatestSample& one : samples) {
        const auto [known, fresh] = index.try_emplace(*one.labels, all.size());
        if (fresh) {
            all.push_back({one.labels.get(), {}});
        }
        addBytes(all[known->second].samples, kSample, sampleBytes(one.sample));
    }
    std::string out;
    for (const One& one : all) {
        std::string series;
        for (const auto& label : withExternal(*one.labels, external)) {
            addBytes(series, kLabel, labelBytes(label));
        }
        addBytes(out, kTimeSeries, series + one.samples);
    }
    return out;
}

std::string snappyBlock(std::string_view text)
{
    std::string out;
    snappy::Compress(text.data(), text.size(), &out);
    return out;
}

} // namespace prometheus
