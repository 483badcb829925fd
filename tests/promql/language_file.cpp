#include "language_file.h"

#include "monitor/core/format.h"
#include "monitor/promql/evaluator.h"
#include "monitor/promql/parser.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace language {

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr double kTolerance = 1e-6; // relative; Prometheus' own, whose files give some results in few digits

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r");
    const auto last = text.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string()
                                           : std::string(text.substr(first, last - first + 1));
}

double numberOf(const std::string& text)
{
    if (text == "stale") {
        return series::staleMarker();
    }
    double value = 0;
    if (!promql::parseFloat(text, value)) {
        throw std::runtime_error("no number: " + text);
    }
    return value;
}

// "1", "1x3", "1+2x3", "1-2x3", "_", "_x3".
void addValues(const std::string& item, SeriesLine& line)
{
    static const std::regex pattern(
        R"(^([+-]?(?:[0-9.]+(?:e[+-]?[0-9]+)?|Inf|NaN|inf|nan|stale|_))(?:([+-](?:[0-9.]+(?:e[+-]?[0-9]+)?|Inf|inf|NaN)))?(?:x([0-9]+))?$)");
    std::smatch part;
    if (!std::regex_match(item, part, pattern)) {
        throw std::runtime_error("no series value: " + item);
    }
    const std::size_t times = part[3].matched ? std::stoul(part[3].str()) : 0;
    if (part[1].str() == "_") {
        line.steps += part[3].matched ? times : 1;
        return;
    }
    double value = numberOf(part[1].str());
    const double step = part[2].matched ? numberOf(part[2].str()) : 0;
    for (std::size_t i = 0; i <= times; ++i) {
        line.values.emplace_back(line.steps++, value);
        value = part[2].matched ? value + step : value;
    }
}

bool almostEqual(double a, double b)
{
    if (std::isnan(a) || std::isnan(b)) {
        return std::isnan(a) && std::isnan(b);
    }
    return a == b || std::fabs(a - b) <= kTolerance * std::max(std::fabs(a), std::fabs(b));
}

} // namespace

SeriesLine parseSeriesLine(std::string_view raw)
{
    const std::string text = trimmed(raw);
    SeriesLine line;
    std::size_t end = text.find_first_of("{ \t");
    std::string values;
    if (end != std::string::npos && text[end] == '{') {
        bool quoted = false;
        std::size_t at = end;
        for (; at < text.size() && (quoted || text[at] != '}'); ++at) {
            if (text[at] == '\\') {
                ++at;
            } else if (text[at] == '"') {
                quoted = !quoted;
            }
        }
        // The labels are read by the language's own parser; {} alone is an empty set.
        const std::string metric = text.substr(0, at + 1);
        values = at < text.size() ? text.substr(at + 1) : "";
        if (metric != "{}") {
            const auto matchers = promql::parseSelector(metric);
            if (!matchers) {
                throw std::runtime_error(matchers.error().text() + " in " + metric);
            }
            for (const auto& matcher : *matchers) {
                series::setLabel(line.labels, matcher.name(), matcher.value());
            }
        }
    } else {
        series::setLabel(line.labels, series::kNameLabel, text.substr(0, end));
        values = end == std::string::npos ? "" : text.substr(end);
    }
    std::istringstream items(values);
    for (std::string item; items >> item;) {
        addValues(item, line);
    }
    return line;
}

void Runner::complain(std::string message)
{
    m_failures.push_back("line " + std::to_string(m_line) + ": " + m_expr + ": " + std::move(message));
}

const series::Head& Runner::head()
{
    if (!m_head) {
        m_head = std::make_unique<series::Head>(series::HeadOptions{std::chrono::hours(1'000'000), 100'000});
        for (const auto& [at, values] : m_samples) {
            std::vector<series::NamedSample> samples;
            for (const auto& [labels, value] : values) {
                samples.push_back({labels, value});
            }
            m_head->append(at, samples);
        }
    }
    return *m_head;
}

void Runner::load(std::int64_t step, const std::vector<std::string>& lines)
{
    m_head.reset();
    for (const std::string& text : lines) {
        const SeriesLine line = parseSeriesLine(text);
        for (const auto& [index, value] : line.values) {
            m_samples[static_cast<std::int64_t>(index) * step][line.labels] =
                value; // of two lines the later counts
        }
    }
}

void Runner::compare(const std::vector<std::pair<series::Labels, double>>& got, const Expected& expected,
                     std::string_view where, bool ordered)
{
    const auto show = [](const auto& one) {
        return series::labelsText(one.first) + " " + core::numberText(one.second);
    };
    ++m_checks;
    if (expected.scalar) {
        if (got.size() != 1 || !almostEqual(got.front().second, expected.value)) {
            complain(std::string(where) + " wanted " + core::numberText(expected.value) + ", got " +
                     (got.empty() ? "nothing" : show(got.front())));
        }
        return;
    }
    for (std::size_t i = 0; i < expected.series.size(); ++i) {
        const auto& wanted = expected.series[i];
        const auto at =
            std::find_if(got.begin(), got.end(), [&](const auto& one) { return one.first == wanted.first; });
        if (at == got.end()) {
            complain(std::string(where) + " missing " + show(wanted));
        } else if (!almostEqual(at->second, wanted.second)) {
            complain(std::string(where) + " wanted " + show(wanted) + ", got " + show(*at));
        } else if (ordered && static_cast<std::size_t>(at - got.begin()) != i) {
            complain(std::string(where) + " wrong place of " + show(wanted));
        }
    }
    for (const auto& one : got) {
        if (std::none_of(expected.series.begin(), expected.series.end(),
                         [&](const auto& wanted) { return wanted.first == one.first; })) {
            complain(std::string(where) + " unexpected " + show(one));
        }
    }
}

void Runner::eval(std::string_view mode, std::int64_t at, const std::string& expr,
                  const std::vector<std::string>& lines)
{
    m_expr = expr;
    const auto parsed = promql::parseExpression(expr);
    const bool mustFail = mode == "fail";
    if (!parsed) {
        ++m_checks;
        if (!mustFail) {
            complain(parsed.error().text());
        }
        return;
    }
    Expected expected;
    for (const std::string& text : lines) {
        double value = 0;
        if (promql::parseFloat(trimmed(text), value)) {
            expected.scalar = true;
            expected.value = value;
            continue;
        }
        const SeriesLine line = parseSeriesLine(text);
        expected.series.emplace_back(line.labels, line.values.empty() ? 0 : line.values.front().second);
    }
    promql::EvalOptions options;
    const auto result = promql::evaluateInstant(**parsed, head(), at, options);
    if (!result || mustFail) {
        ++m_checks;
        if (result) {
            complain("should fail");
        } else if (!mustFail) {
            complain(result.error().message);
        }
        return;
    }
    std::vector<std::pair<series::Labels, double>> got;
    for (const auto& one : result->series) {
        if (!one.points.empty()) {
            got.emplace_back(one.labels, one.points.front().value);
        }
    }
    compare(got, expected, "instant", mode == "ordered");
    const auto range =
        promql::evaluateRange(**parsed, head(), {at - kMinute, at + kMinute, kMinute}, options);
    if (!range) {
        complain("as a range: " + range.error().message);
        return;
    }
    got.clear();
    for (const auto& one : range->series) {
        for (const auto& point : one.points) {
            if (point.at == at) {
                got.emplace_back(one.labels, point.value);
            }
        }
    }
    compare(got, expected, "range", false);
}

std::vector<std::string> Runner::run(const std::string& text)
{
    static const std::regex loadPattern(R"(^load\s+(\S+)$)");
    static const std::regex evalPattern(R"(^eval(?:_(fail|ordered))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$)");
    std::vector<std::string> lines;
    std::istringstream input(text);
    for (std::string line; std::getline(input, line);) {
        line = trimmed(line);
        lines.push_back(line.starts_with('#') ? std::string("#") : line);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty() || lines[i] == "#") {
            continue;
        }
        m_line = static_cast<int>(i) + 1;
        const std::string command = lines[i];
        std::vector<std::string> block;
        while (command != "clear" && i + 1 < lines.size() && !lines[i + 1].empty()) {
            if (const std::string& next = lines[++i]; next != "#") {
                block.push_back(next);
            }
        }
        std::smatch part;
        if (command == "clear") {
            m_samples.clear();
            m_head.reset();
        } else if (std::regex_match(command, part, loadPattern)) {
            load(*promql::parseDuration(part[1].str()), block);
        } else if (std::regex_match(command, part, evalPattern)) {
            std::int64_t at = 0;
            if (part[2].matched) {
                const std::string when = part[2].str();
                const bool bare = when.find_first_not_of("0123456789") == std::string::npos;
                at = bare ? std::stoll(when) * 1000 : *promql::parseDuration(when);
            }
            eval(part[1].str(), at, part[3].str(), block);
        } else {
            complain("no command: " + command);
        }
    }
    return m_failures;
}

} // namespace language
