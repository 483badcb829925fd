#include "monitor/engine/config.h"

#include "monitor/core/format.h"
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"
#include "monitor/engine/pool_knobs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace engine {

namespace {

constexpr std::size_t kReason = 400; // characters of one, at most

void readPool(const YAML::Node& node, Config& config)
{
    if (!node.IsMap()) {
        throw BadValue{node.Mark(), "pool: settings by name are expected"};
    }
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        const double value = numberOf(entry.second);
        config.pool = valueOf(entry.second, withKnobs(config.pool, {{name, value}}));
    }
}

void readNotifySection(const YAML::Node& node, Config& config)
{
    auto read = notify::readNotify(node);
    if (!read) {
        YAML::Mark where = node.Mark();
        where.line = read.error().line;
        throw BadValue{where, read.error().reason};
    }
    config.notify = std::move(*read);
}

std::string oneOf(const YAML::Node& node, std::initializer_list<std::string_view> words)
{
    std::string text = textOf(node);
    if (std::find(words.begin(), words.end(), text) == words.end()) {
        throw BadValue{node.Mark(), fmt::format("\"{}\" is none of {}", text, fmt::join(words, ", "))};
    }
    return text;
}

using Reader = std::function<void(const YAML::Node&, Config&)>;

const std::map<std::string, Reader, std::less<>>& readers()
{
    static const std::map<std::string, Reader, std::less<>> table{
        {"dsn",
         [](const YAML::Node& node, Config& config) {
             config.server = valueOf(node, pg::ConnInfo::parse(textOf(node)));
             config.embedded = false;
         }},
        {"service",
         [](const YAML::Node& node, Config& config) {
             config.server = pg::ConnInfo::forService(textOf(node));
             config.embedded = false;
         }},
        {"listen",
         [](const YAML::Node& node, Config& config) {
             const std::string text = textOf(node);
             if (text == "off" || text == "false") {
                 config.listen.reset();
             } else {
                 config.listen = valueOf(node, parseListen(text));
             }
         }},
        {"allowed_hosts", [](const YAML::Node& node, Config& config) { config.allowedHosts = listOf(node); }},
        {"token_file", [](const YAML::Node& node, Config& config) { config.tokenFile = textOf(node); }},
        {"data_dir", [](const YAML::Node& node, Config& config) { config.dataDir = textOf(node); }},
        {"rules",
         [](const YAML::Node& node, Config& config) {
             for (const std::string& file : listOf(node)) {
                 config.ruleFiles.emplace_back(file);
             }
         }},
        {"interval",
         [](const YAML::Node& node, Config& config) {
             config.interval = valueOf(node, parseSpan(textOf(node)));
             if (config.interval < std::chrono::milliseconds(100) || config.interval > std::chrono::seconds(60)) {
                 throw BadValue{node.Mark(), "interval must be between 0.1 s and 60 s"};
             }
         }},
        {"lang",
         [](const YAML::Node& node, Config& config) { config.lang = core::langFromLocale(textOf(node)); }},
        {"csv",
         [](const YAML::Node& node, Config& config) {
             config.csvFile = textOf(node);
             config.csvAppend = true;
         }},
        {"log_file", [](const YAML::Node& node, Config& config) { config.logFile = textOf(node); }},
        {"log_format",
         [](const YAML::Node& node, Config& config) { config.logFormat = oneOf(node, {"text", "json"}); }},
        {"log_level",
         [](const YAML::Node& node, Config& config) {
             config.logLevel = oneOf(node, {"trace", "debug", "info", "warning", "error", "critical"});
         }},
        {"pool", readPool},
        {"logs", readLogs},
        {"respond", readRespond},
        {"notify", readNotifySection},
        {"alertmanager", readAlertmanager},
        {"history", readHistory},
        {"black_box", readBlackBox},
        {"prometheus", readServers},
        {"remote_write", readRemoteWrite},
        {"targets", readTargetSection},
        {"dns_sd_configs", readDnsSection},
        {"memory_series",
         [](const YAML::Node& node, Config& config) {
             config.memorySeries = static_cast<std::size_t>(wholeOf(node, 10'000, 10'000'000));
         }},
    };
    return table;
}

void readAll(const YAML::Node& root, Config& config)
{
    if (!root.IsMap()) {
        throw BadValue{root.Mark(), "settings by name are expected"};
    }
    for (const auto& entry : root) {
        const std::string name = textOf(entry.first);
        const auto reader = readers().find(name);
        if (reader == readers().end()) {
            throw BadValue{entry.first.Mark(), fmt::format("unknown setting \"{}\"", name)};
        }
        reader->second(entry.second, config);
        config.sections[name] = YAML::Dump(entry.second);
    }
    matchWhatIsPushed(config);
}

} // namespace

core::Result<ListenAddress> parseListen(std::string_view text)
{
    const auto bad = [&] { return core::fail(fmt::format("\"{}\" is no address: HOST:PORT is expected, for example 127.0.0.1:8000", text)); };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return bad();
    }
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return bad();
    }
    const std::string_view digits = text.substr(colon + 1);
    ListenAddress address{std::string(host), 0};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (error != std::errc() || end != digits.data() + digits.size() || host.empty()) {
        return bad();
    }
    return address;
}

core::Result<core::Nanos> parseSpan(std::string_view text)
{
    struct UnitName {
        std::string_view name;
        double seconds;
    };
    static constexpr std::array kUnits{UnitName{"ms", 1e-3}, UnitName{"s", 1},      UnitName{"", 1},
                                       UnitName{"m", 60},    UnitName{"h", 3600},   UnitName{"d", 86400}};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && std::isfinite(value) && value >= 0 && value < 1e9) {
        const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
        for (const UnitName& known : kUnits) {
            if (unit == known.name) {
                return std::chrono::round<core::Nanos>(std::chrono::duration<double>(value * known.seconds));
            }
        }
    }
    return core::fail(fmt::format("\"{}\" is no time span: 500ms, 1s, 5m or 2h is expected", text));
}

core::Result<void> readConfigFile(const std::filesystem::path& file, Config& config)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return core::fail(fmt::format("{}: cannot be read", file.string()));
    }
    std::ostringstream text;
    text << stream.rdbuf();
    return readConfigText(text.str(), file.string(), config);
}

core::Result<void> readConfigText(const std::string& text, const std::string& file, Config& config)
{
    Config changed = config;
    changed.sections.clear();
    try {
        const YAML::Node root = YAML::Load(text);
        if (root.IsDefined() && !root.IsNull()) {
            readAll(root, changed);
        }
    } catch (const BadValue& bad) {
        return core::fail(fmt::format("{}:{}: {}", file, bad.where.line + 1, core::oneLine(bad.reason, kReason)));
    } catch (const YAML::Exception& bad) {
        return core::fail(fmt::format("{}:{}: {}", file, bad.mark.line + 1, core::oneLine(bad.msg, kReason)));
    }
    config = std::move(changed);
    return {};
}

std::string defaultConfigText()
{
    std::string text = R"(# Poolscope configuration: every setting with its default. Options on the command line win.
# SIGHUP (systemctl reload) reads it again: interval, rules, lang, pool, logs, notify, targets, dns_sd_configs,
# alertmanager, prometheus, remote_write and memory_series change at once, of the rest the log
# says what needs a restart; a mistake is told with its line, and the old settings stay in force.
# A private PostgreSQL is used unless a server is named here (never with a password: use .pgpass or a service file):
#dsn: host=db.example dbname=app user=monitor
#service: app

listen: 127.0.0.1:8000    # "off" = no HTTP endpoint
#allowed_hosts: [db-console.example]
#token_file: /path/to/token
#data_dir: /path/to/folder
#rules: [/path/to/more-rules.yml]
interval: 1s              # 0.1 s … 60 s
#lang: zh_CN              # default: the system's
#csv: /path/to/samples.csv  # headless: one row a tick is appended
#log_file: /path/to/poolscope.log  # rotated at 10 MiB, five are kept
#log_format: text         # or json: one object a line, for ELK
#log_level: info          # trace, debug, info, warning, error, critical

pool:                     # durations in seconds or as 500ms, 5m, 1h; all can be changed in the window too
)";
    const pool::PoolConfig defaults;
    for (const PoolKnob& knob : poolKnobs()) {
        text += fmt::format("  {}: {:g}\n", knob.name, knob.get(defaults));
    }
    return text + historyConfigText() + blackBoxConfigText() + prometheusConfigText() + logsConfigText() + targetsConfigText() + respondConfigText() + notify::notifyConfigText() +
           alertmanagerConfigText();
}

} // namespace engine
