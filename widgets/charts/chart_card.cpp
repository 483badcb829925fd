#include "widgets/charts/chart_card.h"

#include "widgets/charts/legend.h"

#include <QBoxLayout>

namespace widgets {

ChartCard::ChartCard(const ChartSpec& spec, QWidget* parent)
    : Card(parent)
    , m_chart(new ChartWidget(spec, this))
    , m_legend(new Legend(this))
{
    head()->insertWidget(1, m_legend);
    body()->addWidget(m_chart, 1);
    setSpec(spec);
    connect(m_chart, &ChartWidget::shadowChanged, this, [this] { setSpec(m_chart->model().spec); });
}

void ChartCard::setSpec(const ChartSpec& spec)
{
    setTitle(spec.name);
    m_chart->setSpec(spec);
    const QString& shadow = m_chart->model().shadowName;
    m_legend->setSeries(spec.series, shadow);
    // A compact plot has no room for one: its note tells the values in the order of the series.
    const bool legend = (spec.series.size() > 1 || !shadow.isEmpty()) && spec.density == Density::Full;
    m_legend->setVisible(legend);
    reserveHead(legend ? m_legend->sizeHint().width() : 0);
}

} // namespace widgets
