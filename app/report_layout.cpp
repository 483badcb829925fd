#include "app/report_layout.h"

#include <QStringList>
#include <QTextOption>

#include <cmath>
#include <utility>

namespace app {

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

} // namespace app
