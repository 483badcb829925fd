// Pending, firing and lately resolved alerts.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/alert_rows.h"

#include <string>

namespace models {

// Key: name and labels, as Prometheus identifies an alert.
class AlertModel final : public KeyedTableModel<metrics::AlertRow, std::string> {
public:
    explicit AlertModel(QObject* parent = nullptr);
    [[nodiscard]] static Level levelOf(const metrics::AlertRow& row) noexcept;

protected:
    // ProgressRole: the part of `for` that is over, while pending. NameRole: the alert's name.
    [[nodiscard]] QVariant rowData(const metrics::AlertRow& row, int role) const override;
};

} // namespace models
