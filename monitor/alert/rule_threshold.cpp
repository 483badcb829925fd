// Another number in a rule's comparison, and in the words that name it.
#include "monitor/alert/comparison.h"
#include "monitor/alert/user_rules.h"
#include "monitor/core/format.h"
#include "monitor/promql/parser.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace alert {

namespace {

// Twelve digits: a share of the plot's height is no measurement.
std::string numberOf(double value)
{
    return core::numberText(std::stod(fmt::format("{:.12g}", value)));
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// `from` as a number of its own ("80" of "80%", not of "180" or "80.5"), outside of templates.
std::string reworded(const std::string& text, const std::string& from, const std::string& to)
{
    std::string result;
    bool inTemplate = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text.compare(at, 2, "{{") == 0 || text.compare(at, 2, "}}") == 0) {
            inTemplate = text[at] == '{';
            result += text.substr(at, 2);
            at += 2;
            continue;
        }
        const std::size_t end = at + from.size();
        const bool begins = at == 0 || (!isDigit(text[at - 1]) && text[at - 1] != '.');
        const bool ends =
            end >= text.size() ||
            (!isDigit(text[end]) && !(text[end] == '.' && end + 1 < text.size() && isDigit(text[end + 1])));
        if (!inTemplate && begins && ends && text.compare(at, from.size(), from) == 0) {
            result += to;
            at = end;
            continue;
        }
        result += text[at++];
    }
    return result;
}

bool isPoolscopes(const std::string& name)
{
    return name.starts_with("poolscope_");
}

} // namespace

core::Result<metrics::RuleDraft> withThreshold(metrics::RuleDraft draft, double threshold)
{
    const auto expr = promql::parseExpression(draft.expr);
    const auto comparison = expr ? comparisonOf(**expr) : std::nullopt;
    if (!comparison || !std::isfinite(threshold)) {
        return core::fail("the expression is no comparison with a number", "expr");
    }
    const promql::Expr& number = promql::unwrapped(*comparison->number);
    const double before = comparison->threshold;
    draft.expr.replace(number.begin, number.end - number.begin, numberOf(threshold));
    const bool ratio = before > 0 && before <= 1;
    const std::string from = ratio ? numberOf(before * 100) + "%" : numberOf(before);
    const std::string to = ratio ? numberOf(threshold * 100) + "%" : numberOf(threshold);
    for (auto& [name, text] : draft.annotations) {
        if (!isPoolscopes(name)) {
            text = reworded(text, from, to);
        }
    }
    return draft;
}

} // namespace alert
