#include "monitor/series/label_ops.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

namespace series {

namespace {

auto lowerBound(auto& labels, std::string_view name)
{
    return std::lower_bound(labels.begin(), labels.end(), name,
                            [](const auto& label, std::string_view wanted) { return label.first < wanted; });
}

bool contains(std::span<const std::string> names, std::string_view name) noexcept
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isLetter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

} // namespace

std::string_view labelValue(const Labels& labels, std::string_view name) noexcept
{
    const auto at = lowerBound(labels, name);
    return at != labels.end() && at->first == name ? std::string_view(at->second) : std::string_view();
}

void setLabel(Labels& labels, std::string_view name, std::string_view value)
{
    const auto at = lowerBound(labels, name);
    const bool present = at != labels.end() && at->first == name;
    if (value.empty()) {
        if (present) {
            labels.erase(at);
        }
    } else if (present) {
        at->second = value;
    } else {
        labels.emplace(at, name, value);
    }
}

Labels keepLabels(const Labels& labels, std::span<const std::string> names)
{
    Labels kept;
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(kept),
                 [&](const auto& label) { return contains(names, label.first); });
    return kept;
}

Labels dropLabels(const Labels& labels, std::span<const std::string> names)
{
    Labels kept;
    kept.reserve(labels.size());
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(kept),
                 [&](const auto& label) { return !contains(names, label.first); });
    return kept;
}

Labels withoutName(const Labels& labels)
{
    Labels kept;
    kept.reserve(labels.size());
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(kept),
                 [](const auto& label) { return label.first != kNameLabel; });
    return kept;
}

Labels normalized(Labels labels)
{
    std::stable_sort(labels.begin(), labels.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Labels result;
    result.reserve(labels.size());
    for (auto& label : labels) {
        if (!result.empty() && result.back().first == label.first) {
            result.back() = std::move(label);
        } else {
            result.push_back(std::move(label));
        }
    }
    std::erase_if(result, [](const auto& label) { return label.second.empty(); });
    return result;
}

std::string quoted(std::string_view raw)
{
    const std::string text = core::validUtf8(raw);
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                std::array<char, 8> buffer{};
                std::snprintf(buffer.data(), buffer.size(), "\\x%02x", static_cast<unsigned>(c));
                out += buffer.data();
            } else {
                out += c;
            }
        }
    }
    return out += '"';
}

std::string labelsText(const Labels& labels)
{
    std::string out(labelValue(labels, kNameLabel));
    std::string inner;
    for (const auto& [name, value] : labels) {
        if (name != kNameLabel) {
            inner += (inner.empty() ? "" : ", ") + name + "=" + quoted(value);
        }
    }
    return inner.empty() && !out.empty() ? out : out + "{" + inner + "}";
}

std::size_t hashOf(const Labels& labels) noexcept
{
    constexpr std::size_t kPrime = 0x9E3779B97F4A7C15ULL;
    const std::hash<std::string_view> hash;
    std::size_t value = labels.size();
    for (const auto& [name, text] : labels) {
        value = (value ^ hash(name)) * kPrime;
        value = (value ^ hash(text)) * kPrime;
        value ^= value >> 32U;
    }
    return value;
}

bool isLabelName(std::string_view name) noexcept
{
    return !name.empty() && isLetter(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return isLetter(c) || isDigit(c); });
}

bool isMetricName(std::string_view name) noexcept
{
    return !name.empty() && (isLetter(name.front()) || name.front() == ':') &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return isLetter(c) || isDigit(c) || c == ':'; });
}

} // namespace series
