#include "monitor/targets/line_reader.h"

#include "monitor/core/format.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace targets {

namespace {

// The end of the year 9999: what lies beyond is no time but a mistake.
constexpr double kLatestMillis = 253'402'300'799'999.0;

bool isNameByte(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

// Sorted, without empty values, which are the absence of the label; a name twice is a mistake.
void settle(metrics::Labels& labels)
{
    std::sort(labels.begin(), labels.end());
    const auto twice = std::adjacent_find(labels.begin(), labels.end(),
                                          [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice != labels.end()) {
        throw BadLine{"a label twice"};
    }
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
}

} // namespace

std::optional<double> parseValue(std::string_view text) noexcept
{
    const bool plus = text.starts_with('+');
    if (plus) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool payload = text.ends_with(')'); // nan(…) is C's, not Prometheus'
    if (text.empty() || payload || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    // A NaN's payload may look like a stale marker: only the plain one is let in.
    return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
}

void LineReader::skipBlanks() noexcept
{
    m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t"), m_rest.size()));
}

bool LineReader::take(char c) noexcept
{
    if (!m_rest.starts_with(c)) {
        return false;
    }
    m_rest.remove_prefix(1);
    return true;
}

std::string_view LineReader::takeName(bool (*isName)(std::string_view) noexcept)
{
    std::size_t length = 0;
    while (length < m_rest.size() && isNameByte(m_rest[length])) {
        ++length;
    }
    const std::string_view name = m_rest.substr(0, length);
    if (!isName(name)) {
        throw BadLine{"no name where one is expected"};
    }
    if (length > m_limits.nameBytes) {
        throw BadLine{"a name that is too long"};
    }
    m_rest.remove_prefix(length);
    return name;
}

std::string_view LineReader::takeWord() noexcept
{
    const std::string_view word = m_rest.substr(0, m_rest.find_first_of(" \t"));
    m_rest.remove_prefix(word.size());
    return word;
}

// \\, \" and \n; a backslash before anything else stands for itself, as in Prometheus.
std::string LineReader::takeQuoted()
{
    if (!take('"')) {
        throw BadLine{"a label's value without its quotes"};
    }
    std::string value;
    while (!m_rest.empty() && m_rest.front() != '"') {
        const char next = m_rest.size() > 1 ? m_rest[1] : '\0';
        if (m_rest.front() == '\\' && (next == '\\' || next == '"' || next == 'n')) {
            value += next == 'n' ? '\n' : next;
            m_rest.remove_prefix(2);
        } else {
            value += m_rest.front();
            m_rest.remove_prefix(1);
        }
        if (value.size() > m_limits.valueBytes) {
            throw BadLine{"a label's value that is too long"};
        }
    }
    if (!take('"')) {
        throw BadLine{"a label's value that does not end"};
    }
    if (core::validUtf8(value) != value) {
        throw BadLine{"a label's value that is not UTF-8"};
    }
    return value;
}

// From behind the opening brace to behind the closing one.
metrics::Labels LineReader::takeLabels()
{
    metrics::Labels labels;
    skipBlanks();
    while (!take('}')) {
        const std::string_view name = takeName(series::isLabelName);
        if (name == series::kNameLabel) {
            throw BadLine{"a label named as the metric's name is"};
        }
        skipBlanks();
        if (!take('=')) {
            throw BadLine{"a label without its value"};
        }
        skipBlanks();
        labels.emplace_back(name, takeQuoted());
        if (labels.size() > m_limits.labels) {
            throw BadLine{fmt::format("more than {} labels (max_labels)", m_limits.labels)};
        }
        skipBlanks();
        const bool more = take(',');
        skipBlanks();
        if (!more && !m_rest.starts_with('}')) {
            throw BadLine{"labels that do not end"};
        }
    }
    settle(labels);
    return labels;
}

double LineReader::takeValue()
{
    skipBlanks();
    const auto value = parseValue(takeWord());
    if (!value) {
        throw BadLine{"no number where one is expected"};
    }
    return *value;
}

// Milliseconds in the older format, seconds in OpenMetrics.
std::optional<std::int64_t> LineReader::takeTime()
{
    skipBlanks();
    if (m_rest.empty() || m_rest.front() == '#') {
        return std::nullopt;
    }
    const std::string_view word = takeWord();
    double millis = 0;
    if (m_format == TextFormat::OpenMetrics) {
        millis = parseValue(word).value_or(std::numeric_limits<double>::quiet_NaN()) * 1000;
    } else {
        std::int64_t whole = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), whole);
        const bool sound = error == std::errc() && end == word.data() + word.size();
        millis = sound ? static_cast<double>(whole) : std::numeric_limits<double>::quiet_NaN();
    }
    if (!(std::abs(millis) <= kLatestMillis)) {
        throw BadLine{"no time where one is expected"};
    }
    return static_cast<std::int64_t>(std::llround(millis));
}

std::optional<PageExemplar> LineReader::takeExemplar()
{
    skipBlanks();
    if (m_format != TextFormat::OpenMetrics || !take('#')) {
        return std::nullopt;
    }
    skipBlanks();
    if (!take('{')) {
        throw BadLine{"an exemplar without its labels"};
    }
    PageExemplar exemplar;
    exemplar.labels = takeLabels();
    exemplar.value = takeValue();
    exemplar.at = takeTime();
    return exemplar;
}

LineParts LineReader::read()
{
    LineParts parts;
    const std::string name(takeName(series::isMetricName));
    skipBlanks();
    if (take('{')) {
        parts.sample.labels = takeLabels();
    }
    series::setLabel(parts.sample.labels, series::kNameLabel, name);
    parts.sample.value = takeValue();
    parts.sample.at = takeTime();
    parts.exemplar = takeExemplar();
    skipBlanks();
    if (!m_rest.empty()) {
        throw BadLine{"more than a line should have"};
    }
    return parts;
}

} // namespace targets
