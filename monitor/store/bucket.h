// What is left of many samples of one series: the figures of a roll-up.
#pragma once

#include "monitor/series/packed_values.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace store {

// Only finite values count. Two buckets that follow each other merge into one without loss.
struct Bucket {
    std::int64_t count = 0;
    double min = 0;
    double max = 0;
    double sum = 0;
    double first = 0;
    double last = 0;
    // Of a counter, from the sample before the bucket to its last one: what fell counts from zero, as in
    // PromQL's increase(). Increases of successive buckets add up.
    double increase = 0;
    double peak = 0; // of a counter the most it grew a second (series::RatePeak)

    // `before` is the sample before this one, if there is any.
    void add(double value, std::optional<double> before);
    void merge(const Bucket& later);
    [[nodiscard]] bool constant() const noexcept { return min == max; }

    friend bool operator==(const Bucket&, const Bucket&) = default;
};

// A bucket at a place: the 0 … 143rd ten minutes of a day.
struct PageCell {
    int slot = 0;
    Bucket bucket;
};

inline constexpr std::int64_t kMinute = 60; // s
inline constexpr std::int64_t kCell = 600;
inline constexpr std::int64_t kHour = 3'600;
inline constexpr std::int64_t kDay = 86'400;

// A day's cells of one series, ascending.
[[nodiscard]] series::Bytes packPage(std::span<const PageCell> cells);
// False when the bytes are no page.
[[nodiscard]] bool unpackPage(std::span<const std::uint8_t> bytes, std::vector<PageCell>& out);

// By its name: counters end in _total, the parts of a histogram in _bucket, _sum and _count
// (https://prometheus.io/docs/practices/naming/).
[[nodiscard]] bool isCounterName(std::string_view name) noexcept;

} // namespace store
