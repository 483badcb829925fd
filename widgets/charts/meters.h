// Shares as bars: one row each with name, bar, text. For disks and processors.
#pragma once

#include "widgets/theme.h"

#include <QWidget>

#include <vector>

namespace widgets {

struct Meter {
    QString name;
    double share = 0; // 0..1, NaN = not known
    QString text;     // at the right
    StatusLevel level = StatusLevel::Ok;
    friend bool operator==(const Meter& a, const Meter& b)
    {
        return a.name == b.name && a.text == b.text && a.level == b.level &&
               (a.share == b.share || (a.share != a.share && b.share != b.share));
    }
};

// Main thread only. Many rows become several columns; what does not fit is counted in a last line.
class Meters final : public QWidget {
    Q_OBJECT
public:
    explicit Meters(QWidget* parent = nullptr);
    void show(std::vector<Meter> meters);
    using QWidget::show;
    void setEmptyText(const QString& text);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 60}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Shape {
        int columns = 1;
        int rows = 1;
        double height = 26; // of a row
    };
    [[nodiscard]] Shape shape() const;
    [[nodiscard]] QRectF box(std::size_t index, const Shape& shape) const;
    void paintMeter(QPainter& painter, const QRectF& area, const Meter& meter) const;

    std::vector<Meter> m_meters;
    QString m_emptyText;
};

} // namespace widgets
