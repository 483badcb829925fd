// Querier: the smallest and largest of each step.
#include "monitor/promql/querier.h"

#include "monitor/series/label_ops.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace promql {

namespace {

using metrics::Extremes;
using metrics::ExtremesSeries;
using metrics::Steps;

// A selector whose samples are wanted as they are; else nullptr.
const VectorSelector* plainSelector(const Expr& expr)
{
    const auto* selector = std::get_if<VectorSelector>(&unwrapped(expr).node);
    const bool plain =
        selector != nullptr && selector->when.offset == 0 && !selector->when.at && !selector->when.atBoundary;
    return plain ? selector : nullptr;
}

// sum(selector), without grouping: the selector; else nullptr.
const VectorSelector* summedSelector(const Expr& expr)
{
    const auto* sum = std::get_if<Aggregate>(&unwrapped(expr).node);
    const bool plain = sum != nullptr && sum->op == TokenType::Sum && sum->grouping.empty() && !sum->without;
    return plain ? plainSelector(*sum->operand) : nullptr;
}

// rate(selector[…]) or the sum of it: the selector; else nullptr.
const VectorSelector* ratedSelector(const Expr& expr)
{
    const Expr* rated = &unwrapped(expr);
    if (const auto* sum = std::get_if<Aggregate>(&rated->node)) {
        const bool plain = sum->op == TokenType::Sum && sum->grouping.empty() && !sum->without;
        rated = plain ? &unwrapped(*sum->operand) : rated;
    }
    const auto* call = std::get_if<Call>(&rated->node);
    if (call == nullptr || call->function == nullptr || call->function->name != "rate" || call->arguments.size() != 1) {
        return nullptr;
    }
    const auto* matrix = std::get_if<MatrixSelector>(&unwrapped(*call->arguments.front()).node);
    const bool plain = matrix != nullptr && matrix->selector.when.offset == 0 && !matrix->selector.when.at &&
                       !matrix->selector.when.atBoundary;
    return plain ? &matrix->selector : nullptr;
}

std::vector<series::Envelope> envelopesOf(const series::Reader& reader, const VectorSelector& selector,
                                          const Steps& steps)
{
    const std::int64_t columns = steps.count();
    const series::ColumnGrid grid{steps.start, steps.start + columns * steps.step,
                                  static_cast<std::size_t>(columns)};
    return reader.envelopeOf(selector.matchers, grid);
}

std::int64_t beginOf(const Steps& steps, std::size_t column)
{
    return steps.start + static_cast<std::int64_t>(column) * steps.step;
}

ExtremesSeries seriesOf(const series::Envelope& envelope, const Steps& steps)
{
    ExtremesSeries found{*envelope.labels, {}};
    for (std::size_t i = 0; i < envelope.columns.size(); ++i) {
        const series::EnvelopeColumn& column = envelope.columns[i];
        if (column.count > 0) {
            found.steps.push_back(
                {beginOf(steps, i), column.min, column.max, column.sum / static_cast<double>(column.count)});
        }
    }
    return found;
}

// When one series was at its largest, each other was at least at its smallest: so much the sum did reach, and
// it may have been more. The same the other way round. Exact for a single series.
ExtremesSeries sumOf(const std::vector<series::Envelope>& parts, const Steps& steps)
{
    ExtremesSeries sum;
    for (std::size_t i = 0; !parts.empty() && i < parts.front().columns.size(); ++i) {
        double least = 0;
        double most = 0;
        double mean = 0;
        double reach = 0; // the widest single series
        bool any = false;
        for (const series::Envelope& part : parts) {
            const series::EnvelopeColumn& column = part.columns[i];
            if (column.count > 0) {
                any = true;
                least += column.min;
                most += column.max;
                mean += column.sum / static_cast<double>(column.count);
                reach = std::max(reach, column.max - column.min);
            }
        }
        if (any) {
            sum.steps.push_back(
                {beginOf(steps, i), std::min(most - reach, mean), std::max(least + reach, mean), mean});
        }
    }
    return sum;
}

// A burst of a second is lost between two looks, and in the mean of a minute: of what counts the steepest is kept. Of a
// sum each series' own, which the sum did reach.
void raiseToPeaks(const std::vector<series::Envelope>& parts, const Steps& steps, std::vector<ExtremesSeries>& all)
{
    for (ExtremesSeries& found : all) {
        for (const series::Envelope& part : parts) {
            if (!found.labels.empty() && series::withoutName(*part.labels) != found.labels) {
                continue; // a sum has no labels
            }
            for (Extremes& step : found.steps) {
                const auto column = static_cast<std::size_t>((step.at - steps.start) / steps.step);
                if (column < part.columns.size()) {
                    step.max = std::max(step.max, part.columns[column].peak);
                }
            }
        }
    }
}

} // namespace

core::Result<std::vector<ExtremesSeries>>
Querier::extremes(const std::stop_token& stop, std::string_view expression, const Steps& steps) const
{
    const auto expr = parsed(expression);
    if (!expr) {
        return core::Unexpected{expr.error()};
    }
    std::vector<ExtremesSeries> all;
    if (steps.count() == 0) {
        return all;
    }
    if (static_cast<std::size_t>(steps.count()) > kMaxPoints) {
        return core::fail("more than 11,000 steps", "bad_data");
    }
    try {
        if (const VectorSelector* selector = plainSelector(**expr)) {
            for (const series::Envelope& envelope : envelopesOf(m_reader, *selector, steps)) {
                all.push_back(promql::seriesOf(envelope, steps));
            }
            return all;
        }
        if (const VectorSelector* selector = summedSelector(**expr)) {
            const auto parts = envelopesOf(m_reader, *selector, steps);
            if (!parts.empty()) {
                all.push_back(sumOf(parts, steps));
            }
            return all;
        }
    } catch (const series::TooManySamples& failure) {
        return core::fail(failure.what(), "execution");
    }
    const std::int64_t look = metrics::lookWithin(steps.step);
    auto result = evaluateRange(**expr, m_reader, {steps.start + look, steps.end, look}, optionsUntil(stop));
    if (!result) {
        const std::string& message = result.error().message;
        return core::fail(message, message == kCanceled ? "canceled" : "execution");
    }
    for (const metrics::PointSeries& series : result->series) {
        all.push_back({series.labels, metrics::foldExtremes(series.points, steps)});
    }
    if (const VectorSelector* selector = ratedSelector(**expr)) {
        try {
            raiseToPeaks(envelopesOf(m_reader, *selector, steps), steps, all);
        } catch (const series::TooManySamples& failure) {
            return core::fail(failure.what(), "execution");
        }
    }
    return all;
}

} // namespace promql
