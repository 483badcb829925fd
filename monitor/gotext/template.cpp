#include "monitor/gotext/template.h"

#include "monitor/gotext/template_arguments.h"
#include "monitor/gotext/template_functions.h"
#include "monitor/gotext/template_node.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace gotext {

namespace {

constexpr std::size_t kMaxOutput = 64 * 1024; // a text for people
constexpr int kMaxCalls = 50;                 // templates that call each other

TemplateValue wrapped(TemplateMap map)
{
    TemplateValue value;
    value.data = std::make_shared<const TemplateMap>(std::move(map));
    return value;
}

TemplateValue rootOf(const TemplateContext& context)
{
    if (context.root) {
        TemplateValue value;
        value.data = context.root;
        return value;
    }
    const auto mapOf = [](const metrics::Labels& labels) {
        TemplateMap map;
        for (const auto& [name, value] : labels) {
            map.entries[name].data = value;
        }
        return wrapped(std::move(map));
    };
    TemplateMap root;
    root.isStruct = true;
    root.entries["Labels"] = mapOf(context.labels);
    root.entries["ExternalLabels"] = mapOf(context.externalLabels);
    root.entries["ExternalURL"].data = context.externalUrl;
    root.entries["Value"].data = context.value;
    return wrapped(std::move(root));
}

// What Alertmanager's data offer beside fields: Alerts.Firing, Alerts.Resolved, Labels.SortedPairs, .Names,
// .Values (template/template.go of Alertmanager 0.25).
std::optional<TemplateValue> methodOf(const TemplateValue& value, const std::string& field)
{
    TemplateList chosen;
    if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
        if (field != "Firing" && field != "Resolved") {
            return std::nullopt;
        }
        const std::string_view wanted = field == "Firing" ? "firing" : "resolved";
        std::ranges::copy_if(**list, std::back_inserter(chosen), [&](const TemplateValue& item) {
            return entryOf(item, "Status", field).text() == wanted;
        });
    } else if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data);
               map != nullptr && !(*map)->isStruct && !(*map)->entries.contains(field)) {
        if (field != "SortedPairs" && field != "Names" && field != "Values") {
            return std::nullopt;
        }
        for (const auto& [name, text] : (*map)->entries) {
            TemplateMap pair;
            pair.isStruct = true;
            pair.entries["Name"].data = name;
            pair.entries["Value"] = text;
            chosen.push_back(field == "SortedPairs" ? wrapped(std::move(pair))
                             : field == "Names"     ? templateValue(name)
                                                    : text);
        }
    } else {
        return std::nullopt;
    }
    return templateValue(std::make_shared<const TemplateList>(std::move(chosen)));
}

class Execution {
public:
    Execution(const TemplateNode& root, const TemplateContext& context)
        : m_root(root)
        , m_context(context)
    {
        const TemplateValue data = rootOf(context);
        m_variables.emplace_back("$", data);
        const auto& entries = std::get<std::shared_ptr<const TemplateMap>>(data.data)->entries;
        if (!context.root) {
            m_variables.emplace_back("$labels", entries.at("Labels"));
            m_variables.emplace_back("$externalLabels", entries.at("ExternalLabels"));
            m_variables.emplace_back("$externalURL", entries.at("ExternalURL"));
            m_variables.emplace_back("$value", entries.at("Value"));
        }
        (void)list(root.body, data);
    }

    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    enum class Flow { On, Break, Continue };

    void write(std::string_view text)
    {
        if (m_out.size() + text.size() > kMaxOutput) {
            throw TemplateError("the text is longer than 64 KiB");
        }
        m_out += text;
    }

    Flow list(const std::vector<TemplateNode>& nodes, const TemplateValue& dot)
    {
        for (const TemplateNode& node : nodes) {
            if (const Flow flow = one(node, dot); flow != Flow::On) {
                return flow;
            }
        }
        return Flow::On;
    }

    Flow one(const TemplateNode& node, const TemplateValue& dot)
    {
        switch (node.kind) {
        case TemplateNode::Kind::Text:
            write(node.text);
            return Flow::On;
        case TemplateNode::Kind::Action: {
            const TemplateValue value = pipe(node.pipe, dot);
            if (node.pipe.variables.empty()) {
                write(std::holds_alternative<std::monostate>(value.data) ? "<no value>" : value.text());
            }
            return Flow::On;
        }
        case TemplateNode::Kind::If:
        case TemplateNode::Kind::With:
            return branch(node, dot);
        case TemplateNode::Kind::Range:
            return range(node, dot);
        case TemplateNode::Kind::Call:
            call(node, dot);
            return Flow::On;
        case TemplateNode::Kind::Break:
            return Flow::Break;
        case TemplateNode::Kind::Continue:
            return Flow::Continue;
        case TemplateNode::Kind::List:
            return list(node.body, dot);
        }
        return Flow::On;
    }

    Flow branch(const TemplateNode& node, const TemplateValue& dot)
    {
        const std::size_t scope = m_variables.size();
        const TemplateValue value = pipe(node.pipe, dot);
        const bool with = node.kind == TemplateNode::Kind::With;
        const Flow flow = value.truth() ? list(node.body, with ? value : dot) : list(node.otherwise, dot);
        m_variables.resize(scope);
        return flow;
    }

    Flow range(const TemplateNode& node, const TemplateValue& dot)
    {
        const std::size_t scope = m_variables.size();
        const TemplateValue value = pipe(node.pipe, dot);
        std::vector<std::pair<TemplateValue, TemplateValue>> items; // key and value
        if (const auto* all = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
            for (std::size_t i = 0; i < (*all)->size(); ++i) {
                items.emplace_back(TemplateValue{static_cast<std::int64_t>(i)}, (**all)[i]);
            }
        } else if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data);
                   map != nullptr && !(*map)->isStruct) {
            for (const auto& [key, entry] : (*map)->entries) {
                items.emplace_back(TemplateValue{key}, entry);
            }
        } else {
            throw TemplateError("range can't iterate over " + value.text());
        }
        const auto& names = node.pipe.variables;
        for (const auto& [key, item] : items) {
            if (names.size() == 2) {
                set(names[0], key);
            }
            if (!names.empty()) {
                set(names.back(), item);
            }
            const std::size_t inner = m_variables.size();
            const Flow flow = list(node.body, item);
            m_variables.resize(inner);
            if (flow == Flow::Break) {
                break;
            }
        }
        if (items.empty()) {
            (void)list(node.otherwise, dot);
        }
        m_variables.resize(scope);
        return Flow::On;
    }

    void call(const TemplateNode& node, const TemplateValue& dot)
    {
        const auto found = m_root.defined.find(node.text);
        if (found == m_root.defined.end()) {
            throw TemplateError("template \"" + node.text + "\" not defined");
        }
        if (++m_calls > kMaxCalls) {
            throw TemplateError("exceeded maximum template depth");
        }
        const TemplateValue given = node.pipe.commands.empty() ? TemplateValue() : pipe(node.pipe, dot);
        auto outer = std::exchange(m_variables, {{"$", given}});
        (void)list(found->second->body, given);
        m_variables = std::move(outer);
        --m_calls;
    }

    void set(const std::string& name, const TemplateValue& value)
    {
        const auto at = std::find_if(m_variables.rbegin(), m_variables.rend(),
                                     [&](const auto& v) { return v.first == name; });
        if (at != m_variables.rend()) {
            at->second = value;
        }
    }

    TemplateValue pipe(const TemplatePipe& pipe, const TemplateValue& dot)
    {
        TemplateValue value;
        for (std::size_t i = 0; i < pipe.commands.size(); ++i) {
            value = command(pipe.commands[i], dot, i > 0 ? &value : nullptr);
        }
        for (const std::string& name : pipe.variables) {
            if (pipe.assigns) {
                set(name, value);
            } else {
                m_variables.emplace_back(name, value);
            }
        }
        return value;
    }

    // `last` is the result of the stage before, the last argument of this one.
    TemplateValue command(const TemplateCommand& words, const TemplateValue& dot, const TemplateValue* last)
    {
        const TemplateOperand& first = words.front();
        if (first.kind != TemplateOperand::Kind::Function) {
            if (words.size() > 1 || last != nullptr) {
                throw TemplateError("can't give argument to non-function " + operand(first, dot).text());
            }
            return operand(first, dot);
        }
        if (first.name == "and" || first.name == "or") {
            return shortCircuit(words, dot, last);
        }
        std::vector<TemplateValue> arguments;
        for (std::size_t i = 1; i < words.size(); ++i) {
            arguments.push_back(operand(words[i], dot));
        }
        if (last != nullptr) {
            arguments.push_back(*last);
        }
        return fielded(callTemplateFunction(first.name, arguments, m_context), first.fields);
    }

    TemplateValue shortCircuit(const TemplateCommand& words, const TemplateValue& dot,
                               const TemplateValue* last)
    {
        const bool stopAt = words.front().name == "or";
        TemplateValue value;
        if (words.size() == 1 && last == nullptr) {
            throw TemplateError("wrong number of args for " + words.front().name + ": want at least 1 got 0");
        }
        for (std::size_t i = 1; i < words.size(); ++i) {
            value = operand(words[i], dot);
            if (value.truth() == stopAt) {
                return value;
            }
        }
        return last != nullptr ? *last : value;
    }

    TemplateValue operand(const TemplateOperand& word, const TemplateValue& dot)
    {
        switch (word.kind) {
        case TemplateOperand::Kind::Literal:
            return word.literal;
        case TemplateOperand::Kind::Dot:
            return fielded(dot, word.fields);
        case TemplateOperand::Kind::Variable: {
            const auto at = std::find_if(m_variables.rbegin(), m_variables.rend(),
                                         [&](const auto& variable) { return variable.first == word.name; });
            if (at == m_variables.rend()) {
                throw TemplateError("undefined variable: " + word.name);
            }
            return fielded(at->second, word.fields);
        }
        case TemplateOperand::Kind::Function:
            return fielded(callTemplateFunction(word.name, {}, m_context), word.fields);
        case TemplateOperand::Kind::Pipe:
            return fielded(pipe(*word.pipe, dot), word.fields);
        }
        return {};
    }

    static TemplateValue fielded(TemplateValue value, const std::vector<std::string>& fields)
    {
        for (const std::string& field : fields) {
            if (auto method = methodOf(value, field)) {
                value = std::move(*method);
                continue;
            }
            const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data);
            if (map == nullptr) {
                throw TemplateError("can't evaluate field " + field + " in type " +
                                    std::string(value.typeName()));
            }
            const auto at = (*map)->entries.find(field);
            if (at == (*map)->entries.end() && (*map)->isStruct) {
                throw TemplateError("can't evaluate field " + field + " in this type");
            }
            TemplateValue next;
            if (at != (*map)->entries.end()) {
                next = at->second;
            } else {
                next.data = std::string(); // missingkey=zero
            }
            value = std::move(next);
        }
        return value;
    }

    const TemplateNode& m_root;
    const TemplateContext& m_context;
    std::vector<std::pair<std::string, TemplateValue>> m_variables;
    std::string m_out;
    int m_calls = 0;
};

} // namespace

Template::Template(std::shared_ptr<const TemplateNode> root, std::string name)
    : m_root(std::move(root))
    , m_name(std::move(name))
{
}

core::Result<Template> Template::parse(std::string_view text, std::string_view name)
{
    try {
        return Template(parseTemplate(text), std::string(name));
    } catch (const TemplateError& error) {
        return core::fail("template: " + std::string(name) + ":" + error.what());
    }
}

core::Result<std::string> Template::expand(const TemplateContext& context) const
{
    try {
        return Execution(*m_root, context).take();
    } catch (const TemplateError& error) {
        return core::fail("error executing template " + m_name + ": " + error.what());
    }
}

} // namespace gotext
