// Silences: what they hide, until when, who wanted it and why.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/silence_rows.h"

#include <string>

namespace models {

// How silences are shown, ours and other people's.
[[nodiscard]] QString word(metrics::SilenceState state);
[[nodiscard]] Level levelOf(metrics::SilenceState state);
[[nodiscard]] QVariant rank(metrics::SilenceState state); // active before pending before expired
[[nodiscard]] QString matchersText(const metrics::SilenceRow& row);

// Key: the silence's id. States are those at the moment of the merge.
class SilenceModel final : public KeyedTableModel<metrics::SilenceRow, std::string> {
public:
    explicit SilenceModel(QObject* parent = nullptr);
};

} // namespace models
