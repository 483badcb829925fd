// The sources of metrics: how fresh, what they cost, why they fail.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/snapshot.h"

#include <string>

namespace models {

// Key: the source's name.
class SourceModel final : public KeyedTableModel<metrics::SourceStatus, std::string> {
public:
    explicit SourceModel(QObject* parent = nullptr);
};

} // namespace models
