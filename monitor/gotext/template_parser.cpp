// Grammar: https://pkg.go.dev/text/template, as Go 1.19 (which Prometheus 2.42 is built with) has it.
#include "monitor/gotext/template_node.h"
#include "monitor/gotext/template_token.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <utility>

namespace gotext {

namespace {

constexpr int kMaxDepth = 100;

class Parser {
public:
    explicit Parser(std::vector<TemplateItem> items)
        : m_items(std::move(items))
    {
    }

    std::shared_ptr<TemplateNode> root()
    {
        auto node = std::make_shared<TemplateNode>();
        m_root = node.get();
        std::string ended;
        node->body = list(ended);
        if (!ended.empty()) {
            failAtLine(m_line, "unexpected {{" + ended + "}}");
        }
        return node;
    }

private:
    static const std::string& keywordOf(const TemplateItem& item)
    {
        static const std::string kNone;
        return item.tokens.empty() || item.tokens.front().kind != TemplateToken::Kind::Word
                   ? kNone
                   : item.tokens.front().text;
    }

    // Up to {{end}} or {{else}}, whose word is left in `ended`; the else item itself in m_else.
    std::vector<TemplateNode> list(std::string& ended)
    {
        if (++m_depth > kMaxDepth) {
            failAtLine(m_line, "template is nested too deeply");
        }
        std::vector<TemplateNode> nodes;
        ended.clear();
        while (m_at < m_items.size() && ended.empty()) {
            const TemplateItem& item = m_items[m_at++];
            m_line = item.line;
            if (!item.action) {
                TemplateNode text;
                text.kind = TemplateNode::Kind::Text;
                text.text = item.text;
                nodes.push_back(std::move(text));
            } else if (const std::string& word = keywordOf(item); word == "end" || word == "else") {
                ended = word;
                m_else = &item;
                if (word == "end" && item.tokens.size() > 1) {
                    unexpected(item.tokens[1], "end");
                }
            } else {
                action(item, nodes);
            }
        }
        --m_depth;
        return nodes;
    }

    void action(const TemplateItem& item, std::vector<TemplateNode>& nodes)
    {
        const std::string& word = keywordOf(item);
        if (item.tokens.empty()) {
            failAtLine(item.line, "missing value for command");
        }
        if (word == "define" || word == "block" || word == "template") {
            return named(item, nodes);
        }
        TemplateNode node;
        if (word == "if" || word == "range" || word == "with") {
            control(item, 1, word, node);
        } else if (word == "break" || word == "continue") {
            if (m_ranges == 0) {
                failAtLine(item.line, "{{" + word + "}} outside {{range}}");
            }
            node.kind = word == "break" ? TemplateNode::Kind::Break : TemplateNode::Kind::Continue;
        } else {
            node.kind = TemplateNode::Kind::Action;
            std::size_t at = 0;
            node.pipe = pipeline(item.tokens, at, "command");
        }
        nodes.push_back(std::move(node));
    }

    void control(const TemplateItem& item, std::size_t at, const std::string& word, TemplateNode& node)
    {
        node.kind = word == "if"      ? TemplateNode::Kind::If
                    : word == "range" ? TemplateNode::Kind::Range
                                      : TemplateNode::Kind::With;
        const std::size_t scope = m_variables.size();
        node.pipe = pipeline(item.tokens, at, word);
        std::string ended;
        m_ranges += word == "range" ? 1 : 0;
        node.body = list(ended);
        m_ranges -= word == "range" ? 1 : 0;
        if (ended == "else") {
            const TemplateItem& other = *m_else;
            if (word == "if" && other.tokens.size() > 1 && other.tokens[1].text == "if") {
                TemplateNode nested;
                control(other, 2, "if", nested);
                node.otherwise.push_back(std::move(nested));
                ended = "end";
            } else if (other.tokens.size() > 1) {
                unexpected(other.tokens[1], "else");
            } else {
                node.otherwise = list(ended);
                if (ended == "else") {
                    failAtLine(m_line, "expected end; found {{else}}");
                }
            }
        }
        if (ended.empty()) {
            failAtLine(m_line, "unexpected EOF");
        }
        m_variables.resize(scope);
    }

    // define, block, template.
    void named(const TemplateItem& item, std::vector<TemplateNode>& nodes)
    {
        const std::string& word = keywordOf(item);
        if (item.tokens.size() < 2 || item.tokens[1].kind != TemplateToken::Kind::String) {
            failAtLine(item.line, "missing name in " + word + " clause");
        }
        const std::string name = *promql::unquote(item.tokens[1].text);
        if (word != "define") {
            TemplateNode call;
            call.kind = TemplateNode::Kind::Call;
            call.text = name;
            std::size_t at = 2;
            if (word == "block" || item.tokens.size() > 2) {
                call.pipe = pipeline(item.tokens, at, word + " clause");
            }
            nodes.push_back(std::move(call));
        }
        if (word == "template") {
            return;
        }
        auto outer = std::exchange(m_variables, {"$"});
        auto body = std::make_shared<TemplateNode>();
        std::string ended;
        body->body = list(ended);
        if (ended != "end") {
            failAtLine(m_line, ended.empty() ? "unexpected EOF"
                                             : "unexpected {{" + ended + "}} in " + word + " clause");
        }
        m_variables = std::move(outer);
        m_root->defined[name] = std::move(body);
    }

    [[noreturn]] void unexpected(const TemplateToken& token, const std::string& context) const
    {
        failAtLine(m_line, "unexpected " + (token.text.empty() ? "end" : promql::goQuoted(token.text)) +
                               " in " + context);
    }

    TemplatePipe pipeline(const std::vector<TemplateToken>& tokens, std::size_t& at,
                          const std::string& context)
    {
        if (++m_depth > kMaxDepth) {
            failAtLine(m_line, "template is nested too deeply");
        }
        TemplatePipe pipe;
        declarations(tokens, at, context, pipe);
        while (true) {
            pipe.commands.push_back(command(tokens, at, context));
            const TemplateCommand& last = pipe.commands.back();
            const auto kind = last.front().kind;
            const bool executable = kind == TemplateOperand::Kind::Function ||
                                    kind == TemplateOperand::Kind::Pipe || !last.front().fields.empty() ||
                                    kind == TemplateOperand::Kind::Variable;
            if (pipe.commands.size() > 1 && !executable) {
                failAtLine(m_line, "non executable command in pipeline stage " +
                                       std::to_string(pipe.commands.size()));
            }
            if (at >= tokens.size() || tokens[at].text != "|" ||
                tokens[at].kind != TemplateToken::Kind::Sign) {
                break;
            }
            if (++at >= tokens.size()) {
                failAtLine(m_line, "missing value for " + context);
            }
        }
        --m_depth;
        const bool closed =
            at < tokens.size() && tokens[at].text == ")" && context == "parenthesized pipeline";
        if (at < tokens.size() && !closed) {
            unexpected(tokens[at], context);
        }
        return pipe;
    }

    void declarations(const std::vector<TemplateToken>& tokens, std::size_t& at, const std::string& context,
                      TemplatePipe& pipe)
    {
        const auto is = [&](std::size_t place, std::string_view text) {
            return place < tokens.size() && tokens[place].kind == TemplateToken::Kind::Sign &&
                   tokens[place].text == text;
        };
        if (at >= tokens.size() || tokens[at].kind != TemplateToken::Kind::Variable) {
            return;
        }
        std::size_t end = at + 1;
        pipe.variables.push_back(tokens[at].text);
        if (is(end, ",")) {
            if (context != "range" || end + 1 >= tokens.size() ||
                tokens[end + 1].kind != TemplateToken::Kind::Variable) {
                failAtLine(m_line, "too many declarations in " + context);
            }
            pipe.variables.push_back(tokens[end + 1].text);
            end += 2;
        }
        if (!is(end, ":=") && !is(end, "=")) {
            pipe.variables.clear();
            return;
        }
        pipe.assigns = is(end, "=");
        for (const std::string& variable : pipe.variables) {
            if (pipe.assigns) {
                requireVariable(variable);
            } else {
                m_variables.push_back(variable);
            }
        }
        at = end + 1;
    }

    void requireVariable(const std::string& name) const
    {
        if (std::find(m_variables.begin(), m_variables.end(), name) == m_variables.end()) {
            failAtLine(m_line, "undefined variable " + promql::goQuoted(name));
        }
    }

    TemplateCommand command(const std::vector<TemplateToken>& tokens, std::size_t& at,
                            const std::string& context)
    {
        TemplateCommand words;
        while (at < tokens.size() &&
               (tokens[at].kind != TemplateToken::Kind::Sign || tokens[at].text == "(")) {
            if (!words.empty() && !tokens[at].spaced) {
                unexpected(tokens[at], "operand");
            }
            words.push_back(operand(tokens, at));
        }
        if (words.empty()) {
            if (at < tokens.size() && tokens[at].text != "|" && tokens[at].text != ")") {
                unexpected(tokens[at], context);
            }
            failAtLine(m_line, "missing value for " + context);
        }
        if (words.front().kind == TemplateOperand::Kind::Literal && words.size() == 1 &&
            std::holds_alternative<std::monostate>(words.front().literal.data)) {
            failAtLine(m_line, "nil is not a command");
        }
        return words;
    }

    TemplateOperand operand(const std::vector<TemplateToken>& tokens, std::size_t& at)
    {
        const TemplateToken& token = tokens[at++];
        TemplateOperand result;
        switch (token.kind) {
        case TemplateToken::Kind::Dot:
            break;
        case TemplateToken::Kind::Field:
            result.fields.push_back(token.text.substr(1));
            break;
        case TemplateToken::Kind::Variable:
            requireVariable(token.text);
            result.kind = TemplateOperand::Kind::Variable;
            result.name = token.text;
            break;
        case TemplateToken::Kind::Word:
            word(token, result);
            break;
        case TemplateToken::Kind::Sign:
            result.kind = TemplateOperand::Kind::Pipe;
            result.pipe = std::make_shared<TemplatePipe>(pipeline(tokens, at, "parenthesized pipeline"));
            if (at >= tokens.size()) {
                failAtLine(m_line, "unclosed left paren");
            }
            ++at;
            break;
        default:
            result.kind = TemplateOperand::Kind::Literal;
            result.literal = literal(token);
        }
        while (at < tokens.size() && tokens[at].kind == TemplateToken::Kind::Field && !tokens[at].spaced) {
            if (result.kind == TemplateOperand::Kind::Literal || (token.kind == TemplateToken::Kind::Dot)) {
                failAtLine(m_line, "unexpected . after term " + promql::goQuoted(token.text));
            }
            result.fields.push_back(tokens[at++].text.substr(1));
        }
        return result;
    }

    void word(const TemplateToken& token, TemplateOperand& result) const
    {
        if (token.text == "true" || token.text == "false" || token.text == "nil") {
            result.kind = TemplateOperand::Kind::Literal;
            if (token.text != "nil") {
                result.literal.data = token.text == "true";
            }
            return;
        }
        static const std::vector<std::string> kKeywords{"if",   "else",   "end",   "range",
                                                        "with", "define", "block", "template"};
        if (std::find(kKeywords.begin(), kKeywords.end(), token.text) != kKeywords.end()) {
            failAtLine(m_line, "unexpected <" + token.text + "> in operand");
        }
        if (!isTemplateFunction(token.text)) {
            failAtLine(m_line, "function " + promql::goQuoted(token.text) + " not defined");
        }
        result.kind = TemplateOperand::Kind::Function;
        result.name = token.text;
    }

    TemplateValue literal(const TemplateToken& token) const
    {
        TemplateValue value;
        if (token.kind == TemplateToken::Kind::String || token.kind == TemplateToken::Kind::Char) {
            auto text = promql::unquote(token.text);
            if (!text || (token.kind == TemplateToken::Kind::Char &&
                          (text->empty() || promql::decodeRune(*text).bytes != text->size()))) {
                failAtLine(m_line, token.kind == TemplateToken::Kind::Char
                                       ? "malformed character constant: " + token.text
                                       : std::string("invalid syntax"));
            }
            if (token.kind == TemplateToken::Kind::Char) {
                value.data = static_cast<std::int64_t>(promql::decodeRune(*text).value);
            } else {
                value.data = std::move(*text);
            }
            return value;
        }
        const std::string plain =
            token.text.starts_with('+') || token.text.starts_with('-') ? token.text.substr(1) : token.text;
        const auto number = promql::parseNumber(plain);
        if (!number) {
            failAtLine(m_line, "bad number syntax: " + promql::goQuoted(token.text));
        }
        const double signedNumber = token.text.starts_with('-') ? -*number : *number;
        const bool hex = plain.starts_with("0x") || plain.starts_with("0X");
        if (!hex && plain.find_first_of(".eE") != std::string::npos) {
            value.data = signedNumber;
        } else {
            value.data = static_cast<std::int64_t>(std::clamp(signedNumber, -9.2e18, 9.2e18));
        }
        return value;
    }

    std::vector<TemplateItem> m_items;
    std::size_t m_at = 0;
    int m_line = 1;
    int m_depth = 0;
    int m_ranges = 0;
    const TemplateItem* m_else = nullptr;
    TemplateNode* m_root = nullptr;
    // Prometheus declares the four behind $ before every text.
    std::vector<std::string> m_variables{"$", "$labels", "$externalLabels", "$externalURL", "$value"};
};

} // namespace

std::shared_ptr<TemplateNode> parseTemplate(std::string_view text)
{
    return Parser(templateItems(text)).root();
}

} // namespace gotext
