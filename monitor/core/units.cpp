#include "monitor/core/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace core {

namespace {

std::string printed(const char* format, double value, std::string_view suffix)
{
    std::array<char, 48> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, value);
    return std::string(buffer.data(), static_cast<std::size_t>(std::max(length, 0))).append(suffix);
}

// Three significant digits below 1000, none after the point for whole small numbers.
std::string threeDigits(double value, std::string_view suffix)
{
    const double size = std::fabs(value);
    if (value == std::floor(value) && size < 1000) {
        return printed("%.0f", value, suffix);
    }
    return printed(size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f", value, suffix);
}

std::string scaled(double value, double step, const std::array<std::string_view, 7>& suffixes)
{
    std::size_t index = 0;
    while (std::fabs(value) >= step * 0.9995 && index + 1 < suffixes.size()) {
        value /= step;
        ++index;
    }
    return threeDigits(value, suffixes[index]);
}

std::string secondsText(double value)
{
    const double size = std::fabs(value);
    if (size == 0) {
        return "0 s";
    }
    if (size < 1e-6) {
        return threeDigits(value * 1e9, " ns");
    }
    if (size < 1e-3) {
        return threeDigits(value * 1e6, " µs");
    }
    if (size < 0.9995) {
        return threeDigits(value * 1e3, " ms");
    }
    if (size < 120) {
        return threeDigits(value, " s");
    }
    return spanText(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(value)));
}

constexpr std::array<std::string_view, 7> kSi{"", " k", " M", " G", " T", " P", " E"};
constexpr std::array<std::string_view, 7> kSiRate{" /s", " k/s", " M/s", " G/s", " T/s", " P/s", " E/s"};
constexpr std::array<std::string_view, 7> kIec{" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
constexpr std::array<std::string_view, 7> kIecRate{" B/s",   " KiB/s", " MiB/s", " GiB/s",
                                                   " TiB/s", " PiB/s", " EiB/s"};

} // namespace

std::string humanText(double value, Unit unit)
{
    if (std::isnan(value)) {
        return "–";
    }
    if (std::isinf(value)) {
        return value > 0 ? "∞" : "-∞";
    }
    switch (unit) {
    case Unit::None:
    case Unit::Count:
        return scaled(value, 1000, kSi);
    case Unit::Ratio:
        return printed("%.1f", value * 100, " %");
    case Unit::Seconds:
        return secondsText(value);
    case Unit::Bytes:
        return scaled(value, 1024, kIec);
    case Unit::BytesPerSecond:
        return scaled(value, 1024, kIecRate);
    case Unit::PerSecond:
        return scaled(value, 1000, kSiRate);
    case Unit::Load:
        return printed("%.2f", value, "");
    }
    return {};
}

std::string spanText(std::chrono::nanoseconds span)
{
    using namespace std::chrono;
    if (span < 1s) {
        return printed("%.0f", duration<double, std::milli>(span).count(), " ms");
    }
    const auto whole = static_cast<long long>(floor<std::chrono::seconds>(span).count());
    std::array<char, 48> buffer{};
    if (whole < 10) {
        std::snprintf(buffer.data(), buffer.size(), "%.1f s", duration<double>(span).count());
    } else if (whole < 60) {
        std::snprintf(buffer.data(), buffer.size(), "%lld s", whole);
    } else if (whole < 3600) {
        std::snprintf(buffer.data(), buffer.size(), "%lldm %02llds", whole / 60, whole % 60);
    } else if (whole < 86400) {
        std::snprintf(buffer.data(), buffer.size(), "%lldh %02lldm", whole / 3600, whole % 3600 / 60);
    } else {
        std::snprintf(buffer.data(), buffer.size(), "%lldd %lldh", whole / 86400, whole % 86400 / 3600);
    }
    return buffer.data();
}

std::string_view unitName(Unit unit) noexcept
{
    switch (unit) {
    case Unit::None:
        return "";
    case Unit::Count:
        return "count";
    case Unit::Ratio:
        return "ratio";
    case Unit::Seconds:
        return "seconds";
    case Unit::Bytes:
        return "bytes";
    case Unit::BytesPerSecond:
        return "bytes_per_second";
    case Unit::PerSecond:
        return "per_second";
    case Unit::Load:
        return "load";
    }
    return "";
}

} // namespace core
