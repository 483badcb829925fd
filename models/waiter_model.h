// Who waits for a connection, in the order of being served; ten thousand of them cost a tick next to nothing.
#pragma once

#include "models/shared_rows.h"
#include "monitor/metrics/pool_rows.h"

namespace models {

// Rows are given as the tick has them: show(). The position is the key of nothing: a new tick is a new queue.
class WaiterModel final : public SharedRowsModel<metrics::WaiterRow> {
    Q_OBJECT
public:
    explicit WaiterModel(QObject* parent = nullptr);

private:
    [[nodiscard]] QVariant rowData(const metrics::WaiterRow& row, int role) const override;
};

} // namespace models
