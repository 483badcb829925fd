// The table behind a chart: what was in its window when it was asked for, newest first. Where the chart draws the extremes
// of steps, a row is a step, with mean, smallest and largest in columns of their own.
#pragma once

#include "models/table_model.h"
#include "widgets/charts/plot_model.h"

#include <functional>
#include <map>
#include <vector>

namespace widgets {

// Immutable after construction. Main thread only.
class ChartTableModel final : public models::TableModel {
    Q_OBJECT
public:
    explicit ChartTableModel(const PlotModel& chart, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QString csvHead(int column) const override;
    [[nodiscard]] QString columnId(int column) const override;

private:
    struct Row {
        std::int64_t at = 0;        // of a step: where it begins
        std::vector<double> values; // NaN = no sample
    };
    struct Column {
        QString name;
        QString id;
    };
    using Rows = std::map<std::int64_t, std::vector<double>, std::greater<>>;
    void addSamples(const PlotModel& chart, Rows& rows);
    void addSteps(const PlotModel& chart, Rows& rows);

    std::vector<Row> m_rows;
    std::vector<Column> m_columns; // without the time
    core::Unit m_unit;
    std::int64_t m_step = 0; // ms; 0: a row is a moment
};

} // namespace widgets
