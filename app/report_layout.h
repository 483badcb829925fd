// Paper: words, lines and drawings put one below the other, and broken into pages.
#pragma once

#include "monitor/report/document.h"

#include <QColor>
#include <QFont>
#include <QPainter>
#include <QString>
#include <QTextLayout>

#include <functional>
#include <memory>
#include <vector>

namespace app {

// In tenths of a point: fonts have whole sizes then.
inline constexpr double kPageWidth = 5953; // A4
inline constexpr double kPageHeight = 8419;
inline constexpr double kMargin = 510;
inline constexpr double kContentWidth = kPageWidth - 2 * kMargin;

struct Ink {
    QFont font;
    QColor colour;
    Qt::Alignment align = Qt::AlignLeft;
};

// Laid out once, measured, painted as often as wanted; words too long for a line are broken anywhere.
class Words {
public:
    Words(const QString& text, const Ink& ink, double width);
    [[nodiscard]] double height() const noexcept { return m_height; }
    // Of the first line, below the top: what stands side by side in several fonts and scripts shares it.
    [[nodiscard]] double base() const noexcept { return m_base; }
    void paint(QPainter& painter, const QPointF& at) const;

private:
    std::shared_ptr<QTextLayout> m_layout;
    QColor m_colour;
    double m_height = 0;
    double m_base = 0;
};

// Not thread-safe.
class PageStack {
public:
    using Paint = std::function<void(QPainter& painter, double top)>;

    PageStack() { m_pages.emplace_back(); }
    // Puts a piece below the last one, on a new page when it does not fit.
    void put(double height, Paint paint);
    void space(double height); // none at the head of a page
    // Begins a page unless so much is left on this one.
    void need(double height);
    [[nodiscard]] bool atTop() const noexcept { return m_y <= kMargin; }
    [[nodiscard]] std::size_t count() const noexcept { return m_pages.size(); }
    void paint(QPainter& painter, std::size_t page) const;

private:
    static constexpr double kBottom = kPageHeight - kMargin - 180; // the foot has its line below
    struct Piece {
        double top = 0;
        Paint paint;
    };
    std::vector<std::vector<Piece>> m_pages;
    double m_y = kMargin;
};

// Prefers the fonts of the report's HTML that are there. `size` in points.
[[nodiscard]] QFont reportFont(double size, QFont::Weight weight = QFont::Normal);
[[nodiscard]] QFont codeFont(double size);
[[nodiscard]] QFont headFont(); // of a table's
[[nodiscard]] QFont cellFont(const report::Column& column);
// Figures at the right of their column keep away from words at the left of the next.
[[nodiscard]] double gapAfter(const report::Table& table, std::size_t column);
// By weight; but where there is room elsewhere no word of twenty letters or less is broken.
[[nodiscard]] std::vector<double> columnWidths(const report::Table& table);

} // namespace app
