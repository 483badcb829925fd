// Incidents of the past and the present: how long, how soon somebody looked, how soon it was over.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/incident.h"

#include <string>

namespace models {

// Key: the incident's id.
class IncidentModel final : public KeyedTableModel<metrics::Incident, std::string> {
public:
    explicit IncidentModel(QObject* parent = nullptr);

protected:
    // NameRole: the alert's name.
    [[nodiscard]] QVariant rowData(const metrics::Incident& row, int role) const override;
};

} // namespace models
