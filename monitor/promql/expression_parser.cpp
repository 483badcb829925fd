#include "monitor/promql/expression_parser.h"

#include "monitor/promql/functions.h"
#include "monitor/promql/text.h"

namespace promql {

namespace {

// Binding strength of binary operators, weakest first; 0 = none.
constexpr int kPowerStrength = 6;

int strengthOf(TokenType type) noexcept
{
    switch (type) {
    case TokenType::Or:
        return 1;
    case TokenType::And:
    case TokenType::Unless:
        return 2;
    case TokenType::Add:
    case TokenType::Sub:
        return 4;
    case TokenType::Mul:
    case TokenType::Div:
    case TokenType::Mod:
    case TokenType::Atan2:
        return 5;
    case TokenType::Pow:
        return kPowerStrength;
    default:
        return isComparison(type) ? 3 : 0;
    }
}

} // namespace

ExprPtr ExpressionParser::expression()
{
    if (m_token.type == TokenType::EndOfInput) {
        throw Refused{"no expression found in input", 0};
    }
    ExprPtr expr = binary(1);
    if (m_token.type != TokenType::EndOfInput) {
        unexpected();
    }
    return expr;
}

ExprPtr ExpressionParser::binary(int weakest)
{
    const Depth depth(*this);
    ExprPtr left = unary();
    int chain = 0;
    while (strengthOf(m_token.type) >= weakest) {
        if (++chain > kMaxDepth * 10) {
            throw Refused{"expression is too long", m_token.at};
        }
        const int strength = strengthOf(m_token.type);
        Binary node;
        node.op = m_token.type;
        advance();
        modifiers(node);
        // ^ binds to the right, everything else to the left.
        node.right = binary(strength == kPowerStrength ? strength : strength + 1);
        const std::size_t begin = left->begin;
        node.left = std::move(left);
        left = make(std::move(node), begin);
    }
    return left;
}

// bool, on, ignoring, group_left, group_right.
void ExpressionParser::modifiers(Binary& node)
{
    node.returnBool = take(TokenType::Bool);
    if (!at(TokenType::On) && !at(TokenType::Ignoring)) {
        return;
    }
    node.matching.on = at(TokenType::On);
    advance();
    node.matching.labels = groupingLabels();
    if (at(TokenType::GroupLeft) || at(TokenType::GroupRight)) {
        node.matching.card = at(TokenType::GroupLeft) ? Cardinality::ManyToOne : Cardinality::OneToMany;
        advance();
        if (at(TokenType::LeftParen)) {
            node.matching.include = groupingLabels();
        }
    }
}

ExprPtr ExpressionParser::unary()
{
    if (!at(TokenType::Add) && !at(TokenType::Sub)) {
        return postfix(primary());
    }
    const Depth depth(*this);
    const TokenType op = m_token.type;
    const std::size_t begin = m_token.at;
    advance();
    ExprPtr operand = binary(kPowerStrength); // -a ^ b is -(a ^ b), -a * b is (-a) * b
    if (auto* literal = std::get_if<NumberLiteral>(&operand->node)) {
        literal->value = op == TokenType::Sub ? -literal->value : literal->value;
        operand->begin = begin;
        return operand;
    }
    return make(Unary{op, std::move(operand)}, begin);
}

ExprPtr ExpressionParser::primary()
{
    const std::size_t begin = m_token.at;
    if (at(TokenType::Number)) {
        NumberLiteral literal{number()};
        return make(literal, begin);
    }
    if (at(TokenType::String)) {
        StringLiteral literal{string()};
        return make(std::move(literal), begin);
    }
    if (take(TokenType::LeftParen)) {
        // Inside parentheses an error is still the aggregation's around them.
        Paren paren{binary(1)};
        if (!take(TokenType::RightParen)) {
            unexpected();
        }
        return make(std::move(paren), begin);
    }
    if (isAggregator(m_token.type)) {
        const Token name = m_token;
        advance();
        if (at(TokenType::LeftParen) || at(TokenType::By) || at(TokenType::Without)) {
            return aggregation(name);
        }
        return vectorSelector(name);
    }
    if (at(TokenType::Identifier)) {
        const Token name = m_token;
        advance();
        return at(TokenType::LeftParen) ? call(name) : vectorSelector(name);
    }
    if (at(TokenType::LeftBrace) || mayNameMetric(m_token.type)) {
        return vectorSelector();
    }
    unexpected();
}

std::vector<ExprPtr> ExpressionParser::arguments()
{
    advance(); // the parenthesis
    std::vector<ExprPtr> list;
    if (take(TokenType::RightParen)) {
        return list;
    }
    while (true) {
        list.push_back(binary(1));
        const std::size_t commaAt = m_token.at;
        if (take(TokenType::Comma)) {
            if (at(TokenType::RightParen) || at(TokenType::Comma)) {
                throw Refused{"trailing commas not allowed in function call args", commaAt};
            }
            continue;
        }
        if (!take(TokenType::RightParen)) {
            unexpected();
        }
        return list;
    }
}

ExprPtr ExpressionParser::call(const Token& name)
{
    Call node;
    node.arguments = arguments();
    node.function = findFunction(name.text);
    if (node.function == nullptr) {
        throw Refused{"unknown function with name " + goQuoted(name.text), name.at};
    }
    return make(std::move(node), name.at);
}

bool ExpressionParser::aggregateModifier(Aggregate& node)
{
    if (!at(TokenType::By) && !at(TokenType::Without)) {
        return false;
    }
    node.without = at(TokenType::Without);
    advance();
    node.grouping = groupingLabels();
    return true;
}

ExprPtr ExpressionParser::aggregation(const Token& name)
{
    Aggregate node;
    node.op = name.type;
    ++m_aggregations;
    const bool before = aggregateModifier(node);
    if (!at(TokenType::LeftParen)) {
        unexpected("aggregation");
    }
    std::vector<ExprPtr> list = arguments();
    --m_aggregations;
    if (!before) {
        aggregateModifier(node);
    }
    if (list.empty()) {
        throw Refused{"no arguments for aggregate expression provided", name.at};
    }
    const bool withParameter = node.op == TokenType::Topk || node.op == TokenType::Bottomk ||
                               node.op == TokenType::CountValues || node.op == TokenType::Quantile;
    const std::size_t wanted = withParameter ? 2 : 1;
    if (list.size() != wanted) {
        throw Refused{"wrong number of arguments for aggregate expression provided, expected " +
                          std::to_string(wanted) + ", got " + std::to_string(list.size()),
                      name.at};
    }
    node.operand = std::move(list.back());
    node.parameter = withParameter ? std::move(list.front()) : nullptr;
    return make(std::move(node), name.at);
}

} // namespace promql
