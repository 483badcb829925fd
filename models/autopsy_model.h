// The requests that got nothing, newest first; each with what the pool looked like at that moment.
#pragma once

#include "models/shared_rows.h"
#include "monitor/metrics/pool_rows.h"

#include <memory>

namespace models {

using AutopsyRowPtr = std::shared_ptr<const metrics::AutopsyRow>;

class AutopsyModel final : public SharedRowsModel<AutopsyRowPtr> {
    Q_OBJECT
public:
    explicit AutopsyModel(QObject* parent = nullptr);
};

} // namespace models
