// Watched log files: how they are, how much they say.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/log_rows.h"

#include <string>

namespace models {

// Key: the file's name in the settings.
class LogFileModel final : public KeyedTableModel<metrics::LogFileRow, std::string> {
public:
    explicit LogFileModel(QObject* parent = nullptr);
};

} // namespace models
