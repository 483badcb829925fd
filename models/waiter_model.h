// The queue for a connection, next to be served first.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/pool_rows.h"

namespace models {

// Key: the position in the queue (a waiter has no other name); a selected row stays "the third in the queue".
class WaiterModel final : public KeyedTableModel<metrics::WaiterRow, int> {
public:
    explicit WaiterModel(QObject* parent = nullptr);

protected:
    // ProgressRole: how much of its time a waiter has used up, 0..1.
    [[nodiscard]] QVariant rowData(const metrics::WaiterRow& row, int role) const override;
};

} // namespace models
