// The culprits behind a bar or a cell: when, how long, who, where, which place and which statement.
#pragma once

#include "models/shared_rows.h"
#include "monitor/metrics/snapshot.h"

namespace models {

class ExemplarModel final : public SharedRowsModel<metrics::Exemplar> {
    Q_OBJECT
public:
    explicit ExemplarModel(QObject* parent = nullptr);
};

} // namespace models
