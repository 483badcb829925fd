// Source of every formula: promql/functions.go of Prometheus 2.42 (Apache-2.0).
#include "monitor/promql/range_functions.h"

#include "monitor/promql/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace promql {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

enum class Counter { No, Yes };
enum class PerSecond { No, Yes };

double secondsBetween(std::int64_t from, std::int64_t to) noexcept
{
    return static_cast<double>(to - from) / 1000;
}

// What is left of a window when only its ends count.
struct Stretch {
    series::Sample first;
    series::Sample last;
    std::size_t count = 0;
    double change = 0; // with what a counter had counted before each reset
    std::int64_t from = 0;
    std::int64_t to = 0;
};

Stretch stretchOf(const Window& window, Counter counter)
{
    const series::Sample& first = window.samples.front();
    const series::Sample& last = window.samples.back();
    double change = last.value - first.value;
    if (counter == Counter::Yes) {
        for (const std::size_t reset : window.resets) {
            change += window.samples[reset - 1].value;
        }
    }
    return {first, last, window.samples.size(), change, window.from, window.to};
}

Stretch stretchOf(const WindowEnds& window, Counter counter)
{
    const series::RangeEnds& ends = window.ends;
    double change = ends.last.value - ends.first.value;
    if (counter == Counter::Yes) {
        for (const double before : ends.beforeFalls) {
            change += before;
        }
    }
    return {ends.first, ends.last, ends.count, change, window.from, window.to};
}

// The window's change, extrapolated to its ends where samples come close to them.
std::optional<double> extrapolated(const Stretch& window, Counter counter, PerSecond perSecond)
{
    if (window.count < 2) {
        return std::nullopt;
    }
    double toStart = secondsBetween(window.from, window.first.at);
    const double toEnd = secondsBetween(window.last.at, window.to);
    const double sampled = secondsBetween(window.first.at, window.last.at);
    const double between = sampled / static_cast<double>(window.count - 1);
    if (counter == Counter::Yes && window.change > 0 && window.first.value >= 0) {
        // A counter starts at zero: never extrapolate to below it.
        toStart = std::min(toStart, sampled * (window.first.value / window.change));
    }
    const double threshold = between * 1.1;
    double interval = sampled;
    interval += toStart < threshold ? toStart : between / 2;
    interval += toEnd < threshold ? toEnd : between / 2;
    double factor = interval / sampled;
    if (perSecond == PerSecond::Yes) {
        factor /= secondsBetween(window.from, window.to);
    }
    return window.change * factor;
}

template <class AnyWindow>
std::optional<double> rate(const AnyWindow& window)
{
    return extrapolated(stretchOf(window, Counter::Yes), Counter::Yes, PerSecond::Yes);
}

template <class AnyWindow>
std::optional<double> increase(const AnyWindow& window)
{
    return extrapolated(stretchOf(window, Counter::Yes), Counter::Yes, PerSecond::No);
}

template <class AnyWindow>
std::optional<double> delta(const AnyWindow& window)
{
    return extrapolated(stretchOf(window, Counter::No), Counter::No, PerSecond::No);
}

std::optional<double> lastChange(const Window& window, Counter counter)
{
    const auto samples = window.samples;
    if (samples.size() < 2) {
        return std::nullopt;
    }
    const series::Sample& last = samples.back();
    const series::Sample& before = samples[samples.size() - 2];
    const bool reset = counter == Counter::Yes && last.value < before.value;
    const double change = reset ? last.value : last.value - before.value;
    return counter == Counter::Yes ? change / secondsBetween(before.at, last.at) : change;
}

std::optional<double> irate(const Window& window)
{
    return lastChange(window, Counter::Yes);
}

std::optional<double> idelta(const Window& window)
{
    return lastChange(window, Counter::No);
}

std::optional<double> avgOverTime(const Window& window)
{
    KahanSum mean;
    double count = 0;
    for (const series::Sample& sample : window.samples) {
        ++count;
        if (std::isinf(mean.sum)) {
            const bool sameInf = std::isinf(sample.value) && (mean.sum > 0) == (sample.value > 0);
            if (sameInf || std::isfinite(sample.value)) {
                continue; // Inf - Inf would make a NaN of a mean that is right already
            }
        }
        mean.add(sample.value / count - mean.sum / count);
    }
    return std::isinf(mean.sum) ? mean.sum : mean.total();
}

std::optional<double> countOverTime(const Window& window)
{
    return static_cast<double>(window.samples.size());
}

std::optional<double> lastOverTime(const Window& window)
{
    return window.samples.back().value;
}

std::optional<double> maxOverTime(const Window& window)
{
    double most = window.samples.front().value;
    for (const series::Sample& sample : window.samples) {
        if (sample.value > most || std::isnan(most)) {
            most = sample.value;
        }
    }
    return most;
}

std::optional<double> minOverTime(const Window& window)
{
    double least = window.samples.front().value;
    for (const series::Sample& sample : window.samples) {
        if (sample.value < least || std::isnan(least)) {
            least = sample.value;
        }
    }
    return least;
}

std::optional<double> sumOverTime(const Window& window)
{
    KahanSum sum;
    for (const series::Sample& sample : window.samples) {
        sum.add(sample.value);
    }
    return std::isinf(sum.sum) ? sum.sum : sum.total();
}

std::optional<double> stdvarOverTime(const Window& window)
{
    KahanSum mean;
    KahanSum squares;
    double count = 0;
    for (const series::Sample& sample : window.samples) {
        ++count;
        const double distance = sample.value - mean.total();
        mean.add(distance / count);
        squares.add(distance * (sample.value - mean.total()));
    }
    return squares.total() / count;
}

std::optional<double> stddevOverTime(const Window& window)
{
    return std::sqrt(*stdvarOverTime(window));
}

std::optional<double> quantileOverTime(const Window& window)
{
    std::vector<double> values;
    values.reserve(window.samples.size());
    for (const series::Sample& sample : window.samples) {
        values.push_back(sample.value);
    }
    return quantileOf(window.first, values);
}

std::optional<double> presentOverTime(const Window&)
{
    return 1;
}

std::optional<double> resets(const Window& window)
{
    return static_cast<double>(window.resets.size());
}

std::optional<double> changes(const Window& window)
{
    double count = 0;
    for (std::size_t i = 1; i < window.samples.size(); ++i) {
        const double before = window.samples[i - 1].value;
        const double now = window.samples[i].value;
        if (now != before && !(std::isnan(now) && std::isnan(before))) {
            ++count;
        }
    }
    return count;
}

struct Line {
    double slope = 0; // per second
    double intercept = 0;
};

// Least squares through the samples; the intercept is the value at `zero`.
Line regression(std::span<const series::Sample> samples, std::int64_t zero)
{
    KahanSum x;
    KahanSum y;
    KahanSum xy;
    KahanSum xx;
    const double first = samples.front().value;
    bool constant = true;
    for (const series::Sample& sample : samples) {
        constant = constant && sample.value == first;
        const double time = secondsBetween(zero, sample.at);
        x.add(time);
        y.add(sample.value);
        xy.add(time * sample.value);
        xx.add(time * time);
    }
    if (samples.size() > 1 && constant) {
        return std::isinf(first) ? Line{kNan, kNan} : Line{0, first};
    }
    const auto n = static_cast<double>(samples.size());
    const double covariance = xy.total() - x.total() * y.total() / n;
    const double variance = xx.total() - x.total() * x.total() / n;
    const double slope = covariance / variance;
    return {slope, y.total() / n - slope * x.total() / n};
}

std::optional<double> deriv(const Window& window)
{
    if (window.samples.size() < 2) {
        return std::nullopt;
    }
    // A time near the samples keeps the numbers small: github.com/prometheus/prometheus/issues/2674.
    return regression(window.samples, window.samples.front().at).slope;
}

std::optional<double> predictLinear(const Window& window)
{
    if (window.samples.size() < 2) {
        return std::nullopt;
    }
    const Line line = regression(window.samples, window.at);
    return line.slope * window.first + line.intercept;
}

std::optional<double> holtWinters(const Window& window)
{
    const double smoothing = window.first;
    const double trend = window.second;
    const auto outside = [](double factor) { return factor <= 0 || factor >= 1; };
    if (outside(smoothing)) {
        throw EvalError("invalid smoothing factor. Expected: 0 < sf < 1, got: " + std::to_string(smoothing));
    }
    if (outside(trend)) {
        throw EvalError("invalid trend factor. Expected: 0 < tf < 1, got: " + std::to_string(trend));
    }
    const auto samples = window.samples;
    if (samples.size() < 2) {
        return std::nullopt;
    }
    double before = 0;
    double level = samples[0].value;
    double slope = samples[1].value - samples[0].value;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const double fresh = smoothing * samples[i].value;
        if (i > 1) {
            slope = trend * (level - before) + (1 - trend) * slope;
        }
        const double carried = (1 - smoothing) * (level + slope);
        before = std::exchange(level, fresh + carried);
    }
    return level;
}

struct Entry {
    std::string_view name;
    RangeFunction function;
};

constexpr std::array kTable{
    Entry{"avg_over_time", avgOverTime},
    Entry{"changes", changes},
    Entry{"count_over_time", countOverTime},
    Entry{"delta", delta<Window>},
    Entry{"deriv", deriv},
    Entry{"holt_winters", holtWinters},
    Entry{"idelta", idelta},
    Entry{"increase", increase<Window>},
    Entry{"irate", irate},
    Entry{"last_over_time", lastOverTime},
    Entry{"max_over_time", maxOverTime},
    Entry{"min_over_time", minOverTime},
    Entry{"predict_linear", predictLinear},
    Entry{"present_over_time", presentOverTime},
    Entry{"quantile_over_time", quantileOverTime},
    Entry{"rate", rate<Window>},
    Entry{"resets", resets},
    Entry{"stddev_over_time", stddevOverTime},
    Entry{"stdvar_over_time", stdvarOverTime},
    Entry{"sum_over_time", sumOverTime},
};

} // namespace

void KahanSum::add(double value) noexcept
{
    const double next = sum + value;
    lost += std::fabs(sum) >= std::fabs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
}

double quantileOf(double q, std::vector<double>& values)
{
    if (values.empty() || std::isnan(q)) {
        return kNan;
    }
    if (q < 0) {
        return -kInf;
    }
    if (q > 1) {
        return kInf;
    }
    // NaN first: it counts as the smallest.
    std::sort(values.begin(), values.end(),
              [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
    const auto last = static_cast<double>(values.size() - 1);
    const double rank = q * last;
    const double lower = std::max(0.0, std::floor(rank));
    const double upper = std::min(last, lower + 1);
    const double weight = rank - std::floor(rank);
    return values[static_cast<std::size_t>(lower)] * (1 - weight) +
           values[static_cast<std::size_t>(upper)] * weight;
}

RangeFunction findRangeFunction(std::string_view name) noexcept
{
    const auto at =
        std::find_if(kTable.begin(), kTable.end(), [name](const Entry& entry) { return entry.name == name; });
    return at != kTable.end() ? at->function : nullptr;
}

EndsFunction findEndsFunction(std::string_view name) noexcept
{
    return name == "rate"       ? rate<WindowEnds>
           : name == "increase" ? increase<WindowEnds>
           : name == "delta"    ? delta<WindowEnds>
                                : nullptr;
}

} // namespace promql
