// What happened and when: marks, gaps and notes as a table.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/diary.h"

#include <string>

namespace models {

// Key: moment, kind and text; the id may come later.
class MarkModel final : public KeyedTableModel<metrics::DiaryEntry, std::string> {
public:
    explicit MarkModel(QObject* parent = nullptr);
};

} // namespace models
