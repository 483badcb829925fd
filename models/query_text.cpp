#include "models/query_text.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace models {

namespace {

using Kind = QueryToken::Kind;
using Wants = QueryPlace::Wants;

bool beginsWord(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c == u':';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'' || c == u'`';
}

int endOfString(const QString& text, int begin, bool& closed)
{
    const QChar quote = text[begin];
    for (int at = begin + 1; at < text.size(); ++at) {
        if (text[at] == u'\\' && quote != u'`') {
            ++at;
        } else if (text[at] == quote) {
            return at + 1;
        }
    }
    closed = false;
    return static_cast<int>(text.size());
}

template <class Belongs>
int endWhile(const QString& text, int begin, Belongs belongs)
{
    int end = begin;
    while (end < text.size() && belongs(text[end])) {
        ++end;
    }
    return end;
}

QueryToken tokenAt(const QString& text, int begin)
{
    QueryToken token{Kind::Sign, begin, begin + 1, true};
    const QChar c = text[begin];
    if (c == u'#') {
        token.kind = Kind::Comment;
        token.end = endWhile(text, begin, [](QChar other) { return other != u'\n'; });
    } else if (isQuote(c)) {
        token.kind = Kind::String;
        token.end = endOfString(text, begin, token.closed);
    } else if (isDigit(c)) { // durations too: 5m, 1h30m
        token.kind = Kind::Number;
        token.end = endWhile(
            text, begin, [](QChar other) { return isDigit(other) || beginsWord(other) || other == u'.'; });
    } else if (beginsWord(c)) {
        token.kind = Kind::Word;
        token.end = endWhile(text, begin, [](QChar other) { return beginsWord(other) || isDigit(other); });
    }
    return token;
}

QStringView view(const QString& text, const QueryToken& token)
{
    return QStringView(text).mid(token.begin, token.end - token.begin);
}

bool takesLabels(QStringView word)
{
    static const QSet<QString> kWords{QStringLiteral("by"),         QStringLiteral("without"),
                                      QStringLiteral("on"),         QStringLiteral("ignoring"),
                                      QStringLiteral("group_left"), QStringLiteral("group_right")};
    return kWords.contains(word.toString().toLower());
}

// What stands open at the cursor.
struct Bracket {
    QChar sign;
    bool labels = false; // of by (…) and its like
    QString metric;      // before {
};

class PlaceFinder {
public:
    PlaceFinder(const QString& text, int cursor)
        : m_text(text)
        , m_cursor(std::clamp(cursor, 0, static_cast<int>(text.size())))
    {
    }

    QueryPlace find()
    {
        for (const QueryToken& token : queryTokens(m_text)) {
            if (token.begin >= m_cursor) {
                break;
            }
            const bool inside = m_cursor < token.end || (m_cursor == token.end && goesOn(token));
            if (inside) {
                return inToken(token);
            }
            pass(token);
        }
        return between(m_cursor);
    }

private:
    static bool goesOn(const QueryToken& token)
    {
        return token.kind == Kind::Word || token.kind == Kind::Number || token.kind == Kind::Comment ||
               !token.closed;
    }

    QueryPlace inToken(const QueryToken& token) const
    {
        switch (token.kind) {
        case Kind::Word:
            return between(token.begin);
        case Kind::Number:
            return m_open.empty() || m_open.back().sign != u'[' ? QueryPlace{} : between(token.begin);
        case Kind::String:
            return m_open.empty() || m_open.back().sign != u'{' || m_label.isEmpty()
                       ? QueryPlace{}
                       : QueryPlace{Wants::LabelValue, token.begin + 1, m_open.back().metric, m_label};
        case Kind::Comment:
        case Kind::Sign:
            break;
        }
        return {};
    }

    // Where a new word would begin.
    QueryPlace between(int begin) const
    {
        if (m_open.empty()) {
            return {Wants::Word, begin, {}, {}};
        }
        const Bracket& bracket = m_open.back();
        if (bracket.sign == u'[') {
            return {Wants::Duration, begin, {}, {}};
        }
        if (bracket.sign == u'{') { // after {label= comes a quote, which we do not type for anybody
            return m_last == u'{' || m_last == u',' ? QueryPlace{Wants::LabelName, begin, bracket.metric, {}}
                                                    : QueryPlace{};
        }
        return bracket.labels ? QueryPlace{Wants::LabelName, begin, {}, {}}
                              : QueryPlace{Wants::Word, begin, {}, {}};
    }

    void pass(const QueryToken& token)
    {
        const QStringView word = view(m_text, token);
        if (token.kind == Kind::Word) {
            m_word = word.toString();
            if (!m_open.empty() && m_open.back().sign == u'{') {
                m_label = m_word;
            }
        } else if (token.kind == Kind::Sign) {
            passSign(word.front());
        }
        if (token.kind != Kind::Comment) {
            m_last = token.kind == Kind::Sign ? word.front() : u'x';
        }
    }

    void passSign(QChar sign)
    {
        if (sign == u'(' || sign == u'{' || sign == u'[') {
            m_open.push_back({sign, sign == u'(' && takesLabels(m_word), sign == u'{' ? m_word : QString()});
            m_word.clear();
            m_label.clear();
        } else if ((sign == u')' || sign == u'}' || sign == u']') && !m_open.empty()) {
            m_open.pop_back();
            m_word.clear();
        } else if (sign == u',') {
            m_label.clear();
            m_word.clear();
        } else if (m_open.empty() || m_open.back().sign != u'{') {
            m_word.clear();
        }
    }

    const QString& m_text;
    const int m_cursor;
    std::vector<Bracket> m_open;
    QString m_word;  // the last one, while nothing came after it
    QString m_label; // the last one inside {}
    QChar m_last;    // the last sign; 'x' for anything else
};

// The offset of `column` (bytes from 1) in `line` (from 1); -1 beyond the text.
int offsetOf(const QString& text, int line, int column)
{
    int begin = 0;
    for (int i = 1; i < line; ++i) {
        begin = static_cast<int>(text.indexOf(u'\n', begin)) + 1;
        if (begin == 0) {
            return -1;
        }
    }
    const qsizetype lineEnd = text.indexOf(u'\n', begin);
    const QByteArray bytes = text.mid(begin, lineEnd < 0 ? -1 : lineEnd - begin).toUtf8();
    return column - 1 > bytes.size()
               ? -1
               : begin + static_cast<int>(QString::fromUtf8(bytes.left(column - 1)).size());
}

// Per second of it, as under rate().
core::Unit perSecond(core::Unit unit)
{
    switch (unit) {
    case core::Unit::Bytes:
        return core::Unit::BytesPerSecond;
    case core::Unit::Seconds: // of a counter of seconds: a share of the time
        return core::Unit::None;
    case core::Unit::None:
    case core::Unit::Count:
    case core::Unit::PerSecond:
        return core::Unit::PerSecond;
    case core::Unit::Ratio:
    case core::Unit::BytesPerSecond:
    case core::Unit::Load:
        break;
    }
    return core::Unit::None;
}

} // namespace

std::vector<QueryToken> queryTokens(const QString& text)
{
    std::vector<QueryToken> tokens;
    for (int at = 0; at < text.size();) {
        if (text[at].isSpace()) {
            ++at;
            continue;
        }
        tokens.push_back(tokenAt(text, at));
        at = tokens.back().end;
    }
    return tokens;
}

QueryPlace queryPlace(const QString& text, int cursor)
{
    return PlaceFinder(text, cursor).find();
}

std::optional<QueryMistake> queryMistake(const QString& text, const QString& message)
{
    static const QRegularExpression kPlace(QStringLiteral("^(\\d{1,6}):(\\d{1,6}): (?:parse error: )?(.*)$"),
                                           QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = kPlace.match(message);
    const int begin =
        match.hasMatch() ? offsetOf(text, match.captured(1).toInt(), match.captured(2).toInt()) : -1;
    if (begin < 0) {
        return std::nullopt;
    }
    QueryMistake mistake{begin, begin + 1, match.captured(3)};
    for (const QueryToken& token : queryTokens(text)) {
        if (token.begin <= begin && begin < token.end) {
            mistake.end = token.end;
        }
    }
    if (begin >= text.size()) { // at the end: what stands before it
        mistake.begin = std::max(0, static_cast<int>(text.size()) - 1);
        mistake.end = static_cast<int>(text.size());
    }
    return mistake;
}

core::Unit queryUnit(const QString& text,
                     const std::function<std::optional<core::Unit>(const QString&)>& unitOf)
{
    static const QRegularExpression kRate(QStringLiteral("^(rate|irate|deriv)$"));
    static const QRegularExpression kCount(QStringLiteral(
        "^(count|count_values|group|changes|resets|count_over_time|absent|absent_over_time|timestamp)$"));
    std::optional<core::Unit> unit;
    bool rate = false;
    bool quantile = false;
    bool counted = false;
    for (const QueryToken& token : queryTokens(text)) {
        const QString word = view(text, token).toString();
        if (token.kind == Kind::Sign && (word == QLatin1String("/") || word == QLatin1String("*"))) {
            return core::Unit::None;
        }
        if (token.kind != Kind::Word) {
            continue;
        }
        rate = rate || kRate.match(word).hasMatch();
        quantile = quantile || word == QLatin1String("histogram_quantile");
        counted = counted || kCount.match(word).hasMatch();
        if (!unit) {
            unit = unitOf(word);
        }
    }
    if (counted) {
        return core::Unit::Count;
    }
    if (!unit) {
        return core::Unit::None;
    }
    return rate && !quantile ? perSecond(*unit) : *unit;
}

} // namespace models
