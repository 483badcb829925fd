#include "monitor/promql/parser.h"

#include "monitor/promql/functions.h"
#include "monitor/promql/text.h"
#include "monitor/promql/type_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace promql {

namespace {

constexpr int kMaxDepth = 200;
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

// Unwinds to parseExpression(); never leaves this file.
struct Refused {
    std::string reason;
    std::size_t offset;
};

class Parser {
public:
    explicit Parser(std::string_view text) : m_lexer(text) { advance(); }

    ExprPtr expression()
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

    VectorSelector selectorOnly()
    {
        if (m_token.type != TokenType::LeftBrace && !mayNameMetric(m_token.type)) {
            unexpected();
        }
        ExprPtr expr = vectorSelector();
        if (m_token.type != TokenType::EndOfInput) {
            unexpected();
        }
        return std::move(std::get<VectorSelector>(expr->node));
    }

private:
    // Counts nesting: the tree is walked recursively, and a hostile text must not overflow the stack.
    struct Depth {
        explicit Depth(Parser& owner) : parser(owner)
        {
            if (++parser.m_depth > kMaxDepth) {
                throw Refused{"expression is nested too deeply", parser.m_token.at};
            }
        }
        ~Depth() { --parser.m_depth; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        Parser& parser;
    };

    void advance()
    {
        m_lastEnd = m_token.at + m_token.text.size();
        m_token = m_lexer.next();
        if (m_token.type == TokenType::Error) {
            throw Refused{m_token.text, m_token.at};
        }
    }

    [[nodiscard]] bool at(TokenType type) const noexcept { return m_token.type == type; }

    bool take(TokenType type)
    {
        if (!at(type)) {
            return false;
        }
        advance();
        return true;
    }

    [[noreturn]] void unexpected(std::string_view context = {}, std::string_view expected = {}) const
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

    template <class Node>
    ExprPtr make(Node node, std::size_t begin) const
    {
        auto expr = std::make_unique<Expr>();
        expr->node = std::move(node);
        expr->begin = begin;
        expr->end = m_lastEnd;
        return expr;
    }

    ExprPtr binary(int weakest)
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
    void modifiers(Binary& node)
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

    std::vector<std::string> groupingLabels()
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

    ExprPtr unary()
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

    ExprPtr primary()
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

    double number()
    {
        const auto value = parseNumber(m_token.text);
        if (!value) {
            throw Refused{"error parsing number: " + value.error().message, m_token.at};
        }
        advance();
        return *value;
    }

    std::string string()
    {
        auto text = unquote(m_token.text);
        if (!text) {
            throw Refused{"error unquoting string " + goQuoted(m_token.text) + ": " + text.error().message, m_token.at};
        }
        advance();
        return std::move(*text);
    }

    std::int64_t duration()
    {
        const auto span = parseDuration(m_token.text);
        if (!span || *span == 0) {
            throw Refused{span ? "duration must be greater than 0" : span.error().message, m_token.at};
        }
        advance();
        return *span;
    }

    std::vector<ExprPtr> arguments()
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

    ExprPtr call(const Token& name)
    {
        Call node;
        node.arguments = arguments();
        node.function = findFunction(name.text);
        if (node.function == nullptr) {
            throw Refused{"unknown function with name " + goQuoted(name.text), name.at};
        }
        return make(std::move(node), name.at);
    }

    bool aggregateModifier(Aggregate& node)
    {
        if (!at(TokenType::By) && !at(TokenType::Without)) {
            return false;
        }
        node.without = at(TokenType::Without);
        advance();
        node.grouping = groupingLabels();
        return true;
    }

    ExprPtr aggregation(const Token& name)
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
        const bool withParameter = node.op == TokenType::Topk || node.op == TokenType::Bottomk
                                   || node.op == TokenType::CountValues || node.op == TokenType::Quantile;
        const std::size_t wanted = withParameter ? 2 : 1;
        if (list.size() != wanted) {
            throw Refused{"wrong number of arguments for aggregate expression provided, expected "
                              + std::to_string(wanted) + ", got " + std::to_string(list.size()),
                          name.at};
        }
        node.operand = std::move(list.back());
        node.parameter = withParameter ? std::move(list.front()) : nullptr;
        return make(std::move(node), name.at);
    }

    ExprPtr vectorSelector()
    {
        if (at(TokenType::LeftBrace)) {
            return vectorSelector(Token{TokenType::EndOfInput, m_token.at, {}});
        }
        const Token name = m_token;
        advance();
        return vectorSelector(name);
    }

    ExprPtr vectorSelector(const Token& name)
    {
        VectorSelector node;
        node.name = name.text;
        if (at(TokenType::LeftBrace)) {
            node.matchers = matchers();
        }
        if (!node.name.empty()) {
            node.matchers.push_back(series::Matcher::equal(std::string(series::kNameLabel), node.name));
        }
        return make(std::move(node), name.at);
    }

    std::vector<series::Matcher> matchers()
    {
        advance(); // the brace
        std::vector<series::Matcher> list;
        while (!take(TokenType::RightBrace)) {
            list.push_back(matcher());
            if (!at(TokenType::RightBrace) && !take(TokenType::Comma)) {
                unexpected("label matching", "\",\" or \"}\"");
            }
        }
        return list;
    }

    series::Matcher matcher()
    {
        const Token name = m_token;
        if (!take(TokenType::Identifier)) {
            unexpected("label matching", "identifier or \"}\"");
        }
        series::MatchOp op = series::MatchOp::Equal;
        if (at(TokenType::NotEqual)) {
            op = series::MatchOp::NotEqual;
        } else if (at(TokenType::EqualRegex)) {
            op = series::MatchOp::Regex;
        } else if (at(TokenType::NotEqualRegex)) {
            op = series::MatchOp::NotRegex;
        } else if (!at(TokenType::Assign)) {
            unexpected("label matching", "label matching operator");
        }
        advance();
        if (!at(TokenType::String)) {
            unexpected("label matching", "string");
        }
        auto made = series::Matcher::make(op, name.text, string());
        if (!made) {
            throw Refused{made.error().message, name.at};
        }
        return std::move(*made);
    }

    // Ranges, subqueries, offset and @ behind an expression.
    ExprPtr postfix(ExprPtr expr)
    {
        while (true) {
            if (at(TokenType::LeftBracket)) {
                expr = range(std::move(expr));
            } else if (at(TokenType::Offset)) {
                offset(*expr);
            } else if (at(TokenType::At)) {
                atModifier(*expr);
            } else {
                return expr;
            }
            expr->end = m_lastEnd;
        }
    }

    ExprPtr range(ExprPtr inner)
    {
        const std::size_t bracketAt = m_token.at;
        const std::size_t begin = inner->begin;
        advance();
        if (!at(TokenType::Duration)) {
            unexpected("subquery selector", "duration");
        }
        const std::int64_t span = duration();
        if (take(TokenType::Colon)) {
            Subquery node;
            node.range = span;
            if (at(TokenType::Duration)) {
                node.step = duration();
                if (!take(TokenType::RightBracket)) {
                    unexpected("subquery selector", "\"]\"");
                }
            } else if (!take(TokenType::RightBracket)) {
                unexpected("subquery selector", "duration or \"]\"");
            }
            node.inner = std::move(inner);
            return make(std::move(node), begin);
        }
        if (!take(TokenType::RightBracket)) {
            unexpected("subquery or range", "\":\" or \"]\"");
        }
        auto* selector = std::get_if<VectorSelector>(&inner->node);
        if (selector == nullptr) {
            throw Refused{"ranges only allowed for vector selectors", bracketAt};
        }
        if (selector->when.offset != 0) {
            throw Refused{"no offset modifiers allowed before range", bracketAt};
        }
        if (selector->when.at) {
            throw Refused{"no @ modifiers allowed before range", bracketAt};
        }
        return make(MatrixSelector{std::move(*selector), span}, begin);
    }

    static Modifiers* modifiersOf(Expr& expr) noexcept
    {
        if (auto* selector = std::get_if<VectorSelector>(&expr.node)) {
            return &selector->when;
        }
        if (auto* matrix = std::get_if<MatrixSelector>(&expr.node)) {
            return &matrix->selector.when;
        }
        auto* subquery = std::get_if<Subquery>(&expr.node);
        return subquery != nullptr ? &subquery->when : nullptr;
    }

    void offset(Expr& expr)
    {
        advance();
        const bool negative = take(TokenType::Sub);
        if (!at(TokenType::Duration)) {
            unexpected("offset", "duration");
        }
        const std::int64_t span = duration();
        Modifiers* when = modifiersOf(expr);
        if (when == nullptr) {
            throw Refused{"offset modifier must be preceded by an instant vector selector or range vector selector or "
                          "a subquery",
                          expr.begin};
        }
        if (when->offset != 0) {
            throw Refused{"offset may not be set multiple times", expr.begin};
        }
        when->offset = negative ? -span : span;
    }

    void atModifier(Expr& expr)
    {
        advance();
        Modifiers given;
        if (at(TokenType::Start) || at(TokenType::End)) {
            given.atBoundary = m_token.type;
            advance();
            if (!take(TokenType::LeftParen) || !take(TokenType::RightParen)) {
                unexpected("@", "timestamp");
            }
        } else {
            given.at = timestamp(expr);
        }
        Modifiers* when = modifiersOf(expr);
        if (when == nullptr) {
            throw Refused{"@ modifier must be preceded by an instant vector selector or range vector selector or a "
                          "subquery",
                          expr.begin};
        }
        if (when->at || when->atBoundary) {
            throw Refused{"@ <timestamp> may not be set multiple times", expr.begin};
        }
        when->at = given.at;
        when->atBoundary = given.atBoundary;
    }

    // Seconds with a sign to milliseconds.
    std::int64_t timestamp(const Expr& expr)
    {
        const bool negative = at(TokenType::Sub);
        if (negative || at(TokenType::Add)) {
            advance();
        }
        if (!at(TokenType::Number)) {
            unexpected("@", "timestamp");
        }
        const double seconds = negative ? -number() : number();
        constexpr double kLimit = static_cast<double>(std::numeric_limits<std::int64_t>::max());
        // Prometheus checks the seconds only; what does not fit in milliseconds is refused here too.
        if (!std::isfinite(seconds) || std::fabs(seconds) >= kLimit / 1000) {
            throw Refused{"timestamp out of bounds for @ modifier: " + sixDecimals(seconds), expr.begin};
        }
        return std::llround(seconds * 1000);
    }

    static std::string sixDecimals(double value)
    {
        if (std::isnan(value)) {
            return "NaN";
        }
        return std::isinf(value) ? (value > 0 ? "+Inf" : "-Inf") : std::to_string(value);
    }

    Lexer m_lexer;
    Token m_token;
    std::size_t m_lastEnd = 0; // of the token before
    int m_aggregations = 0;    // that are open here
    int m_depth = 0;
};

ParseError located(std::string_view text, std::string reason, std::size_t offset)
{
    ParseError error{std::move(reason), std::min(offset, text.size()), 1, 1};
    const std::string_view before = text.substr(0, error.offset);
    error.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const auto lineStart = before.rfind('\n');
    error.column = static_cast<int>(lineStart == std::string_view::npos ? before.size() : before.size() - lineStart - 1) + 1;
    return error;
}

} // namespace

std::string ParseError::text() const
{
    return std::to_string(line) + ":" + std::to_string(column) + ": parse error: " + reason;
}

core::Result<std::shared_ptr<const Expr>, ParseError> parseExpression(std::string_view text)
{
    try {
        ExprPtr expr = Parser(text).expression();
        if (const auto wrong = checkTypes(*expr, text)) {
            return core::Unexpected{located(text, wrong->reason, wrong->offset)};
        }
        return std::shared_ptr<const Expr>(std::move(expr));
    } catch (const Refused& refused) {
        return core::Unexpected{located(text, refused.reason, refused.offset)};
    }
}

core::Result<std::vector<series::Matcher>, ParseError> parseSelector(std::string_view text)
{
    try {
        return Parser(text).selectorOnly().matchers;
    } catch (const Refused& refused) {
        return core::Unexpected{located(text, refused.reason, refused.offset)};
    }
}

} // namespace promql
