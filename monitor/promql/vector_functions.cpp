// Source of the rules: promql/functions.go of Prometheus 2.42 (Apache-2.0).
#include "monitor/promql/vector_functions.h"

#include "monitor/promql/text.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace promql {

namespace {

using series::Labels;
using series::LabelsPtr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Relabel = std::function<Labels(const Labels&)>;
using Recompute = std::function<double(double value, std::size_t step)>;

// Every column with other labels and values.
Columns mapped(const Columns& input, std::size_t steps, const Relabel& relabel, const Recompute& recompute)
{
    ColumnBuilder builder(steps);
    for (const Column& column : input) {
        const std::size_t slot = builder.slot(share(relabel(*column.labels)));
        for (std::size_t step = 0; step < steps; ++step) {
            if (!isAbsent(column.values[step])) {
                builder.put(slot, step, recompute(column.values[step], step));
            }
        }
    }
    return builder.take();
}

double unchanged(double value, std::size_t)
{
    return value;
}

const std::string& stringArgument(const Call& call, std::size_t index)
{
    return std::get<StringLiteral>(unwrapped(*call.arguments[index]).node).value;
}

// Go's math.Max and math.Min: NaN wins over numbers.
double goMax(double a, double b) noexcept
{
    return std::isnan(a) || std::isnan(b) ? kNan : std::max(a, b);
}

double goMin(double a, double b) noexcept
{
    return std::isnan(a) || std::isnan(b) ? kNan : std::min(a, b);
}

Columns clamp(const std::vector<Columns>& arguments, std::size_t steps)
{
    const auto& low = arguments[1].front().values;
    const auto& high = arguments[2].front().values;
    Columns input = arguments[0];
    for (Column& column : input) {
        for (std::size_t step = 0; step < steps; ++step) {
            if (high[step] < low[step]) {
                column.values[step] = absentValue();
            }
        }
    }
    return mapped(input, steps, series::withoutName,
                  [&](double value, std::size_t step) { return goMax(low[step], goMin(high[step], value)); });
}

Columns round(const std::vector<Columns>& arguments, std::size_t steps)
{
    return mapped(arguments[0], steps, series::withoutName, [&](double value, std::size_t step) {
        const double nearest = arguments.size() > 1 ? arguments[1].front().values[step] : 1;
        const double inverse = 1 / nearest; // fewer rounding errors than dividing by it
        return std::floor(value * inverse + 0.5) / inverse;
    });
}

Columns scalar(const Columns& input, std::size_t steps)
{
    std::vector<double> values(steps, kNan);
    for (std::size_t step = 0; step < steps; ++step) {
        std::size_t count = 0;
        for (const Column& column : input) {
            if (!isAbsent(column.values[step])) {
                values[step] = ++count == 1 ? column.values[step] : kNan;
            }
        }
    }
    return {scalarColumn(std::move(values))};
}

Columns absent(const Call& call, const Columns& input, std::size_t steps)
{
    ColumnBuilder builder(steps);
    const std::size_t slot = builder.slot(share(absentLabels(*call.arguments.front())));
    for (std::size_t step = 0; step < steps; ++step) {
        const bool none = std::all_of(input.begin(), input.end(),
                                      [step](const Column& column) { return isAbsent(column.values[step]); });
        if (none) {
            builder.put(slot, step, 1);
        }
    }
    return builder.take();
}

// Only an instant query has an order to sort.
Columns sorted(Columns input, std::size_t steps, std::string_view name)
{
    if (steps != 1) {
        return input;
    }
    const bool descending = name == "sort_desc";
    std::stable_sort(input.begin(), input.end(), [descending](const Column& a, const Column& b) {
        const double left = a.values.front();
        const double right = b.values.front();
        if (std::isnan(left) || std::isnan(right)) {
            return !std::isnan(left) && std::isnan(right); // NaN last either way
        }
        return descending ? left > right : left < right;
    });
    return input;
}

// The replacement's $1, ${1}, $name and ${name} filled in, as Go's regexp.Expand: a name reaches as far as
// letters, digits and underscores do, and an unknown one is empty.
std::string expanded(std::string_view replacement, const re2::RE2& regex,
                     const std::vector<re2::StringPiece>& groups)
{
    const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::string out;
    for (std::size_t at = 0; at < replacement.size();) {
        const auto dollar = replacement.find('$', at);
        out += replacement.substr(at, dollar - at);
        if (dollar == std::string_view::npos) {
            break;
        }
        at = dollar + 1;
        if (at < replacement.size() && replacement[at] == '$') {
            out += '$';
            ++at;
            continue;
        }
        const bool braced = at < replacement.size() && replacement[at] == '{';
        const std::size_t begin = at + (braced ? 1 : 0);
        std::size_t end = begin;
        while (end < replacement.size() && isWord(replacement[end])) {
            ++end;
        }
        if (end == begin || (braced && (end == replacement.size() || replacement[end] != '}'))) {
            out += '$'; // no reference after all
            continue;
        }
        const std::string name(replacement.substr(begin, end - begin));
        at = end + (braced ? 1 : 0);
        std::size_t index = groups.size();
        if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) {
            index = name.size() < 6 ? static_cast<std::size_t>(std::stoul(name)) : groups.size();
        } else if (const auto found = regex.NamedCapturingGroups().find(name);
                   found != regex.NamedCapturingGroups().end()) {
            index = static_cast<std::size_t>(found->second);
        }
        if (index < groups.size()) {
            out.append(groups[index].data(), groups[index].size());
        }
    }
    return out;
}

Columns labelReplace(const Call& call, const Columns& input, std::size_t steps)
{
    const std::string& target = stringArgument(call, 1);
    const std::string& replacement = stringArgument(call, 2);
    const std::string& source = stringArgument(call, 3);
    const std::string& pattern = stringArgument(call, 4);
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex("^(?:" + pattern + ")$", options);
    if (!regex.ok()) {
        throw EvalError("invalid regular expression in label_replace(): " + pattern);
    }
    if (!series::isLabelName(target)) {
        throw EvalError("invalid destination label name in label_replace(): " + target);
    }
    const auto relabel = [&](const Labels& labels) {
        const std::string_view text = series::labelValue(labels, source);
        std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
        const re2::StringPiece subject(text.data(), text.size());
        if (!regex.Match(subject, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(),
                         static_cast<int>(groups.size()))) {
            return labels;
        }
        Labels result = labels;
        series::setLabel(result, target, expanded(replacement, regex, groups));
        return result;
    };
    return mapped(input, steps, relabel, unchanged);
}

Columns labelJoin(const Call& call, const Columns& input, std::size_t steps)
{
    const std::string& target = stringArgument(call, 1);
    const std::string& separator = stringArgument(call, 2);
    for (std::size_t i = 3; i < call.arguments.size(); ++i) {
        if (!series::isLabelName(stringArgument(call, i))) {
            throw EvalError("invalid source label name in label_join(): " + stringArgument(call, i));
        }
    }
    if (!series::isLabelName(target)) {
        throw EvalError("invalid destination label name in label_join(): " + target);
    }
    const auto relabel = [&](const Labels& labels) {
        std::string text;
        for (std::size_t i = 3; i < call.arguments.size(); ++i) {
            text +=
                (i == 3 ? "" : separator) + std::string(series::labelValue(labels, stringArgument(call, i)));
        }
        Labels result = labels;
        series::setLabel(result, target, text);
        return result;
    };
    return mapped(input, steps, relabel, unchanged);
}

Columns histogramQuantile(const Columns& shares, const Columns& input, std::size_t steps)
{
    struct Part {
        double bound;
        const Column* column;
    };
    std::map<Labels, std::pair<LabelsPtr, std::vector<Part>>> histograms;
    static const std::vector<std::string> kBound{"le"};
    for (const Column& column : input) {
        double bound = 0;
        if (!parseFloat(series::labelValue(*column.labels, "le"), bound) || std::isnan(bound)) {
            continue; // no bucket
        }
        // Histograms of different names are different ones, though the result has no name.
        auto& histogram = histograms[series::dropLabels(*column.labels, kBound)];
        if (!histogram.first) {
            histogram.first = share(series::dropLabels(series::withoutName(*column.labels), kBound));
        }
        histogram.second.push_back({bound, &column});
    }
    ColumnBuilder builder(steps);
    std::vector<Bucket> buckets;
    for (const auto& [key, histogram] : histograms) {
        const std::size_t slot = builder.slot(histogram.first);
        for (std::size_t step = 0; step < steps; ++step) {
            buckets.clear();
            for (const Part& part : histogram.second) {
                if (!isAbsent(part.column->values[step])) {
                    buckets.push_back({part.bound, part.column->values[step]});
                }
            }
            if (!buckets.empty()) {
                builder.put(slot, step, bucketQuantile(shares.front().values[step], buckets));
            }
        }
    }
    return builder.take();
}

} // namespace

Columns applyValueFunction(ValueFunction function, const Columns& input)
{
    const std::size_t steps = input.empty() ? 0 : input.front().values.size();
    return mapped(input, steps, series::withoutName,
                  [function](double value, std::size_t) { return function(value); });
}

Columns applyVectorFunction(const Call& call, const std::vector<Columns>& arguments, std::size_t steps)
{
    const std::string_view name = call.function->name;
    if (name == "clamp") {
        return clamp(arguments, steps);
    }
    if (name == "clamp_max" || name == "clamp_min") {
        const auto bound = name == "clamp_max" ? goMin : goMax;
        return mapped(arguments[0], steps, series::withoutName, [&](double value, std::size_t step) {
            return bound(arguments[1].front().values[step], value);
        });
    }
    if (name == "round") {
        return round(arguments, steps);
    }
    if (name == "scalar") {
        return scalar(arguments[0], steps);
    }
    if (name == "vector") {
        return arguments[0];
    }
    if (name == "absent") {
        return absent(call, arguments[0], steps);
    }
    if (name == "sort" || name == "sort_desc") {
        return sorted(arguments[0], steps, name);
    }
    if (name == "label_replace") {
        return labelReplace(call, arguments[0], steps);
    }
    if (name == "label_join") {
        return labelJoin(call, arguments[0], steps);
    }
    if (name == "histogram_quantile") {
        return histogramQuantile(arguments[0], arguments[1], steps);
    }
    // histogram_count, histogram_sum and histogram_fraction look at native histograms only, which are never
    // in here.
    return {};
}

series::Labels absentLabels(const Expr& expr)
{
    const std::vector<series::Matcher>* matchers = nullptr;
    if (const auto* selector = std::get_if<VectorSelector>(&expr.node)) {
        matchers = &selector->matchers;
    } else if (const auto* matrix = std::get_if<MatrixSelector>(&expr.node)) {
        matchers = &matrix->selector.matchers;
    }
    Labels labels;
    std::set<std::string_view> seen;
    for (std::size_t i = 0; matchers != nullptr && i < matchers->size(); ++i) {
        const series::Matcher& matcher = (*matchers)[i];
        if (matcher.name() == series::kNameLabel) {
            continue;
        }
        const bool usable = matcher.op() == series::MatchOp::Equal && seen.insert(matcher.name()).second;
        series::setLabel(labels, matcher.name(), usable ? matcher.value() : "");
    }
    return labels;
}

} // namespace promql
