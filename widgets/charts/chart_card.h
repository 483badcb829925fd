// A chart in a card: title, legend, a short text at the right, the chart.
#pragma once

#include "widgets/card.h"
#include "widgets/charts/chart_widget.h"

namespace widgets {

class Legend;

// Main thread only.
class ChartCard final : public Card {
    Q_OBJECT
public:
    explicit ChartCard(const ChartSpec& spec, QWidget* parent = nullptr);
    [[nodiscard]] ChartWidget* chart() const noexcept { return m_chart; }
    // Title and legend follow the spec; one series needs no legend.
    void setSpec(const ChartSpec& spec);

private:
    ChartWidget* m_chart;
    Legend* m_legend;
};

} // namespace widgets
