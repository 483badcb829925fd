// The table behind a chart: what was in its window when it was asked for, newest first.
#pragma once

#include "models/table_model.h"
#include "widgets/charts/plot_model.h"

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
        std::int64_t at = 0;
        std::vector<double> values; // NaN = no sample
    };
    std::vector<Row> m_rows;
    std::vector<QString> m_names;
    core::Unit m_unit;
};

} // namespace widgets
