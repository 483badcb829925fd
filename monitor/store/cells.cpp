#include "monitor/store/cells.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace store {

namespace {

using series::Sample;
using series::Use;

// PromQL looks back five minutes for a value: buckets up to here are found wherever it looks.
constexpr std::int64_t kDenseWidth = 60'000;

double valueOf(const Bucket& bucket, Use::Kind kind) noexcept
{
    switch (kind) {
    case Use::Kind::Minimum:
        return bucket.min;
    case Use::Kind::Maximum:
        return bucket.max;
    case Use::Kind::Average:
        return bucket.sum / static_cast<double>(bucket.count);
    case Use::Kind::Exact:
    case Use::Kind::Value:
    case Use::Kind::Counter:
        break;
    }
    return bucket.last;
}

struct Total {
    std::int64_t at = 0;
    double value = 0;
    std::int64_t width = 0; // of the bucket that ends here
};

// Totals where the first bucket begins and where each ends: the last is the counter's own value, each before
// it less by the increase that follows.
std::vector<Total> totalsOf(std::span<const Cell> cells)
{
    std::vector<Total> totals(cells.size() + 1);
    double total = cells.back().bucket.last;
    for (std::size_t i = cells.size(); i-- > 0;) {
        totals[i + 1] = {cells[i].stamp(), total, cells[i].width};
        total -= cells[i].bucket.increase;
    }
    totals.front() = {cells.front().at, total, cells.front().width};
    return totals;
}

class Output {
public:
    Output(std::int64_t from, std::int64_t to, std::vector<Sample>& out)
        : m_from(from)
        , m_to(to)
        , m_out(out)
    {
    }
    void put(std::int64_t at, double value)
    {
        if (at >= m_from && at <= m_to && (m_out.empty() || m_out.back().at < at)) {
            m_out.push_back({at, value});
        }
    }

private:
    const std::int64_t m_from;
    const std::int64_t m_to;
    std::vector<Sample>& m_out;
};

// The last cell that ends at or before `moment`; cells.size() when there is none.
std::size_t endedBy(std::span<const Cell> cells, std::int64_t moment)
{
    const auto after = std::upper_bound(cells.begin(), cells.end(), moment,
                                        [](std::int64_t at, const Cell& cell) { return at < cell.stamp(); });
    return after == cells.begin() ? cells.size() : static_cast<std::size_t>(after - cells.begin()) - 1;
}

// What `visit` does at every moment the query asks about.
void atMoments(const Use& use, const std::function<void(std::int64_t)>& visit)
{
    if (use.step <= 0) {
        visit(use.end);
        return;
    }
    for (std::int64_t at = use.start; at <= use.end; at += use.step) {
        visit(at);
    }
}

void valuesAtMoments(std::span<const Cell> cells, const Use& use, Output& out)
{
    atMoments(use, [&](std::int64_t at) {
        const std::size_t cell = endedBy(cells, at - use.range / 2);
        if (cell < cells.size() && at - use.range / 2 - cells[cell].stamp() <= cells[cell].width) {
            out.put(at, valueOf(cells[cell].bucket, use.kind));
        }
    });
}

// The counter's totals at every bucket's end, and at both ends of every window, on the straight line between
// two buckets: with a sample at its very ends a window's rate needs no guess about what lies beyond.
void totalsAtWindows(std::span<const Cell> cells, const Use& use, Output& out)
{
    const std::vector<Total> totals = totalsOf(cells);
    std::vector<std::int64_t> moments;
    std::transform(totals.begin(), totals.end(), std::back_inserter(moments),
                   [](const Total& total) { return total.at; });
    atMoments(use, [&](std::int64_t at) {
        moments.push_back(at - use.range);
        moments.push_back(at);
    });
    std::sort(moments.begin(), moments.end());
    auto right = totals.begin(); // the first that is later than the moment
    for (const std::int64_t at : moments) {
        right = std::find_if(right, totals.end(), [at](const Total& total) { return total.at > at; });
        if (right == totals.begin()) {
            continue;
        }
        const Total& left = *(right - 1);
        if (left.at == at) {
            out.put(at, left.value);
        } else if (right == totals.end()) {
            if (at - left.at < left.width) {
                out.put(at, left.value);
            }
        } else if (right->at - left.at <= 2 * left.width) {
            const double share = static_cast<double>(at - left.at) / static_cast<double>(right->at - left.at);
            out.put(at, left.value + share * (right->value - left.value));
        }
    }
}

} // namespace

void appendSamples(std::span<const Cell> cells, const Use& use, std::int64_t from, std::int64_t to,
                   std::vector<Sample>& out)
{
    if (cells.empty()) {
        return;
    }
    Output output(from, to, out);
    const std::int64_t width = cells.front().width;
    const bool dense =
        use.kind == Use::Kind::Exact || (use.range > 0 ? 2 * width <= use.range : width <= kDenseWidth);
    if (use.kind == Use::Kind::Counter) {
        totalsAtWindows(cells, use, output);
        return;
    }
    if (!dense) {
        valuesAtMoments(cells, use, output);
        return;
    }
    const std::size_t before = endedBy(cells, from - 1);
    if (use.kind == Use::Kind::Value && before < cells.size() && from - cells[before].stamp() <= width) {
        output.put(from, cells[before].bucket.last); // what held when the range begins
    }
    for (const Cell& cell : cells) {
        output.put(cell.stamp(), valueOf(cell.bucket, use.kind));
    }
}

} // namespace store
