#include "monitor/promql/token_cursor.h"

#include "monitor/promql/text.h"
#include "monitor/series/label_ops.h"

namespace promql {

TokenCursor::Depth::Depth(TokenCursor& owner)
    : m_owner(owner)
{
    if (++m_owner.m_depth > kMaxDepth) {
        throw Refused{"expression is nested too deeply", m_owner.m_token.at};
    }
}

void TokenCursor::advance()
{
    m_lastEnd = m_token.at + m_token.text.size();
    m_token = m_lexer.next();
    if (m_token.type == TokenType::Error) {
        throw Refused{m_token.text, m_token.at};
    }
}

bool TokenCursor::take(TokenType type)
{
    if (!at(type)) {
        return false;
    }
    advance();
    return true;
}

void TokenCursor::unexpected(std::string_view context, std::string_view expected) const
{
    std::string reason = "unexpected " + describe(m_token);
    const bool aggregation = context.empty() && m_aggregations > 0;
    if (aggregation || !context.empty()) {
        reason += " in " + std::string(aggregation ? "aggregation" : context);
    }
    if (!expected.empty()) {
        reason += ", expected " + std::string(expected);
    }
    throw Refused{std::move(reason), m_token.at};
}

double TokenCursor::number()
{
    const auto value = parseNumber(m_token.text);
    if (!value) {
        throw Refused{"error parsing number: " + value.error().message, m_token.at};
    }
    advance();
    return *value;
}

std::string TokenCursor::string()
{
    auto text = unquote(m_token.text);
    if (!text) {
        throw Refused{"error unquoting string " + goQuoted(m_token.text) + ": " + text.error().message,
                      m_token.at};
    }
    advance();
    return std::move(*text);
}

std::int64_t TokenCursor::duration()
{
    const auto span = parseDuration(m_token.text);
    if (!span || *span == 0) {
        throw Refused{span ? "duration must be greater than 0" : span.error().message, m_token.at};
    }
    advance();
    return *span;
}

std::vector<std::string> TokenCursor::groupingLabels()
{
    if (!take(TokenType::LeftParen)) {
        unexpected("grouping opts", "\"(\"");
    }
    std::vector<std::string> labels;
    while (!take(TokenType::RightParen)) {
        if (!mayNameLabel(m_token.type) || !series::isLabelName(m_token.text)) {
            unexpected("grouping opts", "label");
        }
        labels.push_back(m_token.text);
        advance();
        if (!at(TokenType::RightParen) && !take(TokenType::Comma)) {
            unexpected("grouping opts", "\",\" or \")\"");
        }
    }
    return labels;
}

} // namespace promql
