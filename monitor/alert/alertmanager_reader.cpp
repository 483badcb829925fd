#include "monitor/alert/alertmanager_reader.h"

#include "monitor/alert/yaml_fields.h"

#include <algorithm>
#include <utility>

namespace alert {

namespace {

// The integration's own value, else the global one; empty when there is neither.
std::string textAt(const YAML::Node& node, const char* key, const YAML::Node& global = {},
                   const char* globalKey = "")
{
    if (!yaml::childOf(node, key).IsNull()) {
        return yaml::textOf(yaml::childOf(node, key));
    }
    return global.IsMap() && !yaml::childOf(global, globalKey).IsNull()
               ? yaml::textOf(yaml::childOf(global, globalKey))
               : std::string();
}

bool flagAt(const YAML::Node& node, const char* key, const char* fallback)
{
    return (!yaml::childOf(node, key).IsNull() ? yaml::textOf(yaml::childOf(node, key))
                                               : std::string(fallback)) == "true";
}

void set(Integration& made, const char* setting, const std::string& value)
{
    if (!value.empty()) {
        made.settings[setting] = {value};
    }
}

void setSecret(Integration& made, const char* setting, const std::string& value)
{
    if (!value.empty()) {
        made.secrets[setting] = value;
    }
}

// What stands there and has no counterpart.
void leaveOthers(Integration& made, const YAML::Node& node, const std::vector<std::string_view>& taken)
{
    for (const auto& [key, value] : yaml::entriesOf(node, made.kind + "_config", {})) {
        if (std::find(taken.begin(), taken.end(), key) == taken.end()) {
            made.left.push_back(made.kind + ": " + key + " is not taken");
        }
    }
}

void readSlack(Integration& made, const YAML::Node& node, const YAML::Node& global)
{
    made.sendResolved = flagAt(node, "send_resolved", "false");
    const std::string url = textAt(node, "api_url", global, "slack_api_url");
    if (url.empty()) {
        made.left.push_back(
            "slack: an address in a file (api_url_file) is not read; write it into the channel");
        return;
    }
    setSecret(made, "url", url);
    set(made, "channel", textAt(node, "channel"));
    set(made, "username", textAt(node, "username"));
    made.usable = true;
    leaveOthers(made, node, {"send_resolved", "api_url", "channel", "username"});
}

void splitHost(Integration& made, const std::string& smarthost)
{
    const auto colon = smarthost.rfind(':');
    set(made, "host", smarthost.substr(0, colon));
    set(made, "port", colon != std::string::npos ? smarthost.substr(colon + 1) : "25");
}

std::vector<std::string> partsOf(const std::string& list)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < list.size();) {
        const auto begin = list.find_first_not_of(", ", at);
        if (begin == std::string::npos) {
            break;
        }
        at = std::min(list.find(',', begin), list.size());
        std::string part = list.substr(begin, at - begin);
        part.erase(part.find_last_not_of(' ') + 1);
        parts.push_back(std::move(part));
    }
    return parts;
}

void readEmail(Integration& made, const YAML::Node& node, const YAML::Node& global)
{
    made.sendResolved = flagAt(node, "send_resolved", "false");
    const std::string smarthost = textAt(node, "smarthost", global, "smtp_smarthost");
    made.settings["to"] = partsOf(textAt(node, "to"));
    set(made, "from", textAt(node, "from", global, "smtp_from"));
    if (smarthost.empty() || made.settings["to"].empty() || !made.settings.contains("from")) {
        made.left.push_back("email: without smarthost, from and to it cannot be a channel");
        return;
    }
    splitHost(made, smarthost);
    const std::string tls = textAt(node, "require_tls", global, "smtp_require_tls");
    const bool implicit = made.settings["port"].front() == "465";
    set(made, "security", implicit ? "tls" : tls == "false" ? "plain" : "starttls");
    set(made, "user", textAt(node, "auth_username", global, "smtp_auth_username"));
    setSecret(made, "password", textAt(node, "auth_password", global, "smtp_auth_password"));
    made.usable = true;
    leaveOthers(
        made, node,
        {"send_resolved", "to", "from", "smarthost", "require_tls", "auth_username", "auth_password"});
}

void readAuthorization(Integration& made, const YAML::Node& http)
{
    const YAML::Node bearer = yaml::childOf(http, "authorization");
    const YAML::Node basic = yaml::childOf(http, "basic_auth");
    if (bearer.IsMap()) {
        setSecret(made, "token", textAt(bearer, "credentials"));
    }
    if (basic.IsMap()) {
        set(made, "user", textAt(basic, "username"));
        setSecret(made, "password", textAt(basic, "password"));
    }
    for (const auto& [key, value] : yaml::entriesOf(http, "config.HTTPClientConfig", {})) {
        if (key != "authorization" && key != "basic_auth") {
            made.left.push_back("webhook: http_config." + key + " is not taken");
        }
    }
}

void readWebhook(Integration& made, const YAML::Node& node)
{
    made.sendResolved = flagAt(node, "send_resolved", "true");
    set(made, "url", textAt(node, "url"));
    if (!made.settings.contains("url")) {
        made.left.push_back(
            "webhook: an address in a file (url_file) is not read; write it into the channel");
        return;
    }
    set(made, "max_alerts", textAt(node, "max_alerts"));
    if (!yaml::childOf(node, "http_config").IsNull()) {
        readAuthorization(made, yaml::childOf(node, "http_config"));
    }
    made.usable = true;
    leaveOthers(made, node, {"send_resolved", "url", "max_alerts", "http_config"});
}

} // namespace

bool isKnownIntegration(std::string_view key)
{
    return key == "slack_configs" || key == "email_configs" || key == "webhook_configs";
}

Integration readIntegration(std::string_view key, const YAML::Node& node, const YAML::Node& global)
{
    Integration made;
    made.kind = key.substr(0, key.find('_'));
    if (!node.IsMap()) {
        yaml::refuse(node, std::string(key) + " must hold mappings");
    }
    if (made.kind == "slack") {
        readSlack(made, node, global);
    } else if (made.kind == "email") {
        readEmail(made, node, global);
    } else {
        readWebhook(made, node);
    }
    return made;
}

} // namespace alert
