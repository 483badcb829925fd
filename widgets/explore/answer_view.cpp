#include "widgets/explore/answer_view.h"

#include "models/table_csv.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QListWidget>
#include <QPixmap>
#include <QStackedWidget>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kColors = 8;
constexpr int kListHeight = 76;

QPixmap strokeOf(int color)
{
    QPixmap pixmap(14, 14);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.fillRect(QRect(0, 6, 14, 3), Theme::of().seriesColor(color));
    return pixmap;
}

} // namespace

AnswerView::AnswerView(QWidget* parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_chart(new ChartWidget(ChartSpec{}, this))
    , m_series(new QListWidget(this))
    , m_table(new TableView(QStringLiteral("explore"), this))
{
    m_chart->setCrosshair(&m_crosshair);
    m_series->setFlow(QListView::LeftToRight);
    m_series->setWrapping(true);
    m_series->setResizeMode(QListView::Adjust);
    m_series->setSpacing(2);
    m_series->setFrameShape(QFrame::NoFrame);
    m_series->setProperty("role", QStringLiteral("palette"));
    m_series->setMaximumHeight(kListHeight);
    m_series->setSelectionMode(QAbstractItemView::NoSelection);
    m_series->setFocusPolicy(Qt::TabFocus);
    m_order.setSourceModel(&m_rows);
    m_table->setModel(&m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(AnswerModel::Expression, Qt::AscendingOrder);
    m_table->setColumnWidths({90, 560});
    auto* drawn = new QWidget(m_stack);
    auto* column = new QVBoxLayout(drawn);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_chart, 1);
    column->addWidget(m_series);
    m_stack->addWidget(drawn);
    m_stack->addWidget(m_table);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_table, &TableView::notice, this, &AnswerView::notice);
    connect(&Theme::of(), &Theme::changed, this, [this] {
        for (int row = 0; row < m_series->count(); ++row) {
            m_series->item(row)->setIcon(strokeOf(row % kColors));
        }
    });
    retranslate();
}

bool AnswerView::showsChart() const
{
    return m_stack->currentWidget() != m_table;
}

void AnswerView::setEmptyText(const QString& text)
{
    m_chart->setEmptyText(text);
    m_table->setEmptyText(text);
    m_chart->refresh();
}

void AnswerView::show(const QueryAnswers& answers, const std::vector<QString>& letters, core::Unit unit,
                      Edge edge)
{
    if (answers.run.mode == QueryRun::Mode::Table) {
        m_rows.show(answers, letters);
        m_stack->setCurrentWidget(m_table);
        return;
    }
    showChart(answers, letters, unit, edge);
    m_stack->setCurrentIndex(0);
}

void AnswerView::showChart(const QueryAnswers& answers, const std::vector<QString>& letters, core::Unit unit,
                           Edge edge)
{
    ChartSpec spec;
    spec.name = tr("Result");
    spec.unit = unit;
    std::vector<const metrics::PointSeries*> all;
    std::vector<QString> names;
    const auto asked = std::count_if(answers.run.expressions.begin(), answers.run.expressions.end(),
                                     [](const QString& text) { return !text.isEmpty(); });
    for (std::size_t i = 0; i < answers.answers.size(); ++i) {
        for (const metrics::PointSeries& series : answers.answers[i].series) {
            if (all.size() == kMostDrawn) {
                break;
            }
            const QString title = seriesTitle(series, answers.run.expressions[i]);
            names.push_back(asked > 1 ? letters.at(i) + QStringLiteral("  ") + title : title);
            spec.series.push_back({names.back(), static_cast<int>(all.size()) % kColors, LineStyle::Line});
            all.push_back(&series);
        }
    }
    m_chart->setSpec(spec);
    m_chart->setInterval(answers.run.step);
    for (std::size_t i = 0; i < all.size(); ++i) {
        SampleBuffer& samples = m_chart->samples(i);
        samples.clear();
        for (const metrics::Point& point : all[i]->points) {
            samples.append(point.at, point.value, answers.run.step * 5 / 2);
        }
    }
    m_chart->setWindow(answers.run.end, answers.run.end - answers.run.start,
                       edge == Edge::Now ? ChartWidget::Edge::Now : ChartWidget::Edge::Fixed);
    m_chart->refresh();
    listSeries(names);
}

void AnswerView::listSeries(const std::vector<QString>& names)
{
    const auto count = static_cast<int>(names.size());
    while (m_series->count() > count) {
        delete m_series->takeItem(m_series->count() - 1);
    }
    for (int row = 0; row < count; ++row) {
        QListWidgetItem* item = m_series->item(row);
        if (item == nullptr) {
            item = new QListWidgetItem(strokeOf(row % kColors), QString(), m_series);
        }
        const QString& name = names[static_cast<std::size_t>(row)];
        if (item->text() != name) {
            item->setText(name);
            item->setToolTip(name);
        }
    }
    m_series->setVisible(count > 0);
}

QByteArray AnswerView::csv() const
{
    return showsChart() ? m_chart->csv() : models::tableCsv(m_order);
}

void AnswerView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void AnswerView::retranslate()
{
    m_series->setAccessibleName(tr("Series of the result"));
    m_table->setAccessibleName(tr("Result as a table"));
}

} // namespace widgets
