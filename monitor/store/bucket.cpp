#include "monitor/store/bucket.h"

#include "monitor/series/bit_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace store {

namespace {

constexpr double kMost = std::numeric_limits<double>::max();
constexpr std::size_t kSlots = kDay / kCell;
constexpr std::uint64_t kPageFormat = 2; // 1 had no peaks

// SQLite has no NaN: sums of extremes stay at the extreme.
double bounded(double value) noexcept
{
    return std::isnan(value) ? 0 : std::clamp(value, -kMost, kMost);
}

using Field = double (*)(const Bucket&);
using Setter = void (*)(Bucket&, double);
struct FieldRow {
    Field get;
    Setter set;
};

constexpr std::array kFields{
    FieldRow{[](const Bucket& b) { return static_cast<double>(b.count); },
             [](Bucket& b, double v) { b.count = v >= 0 && v < 1e15 ? static_cast<std::int64_t>(v) : 0; }},
    FieldRow{[](const Bucket& b) { return b.min; }, [](Bucket& b, double v) { b.min = v; }},
    FieldRow{[](const Bucket& b) { return b.max; }, [](Bucket& b, double v) { b.max = v; }},
    FieldRow{[](const Bucket& b) { return b.sum; }, [](Bucket& b, double v) { b.sum = v; }},
    FieldRow{[](const Bucket& b) { return b.first; }, [](Bucket& b, double v) { b.first = v; }},
    FieldRow{[](const Bucket& b) { return b.last; }, [](Bucket& b, double v) { b.last = v; }},
    FieldRow{[](const Bucket& b) { return b.increase; }, [](Bucket& b, double v) { b.increase = v; }},
    FieldRow{[](const Bucket& b) { return b.peak; }, [](Bucket& b, double v) { b.peak = v; }},
};

} // namespace

void Bucket::add(double value, std::optional<double> before)
{
    if (!std::isfinite(value)) {
        return;
    }
    if (before) {
        increase = bounded(increase + (value >= *before ? value - *before : value));
    }
    min = count == 0 ? value : std::min(min, value);
    max = count == 0 ? value : std::max(max, value);
    first = count == 0 ? value : first;
    last = value;
    sum = bounded(sum + value);
    ++count;
}

void Bucket::merge(const Bucket& later)
{
    if (later.count == 0) {
        return;
    }
    if (count == 0) {
        *this = later;
        return;
    }
    count += later.count;
    min = std::min(min, later.min);
    max = std::max(max, later.max);
    sum = bounded(sum + later.sum);
    last = later.last;
    increase = bounded(increase + later.increase);
    peak = std::max(peak, later.peak);
}

series::Bytes packPage(std::span<const PageCell> cells)
{
    series::BitWriter head;
    head.put(kPageFormat, 8);
    head.putVarint(cells.size());
    int before = 0;
    for (const PageCell& cell : cells) {
        head.putVarint(static_cast<std::uint64_t>(cell.slot - before));
        before = cell.slot;
    }
    std::vector<series::Bytes> streams;
    std::vector<double> values(cells.size());
    for (const FieldRow& field : kFields) {
        std::transform(cells.begin(), cells.end(), values.begin(),
                       [&](const PageCell& cell) { return field.get(cell.bucket); });
        streams.push_back(series::packValues(values));
        head.putVarint(streams.back().size());
    }
    series::Bytes bytes = head.take();
    for (const series::Bytes& stream : streams) {
        bytes.insert(bytes.end(), stream.begin(), stream.end());
    }
    return bytes;
}

bool unpackPage(std::span<const std::uint8_t> bytes, std::vector<PageCell>& out)
{
    series::BitReader head(bytes);
    const std::uint64_t format = head.get(8);
    const std::size_t count = head.getVarint();
    if (format == 0 || format > kPageFormat || count > kSlots) {
        return false;
    }
    std::vector<PageCell> cells(count);
    std::uint64_t slot = 0;
    for (PageCell& cell : cells) {
        slot += std::min<std::uint64_t>(head.getVarint(), kSlots);
        cell.slot = static_cast<int>(slot);
    }
    const std::size_t fields = format == 1 ? kFields.size() - 1 : kFields.size();
    std::array<std::size_t, kFields.size()> sizes{};
    for (std::size_t i = 0; i < fields; ++i) {
        sizes[i] = head.getVarint();
    }
    if (head.failed() || slot >= kSlots) {
        return false;
    }
    std::size_t at = head.position();
    std::vector<double> values;
    for (std::size_t i = 0; i < fields; ++i) {
        values.clear();
        if (sizes[i] > bytes.size() - at || !series::unpackValues(bytes.subspan(at, sizes[i]), values) ||
            values.size() != count) {
            return false;
        }
        for (std::size_t cell = 0; cell < count; ++cell) {
            kFields[i].set(cells[cell].bucket, values[cell]);
        }
        at += sizes[i];
    }
    out.insert(out.end(), cells.begin(), cells.end());
    return true;
}

bool isCounterName(std::string_view name) noexcept
{
    return name.ends_with("_total") || name.ends_with("_bucket") || name.ends_with("_sum") ||
           name.ends_with("_count");
}

} // namespace store
