// What Prometheus-compatible servers watch themselves: rules, alerts, targets.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/remote_rows.h"

#include <string>

namespace models {

// Key: server, file, group, name and number.
class RemoteRuleModel final : public KeyedTableModel<metrics::RemoteRule, std::string> {
public:
    explicit RemoteRuleModel(QObject* parent = nullptr);
};

// Key: server, group and labels.
class RemoteAlertModel final : public KeyedTableModel<metrics::RemoteAlert, std::string> {
public:
    explicit RemoteAlertModel(QObject* parent = nullptr);
};

// Key: server, pool, URL and labels.
class RemoteTargetModel final : public KeyedTableModel<metrics::RemoteTarget, std::string> {
public:
    explicit RemoteTargetModel(QObject* parent = nullptr);
};

} // namespace models
