// Grammar: https://pkg.go.dev/text/template, as Go 1.19 (which Prometheus 2.42 is built with) has it.
#include "monitor/alert/template_node.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace alert {

namespace {

constexpr int kMaxDepth = 100;

struct Token {
    enum class Kind { End, Word, Field, Variable, Dot, String, Number, Char, Sign } kind = Kind::End;
    std::string text;
    bool spaced = false; // a blank stood before it
};

[[noreturn]] void fail(int line, const std::string& reason)
{
    throw TemplateError(std::to_string(line) + ": " + reason);
}

bool isWordChar(char c) noexcept
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// The words of one action, between {{ and }}.
class ActionLexer {
public:
    ActionLexer(std::string_view text, int line) : m_text(text), m_line(line) {}

    std::vector<Token> all()
    {
        std::vector<Token> tokens;
        while (true) {
            const std::size_t before = m_at;
            while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0) {
                m_line += m_text[m_at] == '\n' ? 1 : 0;
                ++m_at;
            }
            if (m_at == m_text.size()) {
                return tokens;
            }
            Token token = next();
            token.spaced = m_spaceSeen || before != m_start;
            tokens.push_back(std::move(token));
        }
    }

private:
    Token next()
    {
        m_start = m_at;
        m_spaceSeen = m_at > 0 && std::isspace(static_cast<unsigned char>(m_text[m_at - 1])) != 0;
        const char c = m_text[m_at];
        const char after = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (c == '"' || c == '`' || c == '\'') {
            return quoted(c);
        }
        const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
        const bool signedNumber = (c == '+' || c == '-') && (std::isdigit(static_cast<unsigned char>(after)) != 0 || after == '.');
        if (digit || signedNumber || (c == '.' && std::isdigit(static_cast<unsigned char>(after)) != 0)) {
            return number();
        }
        if (c == '.' || c == '$' || isWordChar(c)) {
            return word(c);
        }
        if (c == ':' && after == '=') {
            m_at += 2;
            return {Token::Kind::Sign, ":="};
        }
        if (std::string_view("|()=,").find(c) != std::string_view::npos) {
            ++m_at;
            return {Token::Kind::Sign, std::string(1, c)};
        }
        fail(m_line, c == ':' ? "expected :="
                              : "unexpected " + promql::goCodePoint(promql::decodeRune(m_text.substr(m_at)).value)
                                    + " in command");
    }

    Token word(char first)
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && isWordChar(m_text[m_at])) {
            ++m_at;
        }
        std::string text(m_text.substr(begin, m_at - begin));
        if (m_at < m_text.size()) {
            const char c = m_text[m_at];
            const bool ends = std::isspace(static_cast<unsigned char>(c)) != 0
                              || std::string_view(".,|:)(=").find(c) != std::string_view::npos;
            if (!ends) {
                fail(m_line, "bad character " + promql::goCodePoint(promql::decodeRune(m_text.substr(m_at)).value));
            }
        }
        if (first == '.') {
            return {text.size() > 1 ? Token::Kind::Field : Token::Kind::Dot, std::move(text)};
        }
        return {first == '$' ? Token::Kind::Variable : Token::Kind::Word, std::move(text)};
    }

    Token number()
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size()
               && (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '.' || m_text[m_at] == '_'
                   || ((m_text[m_at] == '+' || m_text[m_at] == '-') && (m_text[m_at - 1] | 0x20) == 'e'))) {
            ++m_at;
        }
        return {Token::Kind::Number, std::string(m_text.substr(begin, m_at - begin))};
    }

    Token quoted(char quote)
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != quote && (quote == '`' || m_text[m_at] != '\n')) {
            m_at += m_text[m_at] == '\\' && quote != '`' ? 2 : 1;
        }
        if (m_at >= m_text.size() || m_text[m_at] != quote) {
            fail(m_line, quote == '`'    ? "unterminated raw quoted string"
                         : quote == '"' ? "unterminated quoted string"
                                        : "unterminated character constant");
        }
        ++m_at;
        return {quote == '\'' ? Token::Kind::Char : Token::Kind::String, std::string(m_text.substr(begin, m_at - begin))};
    }

    std::string_view m_text;
    int m_line;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    bool m_spaceSeen = false;
};

struct Item {
    bool action = false;
    std::string text; // of a text
    std::vector<Token> tokens;
    int line = 1;
};

std::string trimmedLeft(std::string text)
{
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text;
}

std::string trimmedRight(std::string text)
{
    const auto last = text.find_last_not_of(" \t\r\n");
    text.erase(last == std::string::npos ? 0 : last + 1);
    return text;
}

// Where the action that begins at `from` ends: the place of its }}, strings skipped.
std::size_t actionEnd(std::string_view text, std::size_t from, int line)
{
    char quote = '\0';
    for (std::size_t at = from; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != '\0') {
            if (c == '\\' && quote != '`') {
                ++at;
            } else if (c == quote || (c == '\n' && quote != '`')) {
                quote = '\0';
            }
        } else if (c == '"' || c == '`' || c == '\'') {
            quote = c;
        } else if (text.substr(at, 2) == "}}") {
            return at;
        }
    }
    fail(line, "unclosed action");
}

// Texts and actions in turn; comments and trimmed blanks are gone.
std::vector<Item> itemsOf(std::string_view text)
{
    std::vector<Item> items;
    int line = 1;
    bool trimNext = false;
    for (std::size_t at = 0; at <= text.size();) {
        const auto open = text.find("{{", at);
        std::string plain(text.substr(at, open - at));
        const auto lines = std::count(plain.begin(), plain.end(), '\n');
        const auto blankAfter = [&](std::size_t place) {
            return place < text.size() && std::isspace(static_cast<unsigned char>(text[place])) != 0;
        };
        const bool trims = open != std::string_view::npos && text.substr(open + 2, 1) == "-" && blankAfter(open + 3);
        plain = trimNext ? trimmedLeft(std::move(plain)) : std::move(plain);
        plain = trims ? trimmedRight(std::move(plain)) : std::move(plain);
        if (!plain.empty()) {
            items.push_back({false, std::move(plain), {}, line});
        }
        line += static_cast<int>(lines);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t inner = open + (trims ? 3 : 2);
        const std::size_t comment = trims ? inner + 1 : inner;
        std::size_t close = 0;
        if (text.substr(comment, 2) == "/*") {
            const auto end = text.find("*/", comment);
            if (end == std::string_view::npos) {
                fail(line, "unclosed comment");
            }
            const std::size_t behind = end + 2;
            trimNext = text.substr(behind, 4) == " -}}" ;
            close = trimNext ? behind + 2 : behind;
            if (text.substr(close, 2) != "}}") {
                fail(line, "comment ends before closing delimiter");
            }
        } else {
            close = actionEnd(text, inner, line);
            trimNext = close > inner + 1 && text[close - 1] == '-' && std::isspace(static_cast<unsigned char>(text[close - 2])) != 0;
            const std::string_view body = text.substr(inner, close - inner - (trimNext ? 1 : 0));
            items.push_back({true, {}, ActionLexer(body, line).all(), line});
        }
        line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(open),
                                            text.begin() + static_cast<std::ptrdiff_t>(close), '\n'));
        at = close + 2;
    }
    return items;
}

class Parser {
public:
    explicit Parser(std::vector<Item> items) : m_items(std::move(items)) {}

    std::shared_ptr<TemplateNode> root()
    {
        auto node = std::make_shared<TemplateNode>();
        m_root = node.get();
        std::string ended;
        node->body = list(ended);
        if (!ended.empty()) {
            fail(m_line, "unexpected {{" + ended + "}}");
        }
        return node;
    }

private:
    static const std::string& keywordOf(const Item& item)
    {
        static const std::string kNone;
        return item.tokens.empty() || item.tokens.front().kind != Token::Kind::Word ? kNone : item.tokens.front().text;
    }

    // Up to {{end}} or {{else}}, whose word is left in `ended`; the else item itself in m_else.
    std::vector<TemplateNode> list(std::string& ended)
    {
        if (++m_depth > kMaxDepth) {
            fail(m_line, "template is nested too deeply");
        }
        std::vector<TemplateNode> nodes;
        ended.clear();
        while (m_at < m_items.size() && ended.empty()) {
            const Item& item = m_items[m_at++];
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

    void action(const Item& item, std::vector<TemplateNode>& nodes)
    {
        const std::string& word = keywordOf(item);
        if (item.tokens.empty()) {
            fail(item.line, "missing value for command");
        }
        if (word == "define" || word == "block" || word == "template") {
            return named(item, nodes);
        }
        TemplateNode node;
        if (word == "if" || word == "range" || word == "with") {
            control(item, 1, word, node);
        } else if (word == "break" || word == "continue") {
            if (m_ranges == 0) {
                fail(item.line, "{{" + word + "}} outside {{range}}");
            }
            node.kind = word == "break" ? TemplateNode::Kind::Break : TemplateNode::Kind::Continue;
        } else {
            node.kind = TemplateNode::Kind::Action;
            std::size_t at = 0;
            node.pipe = pipeline(item.tokens, at, "command");
        }
        nodes.push_back(std::move(node));
    }

    void control(const Item& item, std::size_t at, const std::string& word, TemplateNode& node)
    {
        node.kind = word == "if" ? TemplateNode::Kind::If : word == "range" ? TemplateNode::Kind::Range
                                                                           : TemplateNode::Kind::With;
        const std::size_t scope = m_variables.size();
        node.pipe = pipeline(item.tokens, at, word);
        std::string ended;
        m_ranges += word == "range" ? 1 : 0;
        node.body = list(ended);
        m_ranges -= word == "range" ? 1 : 0;
        if (ended == "else") {
            const Item& other = *m_else;
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
                    fail(m_line, "expected end; found {{else}}");
                }
            }
        }
        if (ended.empty()) {
            fail(m_line, "unexpected EOF");
        }
        m_variables.resize(scope);
    }

    // define, block, template.
    void named(const Item& item, std::vector<TemplateNode>& nodes)
    {
        const std::string& word = keywordOf(item);
        if (item.tokens.size() < 2 || item.tokens[1].kind != Token::Kind::String) {
            fail(item.line, "missing name in " + word + " clause");
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
            fail(m_line, ended.empty() ? "unexpected EOF" : "unexpected {{" + ended + "}} in " + word + " clause");
        }
        m_variables = std::move(outer);
        m_root->defined[name] = std::move(body);
    }

    [[noreturn]] void unexpected(const Token& token, const std::string& context) const
    {
        fail(m_line, "unexpected " + (token.text.empty() ? "end" : promql::goQuoted(token.text)) + " in " + context);
    }

    TemplatePipe pipeline(const std::vector<Token>& tokens, std::size_t& at, const std::string& context)
    {
        if (++m_depth > kMaxDepth) {
            fail(m_line, "template is nested too deeply");
        }
        TemplatePipe pipe;
        declarations(tokens, at, context, pipe);
        while (true) {
            pipe.commands.push_back(command(tokens, at, context));
            const TemplateCommand& last = pipe.commands.back();
            const auto kind = last.front().kind;
            const bool executable = kind == TemplateOperand::Kind::Function || kind == TemplateOperand::Kind::Pipe
                                    || !last.front().fields.empty() || kind == TemplateOperand::Kind::Variable;
            if (pipe.commands.size() > 1 && !executable) {
                fail(m_line, "non executable command in pipeline stage " + std::to_string(pipe.commands.size()));
            }
            if (at >= tokens.size() || tokens[at].text != "|" || tokens[at].kind != Token::Kind::Sign) {
                break;
            }
            if (++at >= tokens.size()) {
                fail(m_line, "missing value for " + context);
            }
        }
        --m_depth;
        const bool closed = at < tokens.size() && tokens[at].text == ")" && context == "parenthesized pipeline";
        if (at < tokens.size() && !closed) {
            unexpected(tokens[at], context);
        }
        return pipe;
    }

    void declarations(const std::vector<Token>& tokens, std::size_t& at, const std::string& context, TemplatePipe& pipe)
    {
        const auto is = [&](std::size_t place, std::string_view text) {
            return place < tokens.size() && tokens[place].kind == Token::Kind::Sign && tokens[place].text == text;
        };
        if (at >= tokens.size() || tokens[at].kind != Token::Kind::Variable) {
            return;
        }
        std::size_t end = at + 1;
        pipe.variables.push_back(tokens[at].text);
        if (is(end, ",")) {
            if (context != "range" || end + 1 >= tokens.size() || tokens[end + 1].kind != Token::Kind::Variable) {
                fail(m_line, "too many declarations in " + context);
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
            fail(m_line, "undefined variable " + promql::goQuoted(name));
        }
    }

    TemplateCommand command(const std::vector<Token>& tokens, std::size_t& at, const std::string& context)
    {
        TemplateCommand words;
        while (at < tokens.size() && (tokens[at].kind != Token::Kind::Sign || tokens[at].text == "(")) {
            if (!words.empty() && !tokens[at].spaced) {
                unexpected(tokens[at], "operand");
            }
            words.push_back(operand(tokens, at));
        }
        if (words.empty()) {
            if (at < tokens.size() && tokens[at].text != "|" && tokens[at].text != ")") {
                unexpected(tokens[at], context);
            }
            fail(m_line, "missing value for " + context);
        }
        if (words.front().kind == TemplateOperand::Kind::Literal && words.size() == 1
            && std::holds_alternative<std::monostate>(words.front().literal.data)) {
            fail(m_line, "nil is not a command");
        }
        return words;
    }

    TemplateOperand operand(const std::vector<Token>& tokens, std::size_t& at)
    {
        const Token& token = tokens[at++];
        TemplateOperand result;
        switch (token.kind) {
        case Token::Kind::Dot:
            break;
        case Token::Kind::Field:
            result.fields.push_back(token.text.substr(1));
            break;
        case Token::Kind::Variable:
            requireVariable(token.text);
            result.kind = TemplateOperand::Kind::Variable;
            result.name = token.text;
            break;
        case Token::Kind::Word:
            word(token, result);
            break;
        case Token::Kind::Sign:
            result.kind = TemplateOperand::Kind::Pipe;
            result.pipe = std::make_shared<TemplatePipe>(pipeline(tokens, at, "parenthesized pipeline"));
            if (at >= tokens.size()) {
                fail(m_line, "unclosed left paren");
            }
            ++at;
            break;
        default:
            result.kind = TemplateOperand::Kind::Literal;
            result.literal = literal(token);
        }
        while (at < tokens.size() && tokens[at].kind == Token::Kind::Field && !tokens[at].spaced) {
            if (result.kind == TemplateOperand::Kind::Literal || (token.kind == Token::Kind::Dot)) {
                fail(m_line, "unexpected . after term " + promql::goQuoted(token.text));
            }
            result.fields.push_back(tokens[at++].text.substr(1));
        }
        return result;
    }

    void word(const Token& token, TemplateOperand& result) const
    {
        if (token.text == "true" || token.text == "false" || token.text == "nil") {
            result.kind = TemplateOperand::Kind::Literal;
            if (token.text != "nil") {
                result.literal.data = token.text == "true";
            }
            return;
        }
        static const std::vector<std::string> kKeywords{"if", "else", "end", "range", "with", "define", "block", "template"};
        if (std::find(kKeywords.begin(), kKeywords.end(), token.text) != kKeywords.end()) {
            fail(m_line, "unexpected <" + token.text + "> in operand");
        }
        if (!isTemplateFunction(token.text)) {
            fail(m_line, "function " + promql::goQuoted(token.text) + " not defined");
        }
        result.kind = TemplateOperand::Kind::Function;
        result.name = token.text;
    }

    TemplateValue literal(const Token& token) const
    {
        TemplateValue value;
        if (token.kind == Token::Kind::String || token.kind == Token::Kind::Char) {
            auto text = promql::unquote(token.text);
            if (!text || (token.kind == Token::Kind::Char && (text->empty() || promql::decodeRune(*text).bytes != text->size()))) {
                fail(m_line, token.kind == Token::Kind::Char ? "malformed character constant: " + token.text
                                                             : std::string("invalid syntax"));
            }
            if (token.kind == Token::Kind::Char) {
                value.data = static_cast<std::int64_t>(promql::decodeRune(*text).value);
            } else {
                value.data = std::move(*text);
            }
            return value;
        }
        const std::string plain = token.text.starts_with('+') || token.text.starts_with('-') ? token.text.substr(1) : token.text;
        const auto number = promql::parseNumber(plain);
        if (!number) {
            fail(m_line, "bad number syntax: " + promql::goQuoted(token.text));
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

    std::vector<Item> m_items;
    std::size_t m_at = 0;
    int m_line = 1;
    int m_depth = 0;
    int m_ranges = 0;
    const Item* m_else = nullptr;
    TemplateNode* m_root = nullptr;
    // Prometheus declares the four behind $ before every text.
    std::vector<std::string> m_variables{"$", "$labels", "$externalLabels", "$externalURL", "$value"};
};

} // namespace

std::shared_ptr<TemplateNode> parseTemplate(std::string_view text)
{
    return Parser(itemsOf(text)).root();
}

} // namespace alert
