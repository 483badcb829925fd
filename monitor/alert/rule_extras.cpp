#include "monitor/alert/rule_extras.h"

#include "monitor/core/format.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace alert {

using promql::TokenType;

namespace {

constexpr int kMaxTicks = 1000;
constexpr std::string_view kPrefix = "poolscope_";

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto last = text.find_last_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

bool upward(TokenType op) noexcept
{
    return op == TokenType::Greater || op == TokenType::GreaterEqual;
}

bool downward(TokenType op) noexcept
{
    return op == TokenType::Less || op == TokenType::LessEqual;
}

std::vector<std::string> namesIn(std::string_view text)
{
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = text.find_first_not_of(", \t\r\n", at);
        if (begin == std::string_view::npos) {
            break;
        }
        at = std::min(text.find_first_of(", \t\r\n", begin), text.size());
        names.emplace_back(text.substr(begin, at - begin));
    }
    return names;
}

// Reads one annotation after the other into the extras; what it cannot use becomes a note.
class Reader {
public:
    explicit Reader(const std::optional<ComparedSide>& compared)
        : m_compared(compared)
    {
    }

    void take(const std::string& name, std::string_view value)
    {
        m_name = name;
        const std::string_view key = std::string_view(name).substr(kPrefix.size());
        if (key == "clear") {
            m_extras.clear = below(value);
        } else if (key == "critical") {
            m_extras.critical = beyond(value);
        } else if (key == "critical_clear") {
            m_extras.criticalClear = level(value);
        } else if (key == "no_data") {
            noData(value);
        } else if (key == "no_data_ticks") {
            ticks(value);
        } else if (key == "error") {
            error(value);
        } else if (key == "repeat") {
            repeat(value);
        } else if (key == "response") {
            m_extras.response = std::string(value);
        } else if (key == "overrides") {
            m_extras.overrides = std::string(value);
        } else if (key == "disabled") {
            disabled(value);
        } else if (key == "owner") {
            owner(value);
        } else if (key == "inhibited_by") {
            m_extras.inhibitedBy = namesIn(value);
        } else {
            note("is no annotation Poolscope knows");
        }
    }

    RuleExtras done() &&
    {
        if (m_extras.criticalClear && !m_extras.critical) {
            m_name = "poolscope_critical_clear";
            note("needs poolscope_critical");
            m_extras.criticalClear.reset();
        }
        return std::move(m_extras);
    }

private:
    void note(const std::string& reason) { m_extras.notes.push_back(m_name + " " + reason); }

    std::optional<Level> level(std::string_view text)
    {
        if (!m_compared) {
            note("needs an expression that compares with a number");
            return std::nullopt;
        }
        const auto parsed = parseLevel(text);
        if (!parsed) {
            note("must be a comparison like \"< 0.7\", not \"" + core::oneLine(text, 40) + "\"");
        }
        return parsed;
    }

    // The clear level lies on the other side: an alert that fires above 0.8 clears below 0.8 at the highest.
    std::optional<Level> below(std::string_view text)
    {
        const auto clear = level(text);
        if (!clear) {
            return std::nullopt;
        }
        const bool crossed =
            (upward(m_compared->op) && (!downward(clear->op) || clear->value > m_compared->threshold)) ||
            (downward(m_compared->op) && (!upward(clear->op) || clear->value < m_compared->threshold));
        if (crossed) {
            note("would hold where the alert fires");
            return std::nullopt;
        }
        return clear;
    }

    std::optional<Level> beyond(std::string_view text)
    {
        const auto critical = level(text);
        const bool inside =
            critical &&
            ((upward(m_compared->op) && upward(critical->op) && critical->value >= m_compared->threshold) ||
             (downward(m_compared->op) && downward(critical->op) &&
              critical->value <= m_compared->threshold));
        if (critical && !inside) {
            note("must lie beyond the number at which the alert fires");
            return std::nullopt;
        }
        return critical;
    }

    void noData(std::string_view text)
    {
        if (text == "keep") {
            m_extras.noData = NoDataPolicy::Keep;
        } else if (text == "alert") {
            m_extras.noData = NoDataPolicy::Alert;
        } else if (text == "ok") {
            m_extras.noData = NoDataPolicy::Ok;
        } else {
            note("must be keep, alert or ok");
        }
    }

    void ticks(std::string_view text)
    {
        int count = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (wrong == std::errc() && end == text.data() + text.size() && count >= 1 && count <= kMaxTicks) {
            m_extras.noDataTicks = count;
        } else {
            note("must be a whole number from 1 to 1000");
        }
    }

    void error(std::string_view text)
    {
        if (text == "alert") {
            m_extras.error = ErrorPolicy::Alert;
        } else if (text != "keep") {
            note("must be keep or alert");
        }
    }

    void disabled(std::string_view text)
    {
        m_extras.disabled = text == "true";
        if (text != "true" && text != "false") {
            note("must be true or false");
        }
    }

    void owner(std::string_view text)
    {
        const auto named = metrics::ruleOwnerNamed(text);
        m_extras.owner = named.value_or(metrics::RuleOwner::Local);
        if (!named) {
            note("must be local, prometheus or shadow");
        }
    }

    void repeat(std::string_view text)
    {
        const auto span = promql::parseDuration(text);
        if (span) {
            m_extras.repeatEvery = std::chrono::milliseconds(*span);
        } else {
            note("must be a duration like 4h");
        }
    }

    const std::optional<ComparedSide>& m_compared;
    std::string m_name;
    RuleExtras m_extras;
};

} // namespace

bool Level::holds(double watched) const noexcept
{
    switch (op) {
    case TokenType::Less:
        return watched < value;
    case TokenType::LessEqual:
        return watched <= value;
    case TokenType::Greater:
        return watched > value;
    case TokenType::GreaterEqual:
        return watched >= value;
    case TokenType::NotEqual:
        return watched != value;
    default: // the lexer's other words are never put here
        return watched == value;
    }
}

std::optional<Level> parseLevel(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, TokenType>, 6> kOps{{{"<=", TokenType::LessEqual},
                                                                          {">=", TokenType::GreaterEqual},
                                                                          {"==", TokenType::Equal},
                                                                          {"!=", TokenType::NotEqual},
                                                                          {"<", TokenType::Less},
                                                                          {">", TokenType::Greater}}};
    const std::string_view all = trimmed(text);
    for (const auto& [word, op] : kOps) {
        if (all.starts_with(word)) {
            const auto value = promql::parseNumber(trimmed(all.substr(word.size())));
            const bool usable = value && std::isfinite(*value);
            return usable ? std::optional(Level{op, *value}) : std::nullopt;
        }
    }
    return std::nullopt;
}

RuleExtras readExtras(const std::map<std::string, std::string>& annotations,
                      const std::optional<ComparedSide>& compared)
{
    Reader reader(compared);
    for (const auto& [name, value] : annotations) {
        if (name.starts_with(kPrefix)) {
            reader.take(name, trimmed(value));
        }
    }
    return std::move(reader).done();
}

} // namespace alert
