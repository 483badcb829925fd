// Other people's Alertmanagers: what fires there, what is silenced, how each peer is.
#pragma once

#include "models/table_model.h"
#include "monitor/metrics/cluster_rows.h"

#include <string>

namespace models {

// Key: Alertmanager's fingerprint.
class ClusterAlertModel final : public KeyedTableModel<metrics::ClusterAlert, std::string> {
public:
    explicit ClusterAlertModel(QObject* parent = nullptr);
};

// Key: the id at the first peer that knows it. States are those at the moment of the merge.
class ClusterSilenceModel final : public KeyedTableModel<metrics::ClusterSilence, std::string> {
public:
    explicit ClusterSilenceModel(QObject* parent = nullptr);
};

// Key: the peer's name.
class ClusterPeerModel final : public KeyedTableModel<metrics::ClusterPeer, std::string> {
public:
    explicit ClusterPeerModel(QObject* parent = nullptr);
};

} // namespace models
