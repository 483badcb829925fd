// What evaluation works on: for each series one value a step, so that an operator runs down a column of
// numbers instead of matching labels again at every step.
#pragma once

#include "monitor/series/label_ops.h"
#include "monitor/series/sample.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace promql {

// Marks a step without a value. Arithmetic would turn it into an ordinary NaN: ask isAbsent() first.
inline constexpr std::uint64_t kAbsentBits = 0x7ff4000000000a0b;

[[nodiscard]] inline double absentValue() noexcept
{
    return std::bit_cast<double>(kAbsentBits);
}

[[nodiscard]] inline bool isAbsent(double value) noexcept
{
    return std::bit_cast<std::uint64_t>(value) == kAbsentBits;
}

struct Column {
    series::LabelsPtr labels;
    std::vector<double> values; // one a step
};

using Columns = std::vector<Column>;

// The moments of an evaluation: start, start + step … ≤ end. ms since the epoch; step > 0.
struct Grid {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t step = 1;

    [[nodiscard]] std::size_t count() const noexcept
    {
        return end < start ? 0 : static_cast<std::size_t>((end - start) / step) + 1;
    }
    [[nodiscard]] std::int64_t at(std::size_t index) const noexcept
    {
        return start + static_cast<std::int64_t>(index) * step;
    }
};

// Ends an evaluation with a message in Prometheus' words; caught where the evaluation was begun.
class EvalError final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// By the labels pointed at.
struct LabelsPtrHash {
    [[nodiscard]] std::size_t operator()(const series::LabelsPtr& labels) const noexcept
    {
        return series::hashOf(*labels);
    }
};

struct LabelsPtrEqual {
    [[nodiscard]] bool operator()(const series::LabelsPtr& a, const series::LabelsPtr& b) const noexcept
    {
        return *a == *b;
    }
};

// Collects a result whose label sets are only known on the way. Columns stand in the order of their first
// mention.
class ColumnBuilder {
public:
    explicit ColumnBuilder(std::size_t steps)
        : m_steps(steps)
    {
    }

    // The column with these labels; made when there is none.
    [[nodiscard]] std::size_t slot(const series::LabelsPtr& labels);
    // Fails when the column has a value at this step already: two results with one label set.
    void put(std::size_t slot, std::size_t step, double value);
    // The columns that have a value at all.
    [[nodiscard]] Columns take();

private:
    std::size_t m_steps;
    Columns m_columns;
    std::vector<bool> m_used;
    std::unordered_map<series::LabelsPtr, std::size_t, LabelsPtrHash, LabelsPtrEqual> m_slots;
};

[[nodiscard]] series::LabelsPtr share(series::Labels labels);
// A column without labels.
[[nodiscard]] Column scalarColumn(std::vector<double> values);
// Fails when two columns have the same labels.
void requireDistinct(const Columns& columns);
[[noreturn]] void failSameLabels();

} // namespace promql
