// The rules and how near each is to its threshold now.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/alert_rows.h"

#include <string>

namespace models {

// Key: file, group, name and number.
class RuleModel final : public KeyedTableModel<metrics::RuleRow, std::string> {
public:
    explicit RuleModel(QObject* parent = nullptr);

protected:
    // NameRole: the rule's name.
    [[nodiscard]] QVariant rowData(const metrics::RuleRow& row, int role) const override;
};

} // namespace models
