// One evaluation: the tree, the moments, the samples. Private to the evaluator.
#pragma once

#include "monitor/promql/evaluator.h"
#include "monitor/promql/range_functions.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace promql {

// Not thread-safe; made for one query. Everything throws EvalError.
class TreeWalk {
public:
    // `query` are the moments of the whole query, which @ start() and @ end() mean; `grid` those of this part
    // of it.
    TreeWalk(const series::Reader& reader, const Grid& grid, const Grid& query, const EvalOptions& options)
        : m_reader(reader)
        , m_grid(grid)
        , m_query(query)
        , m_options(options)
        , m_steps(grid.count())
    {
        charge(m_steps); // before anything is as long as this
    }

    // A scalar or an instant vector at every moment.
    [[nodiscard]] Columns evaluate(const Expr& expr);
    // The samples of a range selector or subquery, for a grid of one moment.
    [[nodiscard]] std::vector<series::SeriesData> matrix(const Expr& expr)
    {
        RangeTimes times;
        return rangeSamples(expr, times, series::Use::Kind::Exact);
    }

private:
    struct RangeTimes {
        std::int64_t range = 0; // ms
        const Modifiers* when = nullptr;
    };
    enum class Taken { Value, Time };

    Columns evaluateNode(const NumberLiteral& literal);
    Columns evaluateNode(const StringLiteral& literal);
    Columns evaluateNode(const VectorSelector& selector);
    Columns evaluateNode(const MatrixSelector& matrix);
    Columns evaluateNode(const Subquery& subquery);
    Columns evaluateNode(const Paren& paren);
    Columns evaluateNode(const Unary& unary);
    Columns evaluateNode(const Binary& binary);
    Columns evaluateNode(const Aggregate& node);
    Columns evaluateNode(const Call& call);

    Columns select(const VectorSelector& selector, Taken taken);
    Columns timestampCall(const Call& call);
    Columns rangeCall(const Call& call);
    Columns endsCall(const MatrixSelector& matrix, EndsFunction function);
    std::vector<series::SeriesData> rangeSamples(const Expr& expr, RangeTimes& times, series::Use::Kind kind);
    bool slideOver(const series::SeriesData& data, const RangeTimes& times, RangeFunction function,
                   const std::vector<Columns>& scalars, std::vector<double>& out) const;
    Columns absentOverTime(const Expr& range, const std::vector<series::SeriesData>& data,
                           const RangeTimes& times) const;
    [[nodiscard]] Grid subqueryGrid(const Subquery& subquery) const;
    [[nodiscard]] Column constant(double value);
    [[nodiscard]] Column timeColumn();
    // The moment a selector looks at when the query stands at `at`.
    [[nodiscard]] std::int64_t effective(const Modifiers& when, std::int64_t at) const noexcept;
    void charge(std::size_t samples);
    void requireWanted() const; // throws when the query was given up

    const series::Reader& m_reader;
    const Grid m_grid;
    const Grid m_query;
    const EvalOptions& m_options;
    const std::size_t m_steps;
    std::size_t m_samples = 0; // loaded so far
};

} // namespace promql
