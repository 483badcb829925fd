// One figure: a level bar at the left, caption, value, a shape for the level, a sparkline, a line of small
// print.
#pragma once

#include "widgets/theme.h"

#include <QWidget>

namespace widgets {

class Sparkline;

struct TileState {
    QString value; // "83.3 %"
    QString note;  // "peak 90.0 %"
    StatusLevel level = StatusLevel::NoData;
    double figure = 0; // for the sparkline; NaN = no sample
};

// Main thread only. clicked() also comes from the keyboard.
class Tile final : public QWidget {
    Q_OBJECT
public:
    explicit Tile(QWidget* parent = nullptr);
    void setCaption(const QString& caption);
    // One tick: shows it and adds a point to the sparkline.
    void show(const TileState& state);
    using QWidget::show;
    void setPast(const std::vector<double>& values);
    // Where the figure is from and how fine: beside the caption where there is room, else in the tooltip alone.
    void setSource(const QString& text);
    [[nodiscard]] const QString& source() const noexcept { return m_source; }
    [[nodiscard]] QString value() const { return m_state.value; }
    [[nodiscard]] StatusLevel level() const noexcept { return m_state.level; }
    [[nodiscard]] QSize sizeHint() const override { return {176, 82}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {148, 82}; }

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString m_caption;
    QString m_source;
    TileState m_state;
    Sparkline* m_spark;
};

} // namespace widgets
