// Source of every formula: promql/functions.go and promql/quantile.go of Prometheus 2.42 (Apache-2.0).
#include "monitor/promql/value_functions.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

namespace promql {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Moment {
    std::chrono::year_month_day date;
    std::chrono::sys_days day;
    std::int64_t secondOfDay;
};

// Seconds beyond the years the calendar knows are held at its ends.
Moment momentOf(double seconds)
{
    using namespace std::chrono;
    constexpr double kLimit = 9e11; // about 28,500 years either way
    const auto whole =
        static_cast<std::int64_t>(std::isnan(seconds) ? 0 : std::clamp(seconds, -kLimit, kLimit));
    const sys_seconds time{std::chrono::seconds(whole)};
    const sys_days day = floor<days>(time);
    return {year_month_day(day), day, (time - day).count()};
}

double dayOfYear(double value)
{
    using namespace std::chrono;
    const Moment moment = momentOf(value);
    return static_cast<double>((moment.day - sys_days(moment.date.year() / January / 1)).count() + 1);
}

double daysInMonth(double value)
{
    using namespace std::chrono;
    const Moment moment = momentOf(value);
    return static_cast<unsigned>((moment.date.year() / moment.date.month() / last).day());
}

double sign(double value)
{
    return value < 0 ? -1 : value > 0 ? 1 : value;
}

struct Entry {
    std::string_view name;
    ValueFunction function;
};

constexpr std::array<Entry, 23> kMath{{
    {"abs", [](double v) { return std::fabs(v); }},
    {"acos", [](double v) { return std::acos(v); }},
    {"acosh", [](double v) { return std::acosh(v); }},
    {"asin", [](double v) { return std::asin(v); }},
    {"asinh", [](double v) { return std::asinh(v); }},
    {"atan", [](double v) { return std::atan(v); }},
    {"atanh", [](double v) { return std::atanh(v); }},
    {"ceil", [](double v) { return std::ceil(v); }},
    {"cos", [](double v) { return std::cos(v); }},
    {"cosh", [](double v) { return std::cosh(v); }},
    {"deg", [](double v) { return v * 180 / std::numbers::pi; }},
    {"exp", [](double v) { return std::exp(v); }},
    {"floor", [](double v) { return std::floor(v); }},
    {"ln", [](double v) { return std::log(v); }},
    {"log10", [](double v) { return std::log10(v); }},
    {"log2", [](double v) { return std::log2(v); }},
    {"rad", [](double v) { return v * std::numbers::pi / 180; }},
    {"sgn", sign},
    {"sin", [](double v) { return std::sin(v); }},
    {"sinh", [](double v) { return std::sinh(v); }},
    {"sqrt", [](double v) { return std::sqrt(v); }},
    {"tan", [](double v) { return std::tan(v); }},
    {"tanh", [](double v) { return std::tanh(v); }},
}};

constexpr std::array<Entry, 8> kCalendar{{
    {"day_of_month",
     [](double v) { return static_cast<double>(static_cast<unsigned>(momentOf(v).date.day())); }},
    {"day_of_week",
     [](double v) { return static_cast<double>(std::chrono::weekday(momentOf(v).day).c_encoding()); }},
    {"day_of_year", dayOfYear},
    {"days_in_month", daysInMonth},
    {"hour", [](double v) { return static_cast<double>(momentOf(v).secondOfDay / 3600); }},
    {"minute", [](double v) { return static_cast<double>(momentOf(v).secondOfDay / 60 % 60); }},
    {"month", [](double v) { return static_cast<double>(static_cast<unsigned>(momentOf(v).date.month())); }},
    {"year", [](double v) { return static_cast<double>(static_cast<int>(momentOf(v).date.year())); }},
}};

const Entry* findIn(const auto& table, std::string_view name) noexcept
{
    const auto at =
        std::find_if(table.begin(), table.end(), [name](const Entry& entry) { return entry.name == name; });
    return at != table.end() ? &*at : nullptr;
}

// Merges buckets of one bound, then lets no count fall: buckets of different scrapes may be mixed.
void repair(std::vector<Bucket>& buckets)
{
    std::size_t last = 0;
    for (std::size_t i = 1; i < buckets.size(); ++i) {
        if (buckets[i].upperBound == buckets[last].upperBound) {
            buckets[last].count += buckets[i].count;
        } else {
            buckets[++last] = buckets[i];
        }
    }
    buckets.resize(last + 1);
    double most = buckets.front().count;
    for (Bucket& bucket : buckets) {
        if (bucket.count > most) {
            most = bucket.count;
        } else if (bucket.count < most) {
            bucket.count = most;
        }
    }
}

} // namespace

ValueFunction findValueFunction(std::string_view name) noexcept
{
    const Entry* entry = findIn(kMath, name);
    entry = entry != nullptr ? entry : findIn(kCalendar, name);
    return entry != nullptr ? entry->function : nullptr;
}

bool isCalendarFunction(std::string_view name) noexcept
{
    return findIn(kCalendar, name) != nullptr;
}

double bucketQuantile(double q, std::vector<Bucket>& buckets)
{
    if (std::isnan(q) || buckets.empty()) {
        return kNan;
    }
    if (q < 0) {
        return -kInf;
    }
    if (q > 1) {
        return kInf;
    }
    std::sort(buckets.begin(), buckets.end(),
              [](const Bucket& a, const Bucket& b) { return a.upperBound < b.upperBound; });
    if (buckets.back().upperBound != kInf) {
        return kNan;
    }
    repair(buckets);
    const double observations = buckets.back().count;
    if (buckets.size() < 2 || observations == 0) {
        return kNan;
    }
    double rank = q * observations;
    const auto found = std::find_if(buckets.begin(), buckets.end() - 1,
                                    [rank](const Bucket& bucket) { return bucket.count >= rank; });
    if (found == buckets.end() - 1) {
        return (found - 1)->upperBound;
    }
    if (found == buckets.begin() && found->upperBound <= 0) {
        return found->upperBound;
    }
    double start = 0;
    double count = found->count;
    if (found != buckets.begin()) {
        start = (found - 1)->upperBound;
        count -= (found - 1)->count;
        rank -= (found - 1)->count;
    }
    return start + (found->upperBound - start) * (rank / count);
}

} // namespace promql
