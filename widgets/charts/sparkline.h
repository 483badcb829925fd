// A small line without axes: which way a figure has gone of late.
#pragma once

#include "widgets/theme.h"

#include <QWidget>

#include <deque>

namespace widgets {

// Main thread only. Holds the last kPoints values.
class Sparkline final : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kPoints = 120;

    explicit Sparkline(QWidget* parent = nullptr);
    // NaN is a gap.
    void append(double value);
    void assign(const std::vector<double>& values);
    void setLevel(StatusLevel level);
    [[nodiscard]] std::size_t count() const noexcept { return m_values.size(); }
    [[nodiscard]] QSize sizeHint() const override { return {72, 26}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {40, 18}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::deque<double> m_values;
    StatusLevel m_level = StatusLevel::Ok;
};

} // namespace widgets
