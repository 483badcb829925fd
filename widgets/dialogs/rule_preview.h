// What a rule would have done: a chart of what it watches, and in words how often it would have fired.
#pragma once

#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/rule_draft.h"
#include "widgets/charts/crosshair.h"

#include <QWidget>

class QLabel;

namespace widgets {

class ChartWidget;

// Main thread only.
class RulePreview final : public QWidget {
    Q_OBJECT
public:
    explicit RulePreview(QWidget* parent = nullptr);
    // `name` of the rule, `severity` of its line.
    void show(const metrics::RuleTrial& trial, const QString& name, metrics::Severity severity);
    using QWidget::show;
    // The answer on the screen is of an older draft, and a new one is being worked on.
    void setStale();
    [[nodiscard]] ChartWidget* chart() const noexcept { return m_chart; }

Q_SIGNALS:
    // The line in the chart was dragged there.
    void thresholdMoved(double value);

private:
    void draw(const metrics::RuleTrial& trial, const QString& name, metrics::Severity severity);
    void tell(const metrics::RuleTrial& trial);

    Crosshair m_crosshair;
    ChartWidget* m_chart;
    QLabel* m_verdict;
    QLabel* m_texts;
};

} // namespace widgets
