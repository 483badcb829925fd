// The names of a chart's series beside its title: a short stroke in the series' colour and the name.
#pragma once

#include "widgets/charts/plot_model.h"

#include <QWidget>

namespace widgets {

// Main thread only.
class Legend final : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    void setSeries(const std::vector<SeriesSpec>& series);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<SeriesSpec> m_series;
};

} // namespace widgets
