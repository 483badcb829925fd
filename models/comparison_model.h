// What differs between two recordings, a series a row.
#pragma once

#include "models/shared_rows.h"
#include "monitor/metrics/comparison_rows.h"

namespace models {

class ComparisonModel final : public SharedRowsModel<metrics::SeriesDifference> {
    Q_OBJECT
public:
    explicit ComparisonModel(QObject* parent = nullptr);
};

} // namespace models
