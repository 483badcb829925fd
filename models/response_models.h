// Steps of an automatic response, and what was told of them.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/response_rows.h"

#include <string>

namespace models {

// Key: the step's id.
class StepModel final : public KeyedTableModel<metrics::ResponseStep, std::string> {
public:
    explicit StepModel(QObject* parent = nullptr);
};

// Newest first. Key: the time and the text.
class ResponseLogModel final : public KeyedTableModel<metrics::ResponseNote, std::string> {
public:
    explicit ResponseLogModel(QObject* parent = nullptr);
};

} // namespace models
