// The pool's places, one row each; and the same with the columns that matter of those who hold a connection.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/pool_rows.h"

namespace models {

// Key: the number of the place.
class SlotModel final : public KeyedTableModel<metrics::SlotRow, int> {
public:
    enum class View { Slots, Holders };
    explicit SlotModel(View view, QObject* parent = nullptr);
    // Slots: all of them. Holders: the leased ones only.
    void show(const metrics::PoolView& pool);
    [[nodiscard]] static bool leased(metrics::SlotState state) noexcept;
    [[nodiscard]] static Level levelOf(metrics::SlotState state) noexcept;

protected:
    [[nodiscard]] QVariant rowData(const metrics::SlotRow& row, int role) const override;

private:
    View m_view;
};

} // namespace models
