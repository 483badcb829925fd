// The names of a chart's series beside its title: a short stroke in the series' colour and the name.
#pragma once

#include "widgets/charts/plot_model.h"

#include <QWidget>

class QPainter;
class QPen;

namespace widgets {

// Main thread only.
class Legend final : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    // `shadow`: what the lighter lines under them are; empty: there are none.
    void setSeries(const std::vector<SeriesSpec>& series, const QString& shadow = {});
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int paintOne(QPainter& painter, int x, const QString& name, const QPen& pen) const;

    std::vector<SeriesSpec> m_series;
    QString m_shadow;
};

} // namespace widgets
