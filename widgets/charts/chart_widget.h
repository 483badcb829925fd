// A time chart: the one interface of the charts. What draws it (Qt Charts now) stays behind it.
#pragma once

#include "widgets/charts/decimate.h"
#include "widgets/charts/plot_model.h"
#include "widgets/picture.h"
#include "widgets/time_range.h"

#include <QPointF>
#include <QWidget>

namespace widgets {

class Crosshair;
class PlotView;

// Main thread only. Changes show at the next refresh(): one repaint for all that a tick brings, none while
// hidden.
class ChartWidget final : public QWidget {
    Q_OBJECT
public:
    explicit ChartWidget(const ChartSpec& spec, QWidget* parent = nullptr);

    [[nodiscard]] const PlotModel& model() const noexcept { return m_model; }
    [[nodiscard]] std::size_t seriesCount() const noexcept { return m_model.data.size(); }
    // The samples of series i.
    [[nodiscard]] SampleBuffer& samples(std::size_t i) { return m_model.data.at(i); }
    // What the steps of series i had on the average, where its samples are their extremes.
    [[nodiscard]] SampleBuffer& means(std::size_t i) { return m_model.means.at(i); }

    // Names and upper end may change (language, pool size, devices); a series keeps its samples by its place.
    void setSpec(const ChartSpec& spec);
    void setThresholds(std::vector<Threshold> thresholds) { m_model.thresholds = std::move(thresholds); }
    void setMarks(std::vector<ChartMark> marks) { m_model.marks = std::move(marks); }
    void setReasons(std::vector<ChartGap> reasons) { m_model.reasons = std::move(reasons); }
    // What is laid under the lines, lighter: samples of another day, moved to this one. An empty name: nothing is.
    [[nodiscard]] SampleBuffer& shadow(std::size_t i) { return m_model.shadow.at(i); }
    void setShadowName(const QString& name);
    void setSources(PlotSources sources) { m_model.sources = std::move(sources); }
    void setEmptyText(const QString& text) { m_model.emptyText = text; }
    // How far samples lie apart, ms > 0: what is a gap and what a bucket.
    void setInterval(qint64 interval) { m_model.interval = std::max<qint64>(interval, 1); }
    // The crosshair may be shared by charts; it must outlive them.
    void setCrosshair(Crosshair* crosshair);

    enum class Edge { Now, Fixed };
    // Both in ms; `end` since the epoch.
    void setWindow(qint64 end, qint64 length, Edge edge);
    void refresh();

    // For tests and for export. `pixelOf` is in the chart's coordinates.
    [[nodiscard]] QPointF pixelOf(qint64 at, double value) const;
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] std::vector<ColumnPoint> drawnPoints(std::size_t series) const;
    [[nodiscard]] int paintCount() const;
    // What is in the window as CSV: time_utc, then one column a series, raw values.
    [[nodiscard]] QByteArray csv() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

public Q_SLOTS:
    void showTable(); // the table behind the chart, in a window of its own
    void copyCsv();
    void savePicture(); // asks how and where to
    void saveFigures();

Q_SIGNALS:
    void travelAsked(const widgets::TravelWish& wish);
    void noteAsked(qint64 at);
    // One of the thresholds with a rule was dragged elsewhere.
    void thresholdMoved(const widgets::Threshold& threshold, double value);
    void toast(const QString& text); // the outcome of a wish
    void shadowChanged();

protected:
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void connectMouse();
    void offer(qint64 from, qint64 to, QPoint globalPos);
    void tableOf(const PlotModel& model);
    void save(const QString& path, std::function<bool(const models::TextSink& sink)> make);
    void moveCursor(int steps);
    [[nodiscard]] bool moveThreshold(const QKeyEvent& event);
    void pickThreshold(const Threshold& threshold);
    [[nodiscard]] QString description() const;

    PlotModel m_model;
    PlotView* m_view;
    Crosshair* m_crosshair = nullptr;
};

} // namespace widgets
