#include "widgets/explore/expression_colors.h"

#include "widgets/theme.h"

namespace widgets {

namespace {

using Kind = models::QueryToken::Kind;

// Text colours must be legible: the series' colours are bent towards the text's.
QColor inkOf(int series)
{
    return Theme::blend(Theme::of().seriesColor(series), Theme::of().palette().text, 0.65);
}

QTextCharFormat formatOf(const QColor& color)
{
    QTextCharFormat format;
    format.setForeground(color);
    return format;
}

} // namespace

ExpressionColors::ExpressionColors(QTextDocument* document)
    : QSyntaxHighlighter(document)
{
    connect(&Theme::of(), &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void ExpressionColors::setWords(std::shared_ptr<const models::QueryWords> words)
{
    m_words = std::move(words);
    rehighlight();
}

void ExpressionColors::highlightBlock(const QString& text)
{
    for (const models::QueryToken& token : models::queryTokens(text)) {
        const int length = token.end - token.begin;
        switch (token.kind) {
        case Kind::Word: {
            const QString word = text.mid(token.begin, length);
            if (m_words && m_words->isMetric(word)) {
                setFormat(token.begin, length, formatOf(Theme::of().palette().text));
            } else if (m_words && m_words->isFunction(word.toLower())) {
                setFormat(token.begin, length, formatOf(inkOf(0)));
            } else if (m_words && m_words->isKeyword(word.toLower())) {
                setFormat(token.begin, length, formatOf(inkOf(3)));
            }
            break;
        }
        case Kind::Number:
            setFormat(token.begin, length, formatOf(inkOf(1)));
            break;
        case Kind::String:
            setFormat(token.begin, length, formatOf(inkOf(2)));
            break;
        case Kind::Comment:
            setFormat(token.begin, length, formatOf(Theme::of().palette().muted));
            break;
        case Kind::Sign:
            break;
        }
    }
}

} // namespace widgets
