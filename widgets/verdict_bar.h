// What is wrong with the pool, in words: shape and colour by how bad it is, the cause, and what lasts and
// should not (leaks, long uses).
#pragma once

#include "monitor/metrics/pool_rows.h"
#include "widgets/theme.h"

#include <QWidget>

class QLabel;

namespace widgets {

// Main thread only.
class VerdictBar final : public QWidget {
    Q_OBJECT
public:
    // Whether it is there while all is well.
    enum class WhenWell { Shown, Hidden };
    explicit VerdictBar(WhenWell whenWell, QWidget* parent = nullptr);
    void show(const metrics::PoolView& pool);
    using QWidget::show;
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const WhenWell m_whenWell;
    StatusLevel m_level = StatusLevel::NoData;
    QLabel* m_cause;
    QLabel* m_concern;
};

// How bad a verdict is.
[[nodiscard]] StatusLevel verdictLevel(const metrics::PoolView& pool);

} // namespace widgets
