// The answers on the screen: a chart with its series listed below, or a table.
#pragma once

#include "models/sort_proxy.h"
#include "monitor/core/units.h"
#include "widgets/charts/crosshair.h"
#include "widgets/explore/answer_model.h"

#include <QWidget>

class QListWidget;
class QStackedWidget;

namespace widgets {

class ChartWidget;
class TableView;

// Main thread only.
class AnswerView final : public QWidget {
    Q_OBJECT
public:
    explicit AnswerView(QWidget* parent = nullptr);
    enum class Edge { Now, Fixed }; // of a chart: its right edge
    // `letters`: what each expression is called; `unit` of the values.
    void show(const QueryAnswers& answers, const std::vector<QString>& letters, core::Unit unit, Edge edge);
    using QWidget::show;
    // What is shown as CSV: the chart's samples or the table's rows.
    [[nodiscard]] QByteArray csv() const;
    [[nodiscard]] ChartWidget* chart() const noexcept { return m_chart; }
    [[nodiscard]] TableView* table() const noexcept { return m_table; }
    [[nodiscard]] bool showsChart() const;
    // Instead of an answer: why there is none.
    void setEmptyText(const QString& text);

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showChart(const QueryAnswers& answers, const std::vector<QString>& letters, core::Unit unit,
                   Edge edge);
    void listSeries(const std::vector<QString>& names);
    void retranslate();

    Crosshair m_crosshair;
    AnswerModel m_rows;
    models::SortProxy m_order;
    QStackedWidget* m_stack;
    ChartWidget* m_chart;
    QListWidget* m_series;
    TableView* m_table;
};

} // namespace widgets
