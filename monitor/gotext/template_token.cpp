#include "monitor/gotext/template_token.h"

#include "monitor/gotext/template_node.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace gotext {

void failAtLine(int line, const std::string& reason)
{
    throw TemplateError(std::to_string(line) + ": " + reason);
}

namespace {

bool isWordChar(char c) noexcept
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The words of one action, between {{ and }}.
class ActionLexer {
public:
    ActionLexer(std::string_view text, int line)
        : m_text(text)
        , m_line(line)
    {
    }

    std::vector<TemplateToken> all()
    {
        std::vector<TemplateToken> tokens;
        while (true) {
            const std::size_t before = m_at;
            while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0) {
                m_line += m_text[m_at] == '\n' ? 1 : 0;
                ++m_at;
            }
            if (m_at == m_text.size()) {
                return tokens;
            }
            TemplateToken token = next();
            token.spaced = m_spaceSeen || before != m_start;
            tokens.push_back(std::move(token));
        }
    }

private:
    TemplateToken next()
    {
        m_start = m_at;
        m_spaceSeen = m_at > 0 && std::isspace(static_cast<unsigned char>(m_text[m_at - 1])) != 0;
        const char c = m_text[m_at];
        const char after = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (c == '"' || c == '`' || c == '\'') {
            return quoted(c);
        }
        const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
        const bool signedNumber =
            (c == '+' || c == '-') && (std::isdigit(static_cast<unsigned char>(after)) != 0 || after == '.');
        if (digit || signedNumber || (c == '.' && std::isdigit(static_cast<unsigned char>(after)) != 0)) {
            return number();
        }
        if (c == '.' || c == '$' || isWordChar(c)) {
            return word(c);
        }
        if (c == ':' && after == '=') {
            m_at += 2;
            return {TemplateToken::Kind::Sign, ":="};
        }
        if (std::string_view("|()=,").find(c) != std::string_view::npos) {
            ++m_at;
            return {TemplateToken::Kind::Sign, std::string(1, c)};
        }
        failAtLine(m_line, c == ':' ? "expected :="
                                    : "unexpected " +
                                          promql::goCodePoint(promql::decodeRune(m_text.substr(m_at)).value) +
                                          " in command");
    }

    TemplateToken word(char first)
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && isWordChar(m_text[m_at])) {
            ++m_at;
        }
        std::string text(m_text.substr(begin, m_at - begin));
        if (m_at < m_text.size()) {
            const char c = m_text[m_at];
            const bool ends = std::isspace(static_cast<unsigned char>(c)) != 0 ||
                              std::string_view(".,|:)(=").find(c) != std::string_view::npos;
            if (!ends) {
                failAtLine(m_line, "bad character " +
                                       promql::goCodePoint(promql::decodeRune(m_text.substr(m_at)).value));
            }
        }
        if (first == '.') {
            return {text.size() > 1 ? TemplateToken::Kind::Field : TemplateToken::Kind::Dot, std::move(text)};
        }
        return {first == '$' ? TemplateToken::Kind::Variable : TemplateToken::Kind::Word, std::move(text)};
    }

    TemplateToken number()
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() &&
               (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '.' ||
                m_text[m_at] == '_' ||
                ((m_text[m_at] == '+' || m_text[m_at] == '-') && (m_text[m_at - 1] | 0x20) == 'e'))) {
            ++m_at;
        }
        return {TemplateToken::Kind::Number, std::string(m_text.substr(begin, m_at - begin))};
    }

    TemplateToken quoted(char quote)
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != quote && (quote == '`' || m_text[m_at] != '\n')) {
            m_at += m_text[m_at] == '\\' && quote != '`' ? 2 : 1;
        }
        if (m_at >= m_text.size() || m_text[m_at] != quote) {
            failAtLine(m_line, quote == '`'   ? "unterminated raw quoted string"
                               : quote == '"' ? "unterminated quoted string"
                                              : "unterminated character constant");
        }
        ++m_at;
        return {quote == '\'' ? TemplateToken::Kind::Char : TemplateToken::Kind::String,
                std::string(m_text.substr(begin, m_at - begin))};
    }

    std::string_view m_text;
    int m_line;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    bool m_spaceSeen = false;
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
    failAtLine(line, "unclosed action");
}

} // namespace

std::vector<TemplateItem> templateItems(std::string_view text)
{
    std::vector<TemplateItem> items;
    int line = 1;
    bool trimNext = false;
    for (std::size_t at = 0; at <= text.size();) {
        const auto open = text.find("{{", at);
        std::string plain(text.substr(at, open - at));
        const auto lines = std::count(plain.begin(), plain.end(), '\n');
        const auto blankAfter = [&](std::size_t place) {
            return place < text.size() && std::isspace(static_cast<unsigned char>(text[place])) != 0;
        };
        const bool trims =
            open != std::string_view::npos && text.substr(open + 2, 1) == "-" && blankAfter(open + 3);
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
                failAtLine(line, "unclosed comment");
            }
            const std::size_t behind = end + 2;
            trimNext = text.substr(behind, 4) == " -}}";
            close = trimNext ? behind + 2 : behind;
            if (text.substr(close, 2) != "}}") {
                failAtLine(line, "comment ends before closing delimiter");
            }
        } else {
            close = actionEnd(text, inner, line);
            trimNext = close > inner + 1 && text[close - 1] == '-' &&
                       std::isspace(static_cast<unsigned char>(text[close - 2])) != 0;
            const std::string_view body = text.substr(inner, close - inner - (trimNext ? 1 : 0));
            items.push_back({true, {}, ActionLexer(body, line).all(), line});
        }
        line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(open),
                                            text.begin() + static_cast<std::ptrdiff_t>(close), '\n'));
        at = close + 2;
    }
    return items;
}

} // namespace gotext
