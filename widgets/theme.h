// The only place with colours, sizes and fonts of the window. State = colour + shape + word, always all
// three.
#pragma once

#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/pool_rows.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QPainter;
class QRectF;

namespace widgets {

enum class ThemeMode { System, Dark, Light };
enum class StatusLevel { Ok, Pending, Warning, Critical, NoData, Error };

struct Palette {
    bool dark = true;
    QColor window, card, raised, line, grid;
    QColor text, muted, faint, accent;
    QColor ok, warning, critical, noData;
    QColor series[8]; // Okabe-Ito in this theme's order
};

namespace space {
inline constexpr int kTiny = 4;
inline constexpr int kSmall = 8;
inline constexpr int kMedium = 10;
inline constexpr int kLarge = 16;
inline constexpr int kRadius = 8;
} // namespace space

enum class TextRole { Title, Value, Body, Caption };

// Main thread only. changed() is emitted after the application's palette and style sheet were replaced.
class Theme final : public QObject {
    Q_OBJECT
public:
    static Theme& of(); // owned by the application object; made by apply() in main
    void apply(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const noexcept { return m_mode; }
    [[nodiscard]] const Palette& palette() const noexcept { return m_palette; }
    [[nodiscard]] QFont font(TextRole role) const;

    [[nodiscard]] QColor color(StatusLevel level) const;
    [[nodiscard]] QColor color(metrics::SlotState state, bool overflow) const;
    // A series keeps its colour whatever else is drawn: bound to its name.
    [[nodiscard]] QColor seriesColor(int index) const;
    // A status colour fit for text: at least 4.5:1 on the card and on tint(level).
    [[nodiscard]] QColor ink(StatusLevel level) const;
    // The status colour as a quiet background on a card.
    [[nodiscard]] QColor tint(StatusLevel level) const;
    // `share` of `over`, the rest `under`; share 0..1.
    [[nodiscard]] static QColor blend(const QColor& over, const QColor& under, double share);
    // WCAG 2.1 contrast ratio, 1..21.
    [[nodiscard]] static double contrast(const QColor& a, const QColor& b);
    // The shape of a state: disc, hollow disc, triangle, square, hatched disc, exclamation mark.
    static void drawShape(QPainter& painter, const QRectF& box, StatusLevel level, const QColor& color);
    [[nodiscard]] QIcon statusIcon(StatusLevel level) const;
    [[nodiscard]] static QString word(StatusLevel level); // translated

Q_SIGNALS:
    void changed();

private:
    explicit Theme(QObject* parent);
    ThemeMode m_mode = ThemeMode::Dark;
    Palette m_palette;
};

} // namespace widgets
