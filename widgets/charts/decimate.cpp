#include "widgets/charts/decimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

namespace {

struct Bucket {
    std::int64_t end = std::numeric_limits<std::int64_t>::min(); // first ms beyond its column
    metrics::Point low, high;
    bool filled = false;

    void flush(std::vector<ColumnPoint>& out)
    {
        if (!filled) {
            return;
        }
        const metrics::Point& first = low.at <= high.at ? low : high;
        const metrics::Point& second = low.at <= high.at ? high : low;
        out.push_back({first.at, first.value});
        if (second.at != first.at) {
            out.push_back({second.at, second.value});
        }
        filled = false;
    }
};

} // namespace

std::vector<ColumnPoint> decimate(std::span<const metrics::Point> samples, const Columns& columns)
{
    std::vector<ColumnPoint> out;
    Bucket bucket;
    for (const metrics::Point& sample : samples) {
        if (std::isnan(sample.value)) {
            bucket.flush(out);
            if (!out.empty() && !std::isnan(out.back().value)) {
                out.push_back({sample.at, sample.value});
            }
            continue;
        }
        if (!bucket.filled || sample.at >= bucket.end) {
            bucket.flush(out);
            const double column =
                std::floor(static_cast<double>(sample.at - columns.from) / columns.msPerColumn);
            bucket.end =
                columns.from + static_cast<std::int64_t>(std::ceil((column + 1) * columns.msPerColumn));
            bucket.low = bucket.high = sample;
            bucket.filled = true;
        } else {
            bucket.low = sample.value < bucket.low.value ? sample : bucket.low;
            bucket.high = sample.value > bucket.high.value ? sample : bucket.high;
        }
    }
    bucket.flush(out);
    return out;
}

ColumnStats statsOf(std::span<const metrics::Point> samples, std::int64_t from, std::int64_t to)
{
    ColumnStats stats;
    double sum = 0;
    for (const metrics::Point& sample : samples) {
        if (sample.at < from || sample.at >= to || std::isnan(sample.value)) {
            continue;
        }
        stats.minimum = stats.count == 0 ? sample.value : std::min(stats.minimum, sample.value);
        stats.maximum = stats.count == 0 ? sample.value : std::max(stats.maximum, sample.value);
        stats.last = sample.value;
        sum += sample.value;
        ++stats.count;
    }
    stats.mean = stats.count > 0 ? sum / stats.count : 0;
    return stats;
}

} // namespace widgets
