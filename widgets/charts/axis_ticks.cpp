#include "widgets/charts/axis_ticks.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <cmath>

namespace widgets {

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::array kSteps{kSecond,      2 * kSecond, 5 * kSecond, 10 * kSecond, 15 * kSecond, 30 * kSecond,
                            kMinute,      2 * kMinute, 3 * kMinute, 5 * kMinute,  10 * kMinute, 15 * kMinute,
                            30 * kMinute, kHour,       2 * kHour,   3 * kHour,    6 * kHour,    12 * kHour,
                            kDay,         2 * kDay,    7 * kDay,    14 * kDay,    28 * kDay};

bool wholeOnly(core::Unit unit)
{
    return unit == core::Unit::Count || unit == core::Unit::None;
}

double smallestScale(core::Unit unit)
{
    switch (unit) {
    case core::Unit::Ratio:
        return 0.01;
    case core::Unit::Seconds:
        return 0.001;
    case core::Unit::Bytes:
    case core::Unit::BytesPerSecond:
        return 1024;
    case core::Unit::None:
    case core::Unit::Count:
        return 4;
    case core::Unit::PerSecond:
    case core::Unit::Load:
        return 1;
    }
    return 1;
}

// The smallest 1, 2 or 5 times a power of ten that is at least `least`.
double roundStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

} // namespace

TimeTicks timeTicks(std::int64_t from, std::int64_t to, int maxTicks, const QTimeZone& zone)
{
    TimeTicks ticks;
    const std::int64_t span = std::max<std::int64_t>(to - from, 1);
    const std::int64_t least = span / std::max(maxTicks, 1);
    const auto found =
        std::find_if(kSteps.begin(), kSteps.end(), [&](std::int64_t step) { return step > least; });
    ticks.step = found == kSteps.end() ? (least / kDay + 1) * kDay : *found;
    const std::int64_t offset = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(to, Qt::UTC)) * kSecond;
    const std::int64_t local = from + offset;
    const std::int64_t rest = ((local % ticks.step) + ticks.step) % ticks.step;
    for (std::int64_t at = from + (rest == 0 ? 0 : ticks.step - rest); at <= to; at += ticks.step) {
        ticks.at.push_back(at);
    }
    return ticks;
}

QString timeTickText(std::int64_t at, std::int64_t step, const QTimeZone& zone)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at, zone);
    return time.toString(step < kMinute ? QStringLiteral("HH:mm:ss")
                         : step < kDay  ? QStringLiteral("HH:mm")
                                        : QStringLiteral("MM-dd"));
}

ValueScale valueScale(double highest, core::Unit unit, int ticks)
{
    if (!(highest > 0) || std::isinf(highest)) {
        highest = smallestScale(unit);
    }
    highest = std::max(highest, wholeOnly(unit) ? smallestScale(unit) : 0.0);
    const bool binary = unit == core::Unit::Bytes || unit == core::Unit::BytesPerSecond;
    const double base = binary ? std::pow(1024.0, std::floor(std::log2(highest) / 10)) : 1.0;
    ValueScale scale;
    scale.step = roundStep(highest / base / std::max(ticks, 1)) * base;
    if (wholeOnly(unit)) {
        scale.step = std::max(1.0, std::ceil(scale.step));
    }
    scale.top = std::ceil(highest / scale.step - 1e-9) * scale.step;
    return scale;
}

QString valueTickText(double value, core::Unit unit)
{
    if (unit == core::Unit::Ratio) {
        const double percent = value * 100;
        const bool whole = std::fabs(percent - std::round(percent)) < 0.05;
        return QString::number(percent, 'f', whole ? 0 : 1) + QStringLiteral(" %");
    }
    if (value == 0) {
        return QStringLiteral("0");
    }
    QString text = QString::fromStdString(core::humanText(value, unit));
    // "2.00 k" → "2 k", "1.50 GiB" → "1.5 GiB"
    const qsizetype dot = text.indexOf(QLatin1Char('.'));
    if (dot >= 0) {
        qsizetype end = dot + 1;
        while (end < text.size() && text.at(end).isDigit()) {
            ++end;
        }
        qsizetype keep = end;
        while (keep > dot + 1 && text.at(keep - 1) == QLatin1Char('0')) {
            --keep;
        }
        text.remove(keep == dot + 1 ? dot : keep, end - (keep == dot + 1 ? dot : keep));
    }
    return text;
}

} // namespace widgets
