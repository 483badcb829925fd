// The larger sections of the configuration file, one .cpp each. Inside of this room only; errors are
// BadValue.
#pragma once

#include "monitor/engine/config.h"

#include <string>

namespace YAML {
class Node;
}

namespace engine {

void readLogs(const YAML::Node& node, Config& config); // config_logs.cpp
[[nodiscard]] std::string logsConfigText();            // commented, for --print-config
void readRespond(const YAML::Node& node, Config& config); // config_respond.cpp
[[nodiscard]] std::string respondConfigText();

void readTargetSection(const YAML::Node& node, Config& config); // config_targets.cpp
void readDnsSection(const YAML::Node& node, Config& config);
[[nodiscard]] std::string targetsConfigText();

void readAlertmanager(const YAML::Node& node, Config& config); // config_cluster.cpp
[[nodiscard]] std::string alertmanagerConfigText();

void readHistory(const YAML::Node& node, Config& config); // config_history.cpp
[[nodiscard]] std::string historyConfigText();
void readBlackBox(const YAML::Node& node, Config& config); // config_black_box.cpp
[[nodiscard]] std::string blackBoxConfigText();

void readServers(const YAML::Node& node, Config& config); // config_prometheus.cpp
void readRemoteWrite(const YAML::Node& node, Config& config);
// Once both are read: a server at the host that is pushed to knows this console by the labels that are put to what is pushed.
void matchWhatIsPushed(Config& config);
[[nodiscard]] std::string prometheusConfigText();

} // namespace engine
