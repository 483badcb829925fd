#include "monitor/promql/binary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace promql {

namespace {

using series::Labels;
using series::LabelsPtr;

bool compares(TokenType op, double left, double right) noexcept
{
    switch (op) {
    case TokenType::Equal:
        return left == right;
    case TokenType::NotEqual:
        return left != right;
    case TokenType::Less:
        return left < right;
    case TokenType::LessEqual:
        return left <= right;
    case TokenType::Greater:
        return left > right;
    default:
        return left >= right;
    }
}

double computes(TokenType op, double left, double right) noexcept
{
    switch (op) {
    case TokenType::Add:
        return left + right;
    case TokenType::Sub:
        return left - right;
    case TokenType::Mul:
        return left * right;
    case TokenType::Div:
        return left / right;
    case TokenType::Mod:
        return std::fmod(left, right);
    case TokenType::Pow:
        return std::pow(left, right);
    default:
        return std::atan2(left, right);
    }
}

// Prometheus 2.42 keeps the name through atan2, as through comparisons.
bool dropsName(TokenType op) noexcept
{
    return !isComparison(op) && op != TokenType::Atan2;
}

Labels signatureOf(const Matching& matching, const Labels& labels)
{
    return matching.on ? series::keepLabels(labels, matching.labels)
                       : series::dropLabels(series::withoutName(labels), matching.labels);
}

// Numbers the label sets by which two sides are matched.
class Signatures {
public:
    explicit Signatures(const Matching& matching)
        : m_matching(matching)
    {
    }

    [[nodiscard]] std::vector<std::size_t> of(const Columns& columns)
    {
        std::vector<std::size_t> ids;
        ids.reserve(columns.size());
        for (const Column& column : columns) {
            ids.push_back(
                m_ids.try_emplace(signatureOf(m_matching, *column.labels), m_ids.size()).first->second);
        }
        return ids;
    }
    [[nodiscard]] std::size_t count() const noexcept { return m_ids.size(); }

private:
    const Matching& m_matching;
    std::unordered_map<Labels, std::size_t, series::LabelsHash> m_ids;
};

Labels resultLabels(const Binary& node, const Labels& many, const Labels& one)
{
    const Matching& matching = node.matching;
    Labels result = dropsName(node.op) || node.returnBool ? series::withoutName(many) : many;
    if (matching.card == Cardinality::OneToOne) {
        result = matching.on ? series::keepLabels(result, matching.labels)
                             : series::dropLabels(result, matching.labels);
    }
    for (const std::string& name : matching.include) {
        series::setLabel(result, name, series::labelValue(one, name));
    }
    return node.returnBool ? series::withoutName(result) : result;
}

// The operator between elements; nullopt when a comparison drops the element.
std::optional<double> elementOperation(const Binary& node, double left, double right) noexcept
{
    if (!isComparison(node.op)) {
        return computes(node.op, left, right);
    }
    const bool holds = compares(node.op, left, right);
    if (node.returnBool) {
        return holds ? 1.0 : 0.0;
    }
    return holds ? std::optional(left) : std::nullopt;
}

// Matches every series of the "many" side with the one of its group on the "one" side.
class Join {
public:
    Join(const Binary& node, const Columns& left, const Columns& right, std::size_t steps)
        : m_node(node)
        , m_swapped(node.matching.card == Cardinality::OneToMany)
        , m_many(m_swapped ? right : left)
        , m_one(m_swapped ? left : right)
        , m_steps(steps)
        , m_builder(steps)
    {
        Signatures signatures(node.matching);
        m_manyIds = signatures.of(m_many);
        const std::vector<std::size_t> oneIds = signatures.of(m_one);
        m_group.resize(signatures.count());
        for (std::size_t i = 0; i < m_one.size(); ++i) {
            m_group[oneIds[i]].push_back(i);
        }
    }

    Columns run()
    {
        for (std::size_t step = 0; step < m_steps; ++step) {
            runStep(step);
        }
        return m_builder.take();
    }

private:
    void runStep(std::size_t step)
    {
        const auto present = [step](const Column& column) { return !isAbsent(column.values[step]); };
        if (!std::any_of(m_many.begin(), m_many.end(), present) ||
            !std::any_of(m_one.begin(), m_one.end(), present)) {
            return;
        }
        m_matched.assign(m_group.size(), {});
        m_chosen.assign(m_group.size(), std::nullopt);
        for (std::size_t id = 0; id < m_group.size(); ++id) {
            for (const std::size_t candidate : m_group[id]) {
                if (present(m_one[candidate])) {
                    if (m_chosen[id]) {
                        failDuplicate(candidate, *m_chosen[id]);
                    }
                    m_chosen[id] = candidate;
                }
            }
        }
        for (std::size_t i = 0; i < m_many.size(); ++i) {
            if (present(m_many[i]) && m_chosen[m_manyIds[i]]) {
                match(i, *m_chosen[m_manyIds[i]], step);
            }
        }
    }

    void match(std::size_t many, std::size_t one, std::size_t step)
    {
        double left = m_many[many].values[step];
        double right = m_one[one].values[step];
        if (m_swapped) {
            std::swap(left, right);
        }
        const auto value = elementOperation(m_node, left, right);
        if (!value) {
            return;
        }
        const std::size_t slot = slotOf(many, one);
        std::vector<std::size_t>& taken = m_matched[m_manyIds[many]];
        if (m_node.matching.card == Cardinality::OneToOne && !taken.empty()) {
            throw EvalError("multiple matches for labels: many-to-one matching must be explicit "
                            "(group_left/group_right)");
        }
        if (std::find(taken.begin(), taken.end(), slot) != taken.end()) {
            throw EvalError("multiple matches for labels: grouping labels must ensure unique matches");
        }
        taken.push_back(slot);
        m_builder.put(slot, step, *value);
    }

    std::size_t slotOf(std::size_t many, std::size_t one)
    {
        const auto [at, created] = m_slots.try_emplace({many, one}, 0);
        if (created) {
            at->second =
                m_builder.slot(share(resultLabels(m_node, *m_many[many].labels, *m_one[one].labels)));
        }
        return at->second;
    }

    [[noreturn]] void failDuplicate(std::size_t second, std::size_t first) const
    {
        const Labels& labels = *m_one[second].labels;
        const Matching& matching = m_node.matching;
        const Labels group = matching.on ? series::keepLabels(labels, matching.labels)
                                         : series::dropLabels(series::withoutName(labels), matching.labels);
        throw EvalError("found duplicate series for the match group " + braces(group) + " on the " +
                        (m_swapped ? "left" : "right") + " hand-side of the operation: [" + braces(labels) +
                        ", " + braces(*m_one[first].labels) +
                        "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    // Go's labels.Labels.String(): the name among the others.
    static std::string braces(const Labels& labels)
    {
        std::string out;
        for (const auto& [name, value] : labels) {
            out += (out.empty() ? "" : ", ") + name + "=" + series::quoted(value);
        }
        return "{" + out + "}";
    }

    const Binary& m_node;
    const bool m_swapped;
    const Columns& m_many;
    const Columns& m_one;
    const std::size_t m_steps;
    ColumnBuilder m_builder;
    std::vector<std::size_t> m_manyIds;
    std::vector<std::vector<std::size_t>> m_group; // of the one side, by signature
    std::vector<std::optional<std::size_t>> m_chosen;
    std::vector<std::vector<std::size_t>> m_matched;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> m_slots;
};

void copyInto(ColumnBuilder& builder, const Column& column, const std::vector<bool>& where)
{
    const std::size_t slot = builder.slot(column.labels);
    for (std::size_t step = 0; step < column.values.size(); ++step) {
        if (where[step] && !isAbsent(column.values[step])) {
            builder.put(slot, step, column.values[step]);
        }
    }
}

// For each signature the steps at which one of the columns has a value.
std::vector<std::vector<bool>> presence(const Columns& columns, const std::vector<std::size_t>& ids,
                                        std::size_t count, std::size_t steps)
{
    std::vector<std::vector<bool>> present(count, std::vector<bool>(steps, false));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        for (std::size_t step = 0; step < steps; ++step) {
            if (!isAbsent(columns[i].values[step])) {
                present[ids[i]][step] = true;
            }
        }
    }
    return present;
}

} // namespace

double scalarOperation(TokenType op, double left, double right) noexcept
{
    return isComparison(op) ? (compares(op, left, right) ? 1.0 : 0.0) : computes(op, left, right);
}

Columns vectorScalar(const Binary& node, const Columns& vector, const Column& scalar, ScalarSide side)
{
    const std::size_t steps = scalar.values.size();
    const bool unnamed = dropsName(node.op) || node.returnBool;
    ColumnBuilder builder(steps);
    for (const Column& column : vector) {
        const std::size_t slot =
            builder.slot(unnamed ? share(series::withoutName(*column.labels)) : column.labels);
        for (std::size_t step = 0; step < steps; ++step) {
            const double element = column.values[step];
            if (isAbsent(element)) {
                continue;
            }
            const double other = scalar.values[step];
            auto value = side == ScalarSide::Left ? elementOperation(node, other, element)
                                                  : elementOperation(node, element, other);
            if (value && isComparison(node.op) && !node.returnBool) {
                value = element; // a filter keeps the vector's element on whichever side it stands
            }
            if (value) {
                builder.put(slot, step, *value);
            }
        }
    }
    return builder.take();
}

Columns vectorVector(const Binary& node, const Columns& left, const Columns& right, std::size_t steps)
{
    return Join(node, left, right, steps).run();
}

Columns setOperation(const Binary& node, const Columns& left, const Columns& right, std::size_t steps)
{
    Signatures signatures(node.matching);
    const auto leftIds = signatures.of(left);
    const auto rightIds = signatures.of(right);
    ColumnBuilder builder(steps);
    const std::vector<bool> everywhere(steps, true);
    if (node.op == TokenType::Or) {
        auto absent = presence(left, leftIds, signatures.count(), steps);
        for (auto& where : absent) {
            where.flip();
        }
        for (const Column& column : left) {
            copyInto(builder, column, everywhere);
        }
        for (std::size_t i = 0; i < right.size(); ++i) {
            copyInto(builder, right[i], absent[rightIds[i]]);
        }
        return builder.take();
    }
    auto where = presence(right, rightIds, signatures.count(), steps);
    for (std::size_t i = 0; i < left.size(); ++i) {
        auto wanted = where[leftIds[i]];
        if (node.op == TokenType::Unless) {
            wanted.flip();
        }
        copyInto(builder, left[i], wanted);
    }
    return builder.take();
}

} // namespace promql
