#include "monitor/promql/token.h"

#include "monitor/promql/text.h"

#include <algorithm>
#include <array>

namespace promql {

namespace {

struct Word {
    std::string_view text;
    TokenType type;
};

constexpr std::array kKeywords{
    Word{"and", TokenType::And},
    Word{"or", TokenType::Or},
    Word{"unless", TokenType::Unless},
    Word{"atan2", TokenType::Atan2},
    Word{"sum", TokenType::Sum},
    Word{"avg", TokenType::Avg},
    Word{"count", TokenType::Count},
    Word{"min", TokenType::Min},
    Word{"max", TokenType::Max},
    Word{"group", TokenType::Group},
    Word{"stddev", TokenType::Stddev},
    Word{"stdvar", TokenType::Stdvar},
    Word{"topk", TokenType::Topk},
    Word{"bottomk", TokenType::Bottomk},
    Word{"count_values", TokenType::CountValues},
    Word{"quantile", TokenType::Quantile},
    Word{"offset", TokenType::Offset},
    Word{"by", TokenType::By},
    Word{"without", TokenType::Without},
    Word{"on", TokenType::On},
    Word{"ignoring", TokenType::Ignoring},
    Word{"group_left", TokenType::GroupLeft},
    Word{"group_right", TokenType::GroupRight},
    Word{"bool", TokenType::Bool},
    Word{"start", TokenType::Start},
    Word{"end", TokenType::End},
};

constexpr std::array kSigns{
    Word{"(", TokenType::LeftParen},     Word{")", TokenType::RightParen},
    Word{"{", TokenType::LeftBrace},     Word{"}", TokenType::RightBrace},
    Word{"[", TokenType::LeftBracket},   Word{"]", TokenType::RightBracket},
    Word{",", TokenType::Comma},         Word{"=", TokenType::Assign},
    Word{":", TokenType::Colon},         Word{"-", TokenType::Sub},
    Word{"+", TokenType::Add},           Word{"*", TokenType::Mul},
    Word{"%", TokenType::Mod},           Word{"/", TokenType::Div},
    Word{"==", TokenType::Equal},        Word{"!=", TokenType::NotEqual},
    Word{"<=", TokenType::LessEqual},    Word{"<", TokenType::Less},
    Word{">=", TokenType::GreaterEqual}, Word{">", TokenType::Greater},
    Word{"=~", TokenType::EqualRegex},   Word{"!~", TokenType::NotEqualRegex},
    Word{"^", TokenType::Pow},
};

std::optional<TokenType> typeOf(const auto& words, std::string_view text) noexcept
{
    const auto word = std::find_if(words.begin(), words.end(),
                                   [text](const Word& candidate) { return candidate.text == text; });
    return word != words.end() ? std::optional(word->type) : std::nullopt;
}

} // namespace

bool isOperator(TokenType type) noexcept
{
    return type >= TokenType::Add && type <= TokenType::Unless;
}

bool isComparison(TokenType type) noexcept
{
    return type >= TokenType::Equal && type <= TokenType::GreaterEqual;
}

bool isSetOperator(TokenType type) noexcept
{
    return type == TokenType::And || type == TokenType::Or || type == TokenType::Unless;
}

bool isAggregator(TokenType type) noexcept
{
    return type >= TokenType::Avg && type <= TokenType::Topk;
}

bool mayNameMetric(TokenType type) noexcept
{
    return type == TokenType::Identifier || type == TokenType::MetricIdentifier || isAggregator(type) ||
           isSetOperator(type) || type == TokenType::By || type == TokenType::Offset ||
           type == TokenType::Without || type == TokenType::Start || type == TokenType::End;
}

bool mayNameLabel(TokenType type) noexcept
{
    return mayNameMetric(type) || type == TokenType::Bool || type == TokenType::GroupLeft ||
           type == TokenType::GroupRight || type == TokenType::Ignoring || type == TokenType::On ||
           type == TokenType::Atan2;
}

std::string_view tokenText(TokenType type) noexcept
{
    const auto byType = [type](const Word& word) { return word.type == type; };
    if (const auto sign = std::find_if(kSigns.begin(), kSigns.end(), byType); sign != kSigns.end()) {
        return sign->text;
    }
    const auto word = std::find_if(kKeywords.begin(), kKeywords.end(), byType);
    return word != kKeywords.end() ? word->text : std::string_view();
}

std::string describe(const Token& token)
{
    const auto shown = [&]() -> std::string {
        if (token.type == TokenType::Identifier || token.type == TokenType::MetricIdentifier) {
            return goQuoted(token.text);
        }
        if (isOperator(token.type) || token.type == TokenType::EqualRegex ||
            token.type == TokenType::NotEqualRegex) {
            return "<op:" + token.text + ">";
        }
        if (isAggregator(token.type)) {
            return "<aggr:" + token.text + ">";
        }
        if (token.type >= TokenType::Bool && token.type <= TokenType::End) {
            return "<" + token.text + ">";
        }
        return token.text.size() > 10 ? goQuoted(firstRunes(token.text, 10)) + "..." : goQuoted(token.text);
    };
    switch (token.type) {
    case TokenType::EndOfInput:
        return "end of input";
    case TokenType::Identifier:
        return "identifier " + shown();
    case TokenType::MetricIdentifier:
        return "metric identifier " + shown();
    case TokenType::String:
        return "string " + shown();
    case TokenType::Number:
        return "number " + shown();
    case TokenType::Duration:
        return "duration " + shown();
    default: // has a fixed spelling
        return shown();
    }
}

std::optional<TokenType> keywordType(std::string_view lowerCase) noexcept
{
    return typeOf(kKeywords, lowerCase);
}

std::optional<TokenType> signType(std::string_view sign) noexcept
{
    return typeOf(kSigns, sign);
}

} // namespace promql
