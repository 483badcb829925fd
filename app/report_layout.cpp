#include "app/report_layout.h"

#include <QFontMetricsF>
#include <QStringList>
#include <QTextOption>

#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

// Of those that are words: what is longer may be broken anywhere.
double longestWord(const std::string& cell, const QFont& font)
{
    constexpr qsizetype kWord = 20; // characters
    const QFontMetricsF metrics(font);
    double longest = 0;
    for (const QString& word : QString::fromStdString(cell).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        longest = word.size() <= kWord ? std::max(longest, std::ceil(metrics.horizontalAdvance(word)) + 2) : longest;
    }
    return longest;
}

} // namespace

Words::Words(const QString& text, const Ink& ink, double width)
    : m_layout(std::make_shared<QTextLayout>(QString(text).replace(QLatin1Char('\n'), QChar::LineSeparator),
                                             ink.font))
    , m_colour(ink.colour)
{
    QTextOption option(ink.align);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout->setTextOption(option);
    m_layout->beginLayout();
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, m_height});
        m_base = m_height == 0 ? line.ascent() : m_base;
        m_height += line.height() * 1.12;
    }
    m_layout->endLayout();
}

void Words::paint(QPainter& painter, const QPointF& at) const
{
    painter.setPen(m_colour);
    m_layout->draw(&painter, at);
}

void PageStack::put(double height, Paint paint)
{
    need(height);
    m_pages.back().push_back({m_y, std::move(paint)});
    m_y += height;
}

void PageStack::space(double height)
{
    if (!atTop()) {
        m_y += height;
    }
}

void PageStack::need(double height)
{
    if (m_y + height > kBottom && !atTop()) {
        m_pages.emplace_back();
        m_y = kMargin;
    }
}

void PageStack::paint(QPainter& painter, std::size_t page) const
{
    for (const Piece& piece : m_pages.at(page)) {
        piece.paint(painter, piece.top);
    }
}

QFont reportFont(double size, QFont::Weight weight)
{
    QFont font(QStringList{QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"),
                           QStringLiteral("Noto Sans CJK SC"), QStringLiteral("WenQuanYi Micro Hei"),
                           QStringLiteral("sans-serif")});
    font.setPixelSize(static_cast<int>(std::lround(size * 10)));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont codeFont(double size)
{
    QFont font = reportFont(size);
    font.setFamilies(
        {QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")});
    font.setFixedPitch(true);
    return font;
}

QFont headFont()
{
    return reportFont(8, QFont::DemiBold);
}

QFont cellFont(const report::Column& column)
{
    return column.code ? codeFont(7.6) : reportFont(8.4);
}

double gapAfter(const report::Table& table, std::size_t column)
{
    if (column + 1 >= table.columns.size()) {
        return 0;
    }
    return table.columns[column].align == report::Align::Right && table.columns[column + 1].align == report::Align::Left ? 150
                                                                                                                          : 90;
}

std::vector<double> columnWidths(const report::Table& table)
{
    double weights = 0;
    for (const report::Column& column : table.columns) {
        weights += column.weight;
    }
    std::vector<double> widths;
    std::vector<double> needs;
    double missing = 0;
    double spare = 0;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        double word = longestWord(table.columns[i].title, headFont());
        for (const auto& row : table.rows) {
            word = i < row.size() ? std::max(word, longestWord(row[i], cellFont(table.columns[i]))) : word;
        }
        widths.push_back(kContentWidth * table.columns[i].weight / weights);
        needs.push_back(word + gapAfter(table, i));
        (needs[i] > widths[i] ? missing : spare) += std::abs(needs[i] - widths[i]);
    }
    for (std::size_t i = 0; i < widths.size() && missing > 0 && missing <= spare; ++i) {
        widths[i] = needs[i] > widths[i] ? needs[i] : widths[i] - (widths[i] - needs[i]) * missing / spare;
    }
    return widths;
}

} // namespace app
