// Channels by which people are told, one a row.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/notify_rows.h"

#include <string>

namespace models {

// Key: the channel's name.
class ChannelModel final : public KeyedTableModel<metrics::ChannelRow, std::string> {
public:
    explicit ChannelModel(QObject* parent = nullptr);
};

} // namespace models
