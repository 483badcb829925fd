// "What if the pool had n places": the size advisor's answer as a sentence and a chart.
#pragma once

#include "monitor/metrics/pool_advice.h"
#include "widgets/background.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <stop_token>

class QLabel;
class QPushButton;

namespace widgets {

class ComboBox;
class SizeChart;

// Asks again while it is visible, so seldom that it costs at most a fiftieth of a core. Main thread only.
class SizeView final : public QWidget {
    Q_OBJECT
public:
    // Of the requests of the last `window` (0 = all that are known); may take a second: called on another
    // thread. nullptr: given up. Empty: there is nobody to ask.
    using Advisor = std::function<metrics::PoolAdvicePtr(core::Nanos window, const std::stop_token& stop)>;

    explicit SizeView(Advisor advisor, QWidget* parent = nullptr);
    // The answer that is shown; nullptr before the first.
    [[nodiscard]] const metrics::PoolAdvicePtr& advice() const noexcept { return m_advice; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void ask();
    void take(metrics::PoolAdvicePtr advice);
    void tell();
    void retranslate();
    [[nodiscard]] QString basis() const;

    const Advisor m_advisor;
    metrics::PoolAdvicePtr m_advice;
    QLabel* m_sentence;
    QLabel* m_basis;
    ComboBox* m_window;
    QPushButton* m_again;
    SizeChart* m_chart;
    QTimer m_timer;
    QElapsedTimer m_asked;
    Background m_background; // last: its jobs are given up first
};

} // namespace widgets
