#include "monitor/promql/type_check.h"

#include "monitor/promql/text.h"

#include <algorithm>
#include <utility>

namespace promql {

namespace {

struct Checker {
    std::string_view text;
    std::optional<TypeError> error = {};

    void fail(std::size_t offset, std::string reason)
    {
        if (!error) {
            error = TypeError{std::move(reason), offset};
        }
    }

    void expect(Expr& expr, ValueType wanted, const std::string& context)
    {
        check(expr);
        if (expr.type() != wanted) {
            fail(expr.begin, "expected type " + std::string(valueTypeName(wanted)) + " in " + context +
                                 ", got " + std::string(valueTypeName(expr.type())));
        }
    }

    void check(Expr& expr)
    {
        std::visit([&](auto& node) { checkNode(expr, node); }, expr.node);
    }

    void checkNode(Expr&, NumberLiteral&) {}
    void checkNode(Expr&, StringLiteral&) {}
    void checkNode(Expr&, Paren& paren) { check(*paren.inner); }
    void checkNode(Expr& expr, MatrixSelector& matrix) { checkNode(expr, matrix.selector); }

    void checkNode(Expr& expr, VectorSelector& selector)
    {
        if (!selector.name.empty()) {
            for (std::size_t i = 0; i + 1 < selector.matchers.size();
                 ++i) { // the last one is the name itself
                if (selector.matchers[i].name() == series::kNameLabel) {
                    fail(expr.begin, "metric name must not be set twice: " + goQuoted(selector.name) +
                                         " or " + goQuoted(selector.matchers[i].value()));
                }
            }
            return;
        }
        if (std::all_of(selector.matchers.begin(), selector.matchers.end(),
                        [](const series::Matcher& matcher) { return matcher.matches(""); })) {
            fail(expr.begin, "vector selector must contain at least one non-empty matcher");
        }
    }

    void checkNode(Expr& expr, Subquery& subquery)
    {
        check(*subquery.inner);
        const ValueType type = subquery.inner->type();
        if (type != ValueType::Vector) {
            const std::string name = type == ValueType::Matrix ? "matrix" : std::string(valueTypeName(type));
            fail(expr.begin, "subquery is only allowed on instant vector, got " + name + " instead");
        }
    }

    void checkNode(Expr& expr, Unary& unary)
    {
        check(*unary.operand);
        const ValueType type = unary.operand->type();
        if (type != ValueType::Scalar && type != ValueType::Vector) {
            fail(expr.begin,
                 "unary expression only allowed on expressions of type scalar or instant vector, got " +
                     goQuoted(valueTypeName(type)));
        }
    }

    void checkNode(Expr& expr, Aggregate& aggregate)
    {
        (void)expr;
        expect(*aggregate.operand, ValueType::Vector, "aggregation expression");
        if (aggregate.parameter) {
            const bool text_ = aggregate.op == TokenType::CountValues;
            expect(*aggregate.parameter, text_ ? ValueType::String : ValueType::Scalar,
                   "aggregation parameter");
        }
    }

    // Where the operator of a binary expression stands: behind the left operand and the blanks.
    std::size_t operatorAt(const Binary& binary) const
    {
        std::size_t at = binary.left->end;
        while (at < text.size() && std::string_view(" \t\n\r").find(text[at]) != std::string_view::npos) {
            ++at;
        }
        return at;
    }

    void checkNode(Expr& expr, Binary& binary)
    {
        check(*binary.left);
        check(*binary.right);
        const ValueType left = binary.left->type();
        const ValueType right = binary.right->type();
        Matching& matching = binary.matching;
        if (binary.returnBool && !isComparison(binary.op)) {
            fail(operatorAt(binary), "bool modifier can only be used on comparison operators");
        }
        if (isComparison(binary.op) && !binary.returnBool && left == ValueType::Scalar &&
            right == ValueType::Scalar) {
            fail(operatorAt(binary), "comparisons between scalars must use BOOL modifier");
        }
        if (isSetOperator(binary.op) && matching.card == Cardinality::OneToOne) {
            matching.card = Cardinality::ManyToMany;
        }
        for (const std::string& label : matching.labels) {
            if (matching.on && std::find(matching.include.begin(), matching.include.end(), label) !=
                                   matching.include.end()) {
                fail(operatorAt(binary),
                     "label " + goQuoted(label) + " must not occur in ON and GROUP clause at once");
            }
        }
        for (const Expr* side : {binary.left.get(), binary.right.get()}) {
            if (side->type() != ValueType::Scalar && side->type() != ValueType::Vector) {
                fail(side->begin, "binary expression must contain only scalar and instant vector types");
            }
        }
        checkMatching(expr, binary, left != ValueType::Vector || right != ValueType::Vector);
        if ((left == ValueType::Scalar || right == ValueType::Scalar) && isSetOperator(binary.op)) {
            fail(expr.begin, "set operator " + goQuoted(tokenText(binary.op)) +
                                 " not allowed in binary scalar expression");
        }
    }

    void checkMatching(const Expr& expr, const Binary& binary, bool withScalar)
    {
        const Matching& matching = binary.matching;
        if (withScalar) {
            if (!matching.labels.empty()) {
                fail(expr.begin, "vector matching only allowed between instant vectors");
            }
        } else if (isSetOperator(binary.op) && matching.card != Cardinality::ManyToMany) {
            fail(expr.begin, "no grouping allowed for " + goQuoted(tokenText(binary.op)) + " operation");
        }
    }

    void checkNode(Expr& expr, Call& call)
    {
        const FunctionDef& function = *call.function;
        const std::size_t declared = function.arguments.size();
        const std::size_t given = call.arguments.size();
        const std::string tail = " in call to " + goQuoted(function.name) + ", got " + std::to_string(given);
        if (function.variadic == 0) {
            if (given != declared) {
                fail(expr.begin, "expected " + std::to_string(declared) + " argument(s)" + tail);
            }
        } else if (given < declared - 1) {
            fail(expr.begin, "expected at least " + std::to_string(declared - 1) + " argument(s)" + tail);
        } else if (const std::size_t most =
                       declared - 1 + static_cast<std::size_t>(std::max(function.variadic, 0));
                   function.variadic > 0 && given > most) {
            fail(expr.begin, "expected at most " + std::to_string(most) + " argument(s)" + tail);
        }
        for (std::size_t i = 0; i < given && (i < declared || function.variadic != 0); ++i) {
            expect(*call.arguments[i], function.arguments[std::min(i, declared - 1)],
                   "call to function " + goQuoted(function.name));
        }
    }
};

} // namespace

std::optional<TypeError> checkTypes(Expr& expr, std::string_view text)
{
    Checker checker{text};
    checker.check(expr);
    return checker.error;
}

} // namespace promql
