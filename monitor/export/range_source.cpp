#include "monitor/export/range_source.h"

#include "monitor/core/canceled.h"
#include "monitor/export/snapshot_columns.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace exporting {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
// The history keeps ten minutes of all series together: parts that begin and end there unpack nothing twice.
constexpr std::int64_t kBlock = 600'000;
constexpr std::int64_t kLongest = 144 * kBlock; // a day
constexpr std::size_t kFew = 50'000;            // samples of a part: the next one may be longer
constexpr std::size_t kMany = 500'000;

core::Unexpected<core::Error> nothing()
{
    return core::fail("nothing is known of this range: is it within what the history keeps?", "EMPTY");
}

// Values by moment and column, given away as rows.
class RowTable {
public:
    explicit RowTable(std::size_t columns)
        : m_row(columns, kNone)
    {
    }
    void add(std::int64_t at, std::size_t column, double value) { m_cells.push_back({at, column, value}); }
    [[nodiscard]] std::size_t size() const noexcept { return m_cells.size(); }

    [[nodiscard]] core::Result<void> give(const RangeSource::Take& take)
    {
        std::stable_sort(m_cells.begin(), m_cells.end(),
                         [](const Cell& a, const Cell& b) { return a.at < b.at; });
        for (std::size_t i = 0; i < m_cells.size();) {
            std::fill(m_row.begin(), m_row.end(), kNone);
            const std::int64_t at = m_cells[i].at;
            for (; i < m_cells.size() && m_cells[i].at == at; ++i) {
                m_row[m_cells[i].column] = m_cells[i].value;
            }
            if (auto taken = take({at, m_row}); !taken) {
                return taken;
            }
        }
        return {};
    }

private:
    struct Cell {
        std::int64_t at = 0;
        std::size_t column = 0;
        double value = 0;
    };
    std::vector<Cell> m_cells;
    std::vector<double> m_row;
};

class SampleSource final : public RangeSource {
public:
    SampleSource(const series::Reader& reader, std::vector<series::Matcher> matchers, const TimeSpan& range,
                 DefFinder defs)
        : m_reader(reader)
        , m_matchers(std::move(matchers))
        , m_range(range)
        , m_defs(std::move(defs))
    {
    }

    core::Result<std::vector<RangeColumn>> columns() override
    {
        std::vector<RangeColumn> columns;
        for (const series::LabelsPtr& labels : m_reader.list(m_matchers, m_range.from, m_range.to)) {
            const std::string_view name = series::labelValue(*labels, series::kNameLabel);
            columns.push_back({seriesHead(*labels, m_defs ? m_defs(name) : nullptr), *labels});
        }
        if (columns.empty()) {
            return nothing();
        }
        std::sort(columns.begin(), columns.end(),
                  [](const RangeColumn& a, const RangeColumn& b) { return a.head < b.head; });
        for (std::size_t i = 0; i < columns.size(); ++i) {
            m_places.emplace(columns[i].labels, i);
        }
        return columns;
    }

    core::Result<void> read(const TimeSpan& part, const Take& take) override
    {
        RowTable table(m_places.size());
        try {
            for (const series::SeriesData& data : m_reader.select(m_matchers, part.from, part.to)) {
                const auto place = m_places.find(*data.labels);
                if (place == m_places.end()) {
                    continue; // began after the columns were written down
                }
                for (const series::Sample& sample : data.samples) {
                    if (!std::isnan(sample.value)) {
                        table.add(sample.at, place->second, sample.value);
                    }
                }
            }
        } catch (const series::TooManySamples& failure) {
            return core::fail(failure.what());
        }
        if (table.size() < kFew) {
            m_stride = std::min(m_stride * 2, kLongest);
        } else if (table.size() > kMany) {
            m_stride = std::max(m_stride / 2, kBlock);
        }
        return table.give(take);
    }

    std::int64_t stride() const override { return m_stride; }

private:
    const series::Reader& m_reader;
    const std::vector<series::Matcher> m_matchers;
    const TimeSpan m_range;
    const DefFinder m_defs;
    std::unordered_map<metrics::Labels, std::size_t, series::LabelsHash> m_places;
    std::int64_t m_stride = kBlock;
};

class ExpressionSource final : public RangeSource {
public:
    ExpressionSource(const metrics::Querier& querier, ExpressionRange what, std::stop_token stop)
        : m_querier(querier)
        , m_what(std::move(what))
        , m_stop(std::move(stop))
    {
    }

    core::Result<std::vector<RangeColumn>> columns() override
    {
        std::vector<RangeColumn> columns;
        std::vector<std::vector<metrics::Point>> points;
        for (const std::string& expression : m_what.expressions) {
            auto answer =
                m_querier.rangeUntil(m_stop, expression, m_what.range.from, m_what.range.to, m_what.step);
            if (!answer) {
                return core::fail(expression + ": " + answer.error().message,
                                  answer.error().code == "canceled" ? core::kCanceled : answer.error().code);
            }
            for (metrics::PointSeries& series : *answer) {
                columns.push_back({headOf(expression, series.labels), series.labels});
                points.push_back(std::move(series.points));
            }
        }
        if (columns.empty()) {
            return nothing();
        }
        m_table = std::make_unique<RowTable>(columns.size());
        for (std::size_t column = 0; column < points.size(); ++column) {
            for (const metrics::Point& point : points[column]) {
                if (!std::isnan(point.value)) {
                    m_table->add(point.at, column, point.value);
                }
            }
        }
        return columns;
    }

    core::Result<void> read(const TimeSpan&, const Take& take) override
    {
        if (!m_table) {
            return {};
        }
        return std::exchange(m_table, nullptr)->give(take);
    }

    std::int64_t stride() const override { return m_what.range.to - m_what.range.from + 1; }

private:
    // With one expression labels are enough; without labels, or with several, the expression says what it is.
    [[nodiscard]] std::string headOf(const std::string& expression, const metrics::Labels& labels) const
    {
        if (!series::labelValue(labels, series::kNameLabel).empty()) {
            return seriesHead(labels, nullptr);
        }
        return labels.empty() ? expression : expression + " " + seriesHead(labels, nullptr);
    }

    const metrics::Querier& m_querier;
    const ExpressionRange m_what;
    const std::stop_token m_stop;
    std::unique_ptr<RowTable> m_table;
};

} // namespace

DefFinder defFinder(std::span<const metrics::MetricDef* const> catalog)
{
    std::map<std::string, const metrics::MetricDef*, std::less<>> byName;
    for (const metrics::MetricDef* def : catalog) {
        byName.emplace(def->name, def);
        if (def->kind == metrics::Kind::Histogram) {
            for (const char* suffix : {"_bucket", "_sum", "_count"}) {
                byName.emplace(std::string(def->name) + suffix, def);
            }
        }
    }
    return [byName = std::move(byName)](std::string_view name) -> const metrics::MetricDef* {
        const auto found = byName.find(name);
        return found != byName.end() ? found->second : nullptr;
    };
}

std::unique_ptr<RangeSource> sampleSource(const series::Reader& reader, std::vector<series::Matcher> matchers,
                                          const TimeSpan& range, DefFinder defs)
{
    return std::make_unique<SampleSource>(reader, std::move(matchers), range, std::move(defs));
}

std::unique_ptr<RangeSource> expressionSource(const metrics::Querier& querier, ExpressionRange what,
                                              std::stop_token stop)
{
    return std::make_unique<ExpressionSource>(querier, std::move(what), std::move(stop));
}

} // namespace exporting
