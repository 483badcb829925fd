#include "monitor/series/matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace series {

namespace {

// 8 MiB, RE2's default, is more than a label matcher ever needs; a selector arrives over HTTP.
constexpr std::int64_t kMaxRegexMemory = std::int64_t{1} << 20;

std::string_view opText(MatchOp op) noexcept
{
    switch (op) {
    case MatchOp::Equal:
        return "=";
    case MatchOp::NotEqual:
        return "!=";
    case MatchOp::Regex:
        return "=~";
    case MatchOp::NotRegex:
        return "!~";
    }
    return "";
}

} // namespace

Matcher::Matcher(MatchOp op, std::string name, std::string value) noexcept
    : m_op(op)
    , m_name(std::move(name))
    , m_value(std::move(value))
{
}

core::Result<Matcher> Matcher::make(MatchOp op, std::string name, std::string value)
{
    Matcher matcher(op, std::move(name), std::move(value));
    if (op == MatchOp::Regex || op == MatchOp::NotRegex) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(kMaxRegexMemory);
        auto regex = std::make_shared<re2::RE2>("^(?:" + matcher.m_value + ")$", options);
        if (!regex->ok()) {
            return core::fail("error parsing regexp: " + regex->error());
        }
        matcher.m_regex = std::move(regex);
    }
    return matcher;
}

Matcher Matcher::equal(std::string name, std::string value)
{
    return {MatchOp::Equal, std::move(name), std::move(value)};
}

bool Matcher::matches(std::string_view value) const
{
    switch (m_op) {
    case MatchOp::Equal:
        return value == m_value;
    case MatchOp::NotEqual:
        return value != m_value;
    case MatchOp::Regex:
        return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *m_regex);
    case MatchOp::NotRegex:
        return !re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *m_regex);
    }
    return false;
}

std::string Matcher::text() const
{
    return m_name + std::string(opText(m_op)) + quoted(m_value);
}

const Matcher* findName(std::span<const Matcher> matchers) noexcept
{
    const auto name = std::find_if(matchers.begin(), matchers.end(), [](const Matcher& matcher) {
        return matcher.op() == MatchOp::Equal && matcher.name() == kNameLabel;
    });
    return name != matchers.end() ? &*name : nullptr;
}

bool matchesAll(std::span<const Matcher> matchers, const Labels& labels)
{
    return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
        return matcher.matches(labelValue(labels, matcher.name()));
    });
}

} // namespace series
