// One integration of an Alertmanager's receiver as settings of a channel. Private to alertmanager_config.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

struct Integration {
    bool usable = false;
    std::string kind;
    bool sendResolved = true;
    std::map<std::string, std::vector<std::string>> settings;
    std::map<std::string, std::string> secrets;
    std::vector<std::string> left; // what was not taken; without values that may be secret
};

// "slack_configs", "email_configs", "webhook_configs".
[[nodiscard]] bool isKnownIntegration(std::string_view key);
// `node`: one entry of that list. Throws yaml::Refused.
[[nodiscard]] Integration readIntegration(std::string_view key, const YAML::Node& node,
                                          const YAML::Node& global);

} // namespace alert
