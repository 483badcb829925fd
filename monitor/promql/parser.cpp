#include "monitor/promql/parser.h"

#include "monitor/promql/expression_parser.h"
#include "monitor/promql/type_check.h"

#include <algorithm>
#include <utility>

namespace promql {

namespace {

ParseError located(std::string_view text, std::string reason, std::size_t offset)
{
    ParseError error{std::move(reason), std::min(offset, text.size()), 1, 1};
    const std::string_view before = text.substr(0, error.offset);
    error.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const auto lineStart = before.rfind('\n');
    error.column = static_cast<int>(lineStart == std::string_view::npos ? before.size()
                                                                        : before.size() - lineStart - 1) +
                   1;
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
        ExprPtr expr = ExpressionParser(text).expression();
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
        return ExpressionParser(text).selectorOnly().matchers;
    } catch (const Refused& refused) {
        return core::Unexpected{located(text, refused.reason, refused.offset)};
    }
}

} // namespace promql
