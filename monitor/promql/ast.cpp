#include "monitor/promql/ast.h"

#include "monitor/core/format.h"
#include "monitor/promql/text.h"

#include <array>
#include <cstdio>

namespace promql {

namespace {

std::string joined(const std::vector<std::string>& names)
{
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

std::string whenText(const Modifiers& when)
{
    std::string out;
    if (when.at) {
        std::array<char, 32> buffer{};
        std::snprintf(buffer.data(), buffer.size(), " @ %.3f", static_cast<double>(*when.at) / 1000);
        out = buffer.data();
    } else if (when.atBoundary) {
        out = " @ " + std::string(tokenText(*when.atBoundary)) + "()";
    }
    if (when.offset != 0) {
        out += " offset " + durationText(when.offset);
    }
    return out;
}

struct Printer {
    std::string operator()(const NumberLiteral& literal) const { return core::numberText(literal.value); }
    std::string operator()(const StringLiteral& literal) const { return goQuoted(literal.value); }
    std::string operator()(const VectorSelector& selector) const
    {
        return bare(selector) + whenText(selector.when);
    }
    std::string operator()(const MatrixSelector& matrix) const
    {
        return bare(matrix.selector) + "[" + durationText(matrix.range) + "]" +
               whenText(matrix.selector.when);
    }
    std::string operator()(const Subquery& subquery) const
    {
        return exprText(*subquery.inner) + "[" + durationText(subquery.range) + ":" +
               (subquery.step == 0 ? "" : durationText(subquery.step)) + "]" + whenText(subquery.when);
    }
    std::string operator()(const Paren& paren) const { return "(" + exprText(*paren.inner) + ")"; }
    std::string operator()(const Unary& unary) const
    {
        return std::string(tokenText(unary.op)) + exprText(*unary.operand);
    }
    std::string operator()(const Binary& binary) const
    {
        return exprText(*binary.left) + " " + std::string(tokenText(binary.op)) +
               (binary.returnBool ? " bool" : "") + matchingText(binary) + " " + exprText(*binary.right);
    }
    std::string operator()(const Aggregate& aggregate) const
    {
        std::string out(tokenText(aggregate.op));
        if (aggregate.without || !aggregate.grouping.empty()) {
            out += (aggregate.without ? " without (" : " by (") + joined(aggregate.grouping) + ") ";
        }
        const std::string parameter = aggregate.parameter ? exprText(*aggregate.parameter) + ", " : "";
        return out + "(" + parameter + exprText(*aggregate.operand) + ")";
    }
    std::string operator()(const Call& call) const
    {
        std::string arguments;
        for (const ExprPtr& argument : call.arguments) {
            arguments += (arguments.empty() ? "" : ", ") + exprText(*argument);
        }
        return std::string(call.function->name) + "(" + arguments + ")";
    }

private:
    static std::string bare(const VectorSelector& selector)
    {
        std::string inner;
        for (const series::Matcher& matcher : selector.matchers) {
            const bool isName = matcher.name() == series::kNameLabel &&
                                matcher.op() == series::MatchOp::Equal && matcher.value() == selector.name;
            if (selector.name.empty() || !isName) {
                inner += (inner.empty() ? "" : ",") + matcher.text();
            }
        }
        return inner.empty() ? selector.name : selector.name + "{" + inner + "}";
    }
    static std::string matchingText(const Binary& binary)
    {
        const Matching& matching = binary.matching;
        const bool grouped =
            matching.card == Cardinality::ManyToOne || matching.card == Cardinality::OneToMany;
        std::string out;
        if (matching.on || !matching.labels.empty() || grouped) {
            out = (matching.on ? " on (" : " ignoring (") + joined(matching.labels) + ")";
        }
        if (grouped) {
            out += matching.card == Cardinality::ManyToOne ? " group_left (" : " group_right (";
            out += joined(matching.include) + ")";
        }
        return out;
    }
};

struct TypeOf {
    ValueType operator()(const NumberLiteral&) const { return ValueType::Scalar; }
    ValueType operator()(const StringLiteral&) const { return ValueType::String; }
    ValueType operator()(const VectorSelector&) const { return ValueType::Vector; }
    ValueType operator()(const MatrixSelector&) const { return ValueType::Matrix; }
    ValueType operator()(const Subquery&) const { return ValueType::Matrix; }
    ValueType operator()(const Paren& paren) const { return paren.inner->type(); }
    ValueType operator()(const Unary& unary) const { return unary.operand->type(); }
    ValueType operator()(const Binary& binary) const
    {
        const bool scalar =
            binary.left->type() == ValueType::Scalar && binary.right->type() == ValueType::Scalar;
        return scalar ? ValueType::Scalar : ValueType::Vector;
    }
    ValueType operator()(const Aggregate&) const { return ValueType::Vector; }
    ValueType operator()(const Call& call) const { return call.function->result; }
};

} // namespace

std::string_view valueTypeName(ValueType type) noexcept
{
    switch (type) {
    case ValueType::Scalar:
        return "scalar";
    case ValueType::Vector:
        return "instant vector";
    case ValueType::Matrix:
        return "range vector";
    case ValueType::String:
        return "string";
    }
    return "";
}

ValueType Expr::type() const
{
    return std::visit(TypeOf(), node);
}

const Expr& unwrapped(const Expr& expr) noexcept
{
    const Expr* inner = &expr;
    while (const auto* paren = std::get_if<Paren>(&inner->node)) {
        inner = paren->inner.get();
    }
    return *inner;
}

std::string exprText(const Expr& expr)
{
    return std::visit(Printer(), expr.node);
}

} // namespace promql
