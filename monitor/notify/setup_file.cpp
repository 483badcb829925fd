#include "monitor/notify/setup_file.h"

#include "monitor/notify/http.h"
#include "monitor/notify/notifier.h"
#include "monitor/notify/setup_check.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <unistd.h>

namespace notify {

namespace {

using metrics::ChannelSetup;

// Thrown and caught inside this file only.
struct Bad {
    int line;
    std::string reason;
};

std::string textOf(const YAML::Node& node)
{
    if (!node.IsScalar()) {
        throw Bad{node.Mark().line, "a single value is expected"};
    }
    return node.Scalar();
}

std::vector<std::string> listOf(const YAML::Node& node)
{
    if (node.IsScalar()) {
        return {node.Scalar()};
    }
    if (!node.IsSequence()) {
        throw Bad{node.Mark().line, "a value or a list is expected"};
    }
    std::vector<std::string> values;
    std::ranges::transform(node, std::back_inserter(values), textOf);
    return values;
}

core::Nanos spanOf(const YAML::Node& node)
{
    static const std::map<std::string_view, double> kUnits{{"ms", 1e-3}, {"s", 1},    {"", 1},
                                                           {"m", 60},    {"h", 3600}, {"d", 86400}};
    const std::string text = textOf(node);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto unit =
        kUnits.find(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
    if (error != std::errc() || unit == kUnits.end() || !std::isfinite(value) || value < 0 || value > 1e6) {
        throw Bad{node.Mark().line, fmt::format("\"{}\" is no time span: 30s, 5m or 4h is expected", text)};
    }
    return std::chrono::round<core::Nanos>(std::chrono::duration<double>(value * unit->second));
}

bool flagOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    if (text == "yes" || text == "true" || text == "on") {
        return true;
    }
    if (text != "no" && text != "false" && text != "off") {
        throw Bad{node.Mark().line, "yes or no is expected"};
    }
    return false;
}

metrics::Severity severityOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    for (const auto severity :
         {metrics::Severity::Info, metrics::Severity::Warning, metrics::Severity::Critical}) {
        if (text == metrics::severityName(severity)) {
            return severity;
        }
    }
    throw Bad{node.Mark().line, "info, warning or critical is expected"};
}

int minuteOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    int hour = 0;
    int minute = 0;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, hour);
    const bool colon = first.ec == std::errc() && first.ptr != end && *first.ptr == ':';
    const auto second = colon ? std::from_chars(first.ptr + 1, end, minute) : first;
    if (!colon || second.ec != std::errc() || second.ptr != end || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59) {
        throw Bad{node.Mark().line, fmt::format("\"{}\" is no time of day: \"22:00\" is expected", text)};
    }
    return hour * 60 + minute;
}

metrics::QuietHours quietOf(const YAML::Node& node)
{
    if (!node.IsMap() || !node["from"] || !node["to"]) {
        throw Bad{node.Mark().line, "from, to and passes are expected"};
    }
    metrics::QuietHours quiet;
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        if (name == "from") {
            quiet.from = minuteOf(entry.second);
        } else if (name == "to") {
            quiet.to = minuteOf(entry.second);
        } else if (name == "passes") {
            quiet.passes = severityOf(entry.second);
        } else {
            throw Bad{entry.first.Mark().line, fmt::format("unknown setting \"{}\"", name)};
        }
    }
    return quiet;
}

using Reader = std::function<void(const YAML::Node&, ChannelSetup&)>;

const std::map<std::string, Reader, std::less<>>& readers()
{
    using N = const YAML::Node&;
    using S = ChannelSetup&;
    static const std::map<std::string, Reader, std::less<>> table{
        {"name", [](N node, S setup) { setup.name = textOf(node); }},
        {"kind", [](N node, S setup) { setup.kind = textOf(node); }},
        {"enabled", [](N node, S setup) { setup.enabled = flagOf(node); }},
        {"group_by", [](N node, S setup) { setup.groupBy = listOf(node); }},
        {"group_wait", [](N node, S setup) { setup.groupWait = spanOf(node); }},
        {"group_interval", [](N node, S setup) { setup.groupInterval = spanOf(node); }},
        {"repeat_interval", [](N node, S setup) { setup.repeatInterval = spanOf(node); }},
        {"min_severity", [](N node, S setup) { setup.minSeverity = severityOf(node); }},
        {"send_resolved", [](N node, S setup) { setup.sendResolved = flagOf(node); }},
        {"quiet_hours", [](N node, S setup) { setup.quiet = quietOf(node); }},
        {"per_minute",
         [](N node, S setup) { setup.perMinute = static_cast<int>(core::seconds(spanOf(node))); }},
        {"deadline", [](N node, S setup) { setup.deadline = spanOf(node); }},
        {"title_template", [](N node, S setup) { setup.title = textOf(node); }},
        {"text_template", [](N node, S setup) { setup.text = textOf(node); }},
    };
    return table;
}

ChannelSetup channelOf(const YAML::Node& node)
{
    if (!node.IsMap()) {
        throw Bad{node.Mark().line, "settings by name are expected"};
    }
    ChannelSetup setup;
    std::map<std::string, int> lines;
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        if (!lines.emplace(name, entry.first.Mark().line).second) {
            throw Bad{entry.first.Mark().line, fmt::format("{} stands here twice", name)};
        }
        if (const auto reader = readers().find(name); reader != readers().end()) {
            reader->second(entry.second, setup);
        } else {
            setup.settings[name] = listOf(entry.second);
        }
    }
    if (const auto checked = checkSetup(setup); !checked) {
        const auto line = lines.find(checked.error().code);
        throw Bad{line != lines.end() ? line->second : node.Mark().line,
                  setup.name.empty() ? checked.error().message
                                     : fmt::format("channel {}: {}", setup.name, checked.error().message)};
    }
    return setup;
}

std::vector<ChannelSetup> channelsOf(const YAML::Node& node)
{
    if (!node.IsSequence()) {
        throw Bad{node.Mark().line, "a list of channels is expected"};
    }
    std::vector<ChannelSetup> channels;
    std::set<std::string> names;
    for (const YAML::Node& item : node) {
        channels.push_back(channelOf(item));
        if (!names.insert(channels.back().name).second) {
            throw Bad{item.Mark().line, fmt::format("there are two channels named {}", channels.back().name)};
        }
    }
    return channels;
}

Sound soundOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    if (text != "off" && text != "once" && text != "repeat") {
        throw Bad{node.Mark().line, "sound: off, once or repeat is expected"};
    }
    return text == "off" ? Sound::Off : text == "once" ? Sound::Once : Sound::Repeat;
}

NotifyConfig configOf(const YAML::Node& node)
{
    NotifyConfig config;
    if (!node.IsMap()) {
        throw Bad{node.Mark().line, "channels and external_url are expected"};
    }
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first);
        if (name == "channels") {
            config.channels = channelsOf(entry.second);
        } else if (name == "sound") {
            config.sound = soundOf(entry.second);
        } else if (name == "secrets") {
            const std::string place = textOf(entry.second);
            if (place != "auto" && place != "file") {
                throw Bad{entry.second.Mark().line, "secrets: auto or file is expected"};
            }
            config.useKeyRing = place == "auto";
        } else if (name == "external_url") {
            config.externalUrl = textOf(entry.second);
            if (const auto checked = checkUrl(config.externalUrl); !checked) {
                throw Bad{entry.second.Mark().line, "external_url " + checked.error().message};
            }
            while (config.externalUrl.ends_with('/')) {
                config.externalUrl.pop_back();
            }
        } else {
            throw Bad{entry.first.Mark().line, fmt::format("unknown setting \"{}\"", name)};
        }
    }
    return config;
}

std::string spanText(core::Nanos span)
{
    const double seconds = core::seconds(span);
    return seconds == std::floor(seconds) ? fmt::format("{:.0f}s", seconds)
                                          : fmt::format("{:.0f}ms", seconds * 1000);
}

std::string clockText(int minute)
{
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

void writeList(YAML::Emitter& out, const std::string& name, const std::vector<std::string>& values)
{
    out << YAML::Key << name << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const std::string& value : values) {
        out << YAML::DoubleQuoted << value;
    }
    out << YAML::EndSeq;
}

void write(YAML::Emitter& out, const ChannelSetup& setup)
{
    const auto pair = [&](const char* name, const std::string& value) {
        out << YAML::Key << name << YAML::Value << YAML::DoubleQuoted << value;
    };
    out << YAML::BeginMap;
    pair("name", setup.name);
    pair("kind", setup.kind);
    pair("enabled", setup.enabled ? "yes" : "no");
    writeList(out, "group_by", setup.groupBy);
    pair("group_wait", spanText(setup.groupWait));
    pair("group_interval", spanText(setup.groupInterval));
    if (setup.repeatInterval) {
        pair("repeat_interval", spanText(*setup.repeatInterval));
    }
    pair("min_severity", metrics::severityName(setup.minSeverity));
    pair("send_resolved", setup.sendResolved ? "yes" : "no");
    if (setup.quiet) {
        out << YAML::Key << "quiet_hours" << YAML::Value << YAML::BeginMap;
        pair("from", clockText(setup.quiet->from));
        pair("to", clockText(setup.quiet->to));
        pair("passes", metrics::severityName(setup.quiet->passes));
        out << YAML::EndMap;
    }
    if (setup.perMinute > 0) {
        pair("per_minute", std::to_string(setup.perMinute));
    }
    pair("deadline", spanText(setup.deadline));
    if (!setup.title.empty()) {
        pair("title_template", setup.title);
    }
    if (!setup.text.empty()) {
        pair("text_template", setup.text);
    }
    for (const auto& [name, values] : setup.settings) {
        writeList(out, name, values);
    }
    out << YAML::EndMap;
}

} // namespace

core::Result<NotifyConfig, SetupProblem> readNotify(const YAML::Node& node)
{
    try {
        return configOf(node);
    } catch (const Bad& bad) {
        return core::Unexpected<SetupProblem>{{bad.line, bad.reason}};
    } catch (const YAML::Exception& bad) {
        return core::Unexpected<SetupProblem>{{bad.mark.line, bad.msg}};
    }
}

core::Result<std::vector<ChannelSetup>> readSetupFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return std::vector<ChannelSetup>();
    }
    std::ostringstream text;
    text << stream.rdbuf();
    try {
        const YAML::Node root = YAML::Load(text.str());
        auto channels = root.IsNull() ? std::vector<ChannelSetup>() : configOf(root).channels;
        for (ChannelSetup& setup : channels) {
            setup.editable = true;
        }
        return channels;
    } catch (const Bad& bad) {
        return core::fail(fmt::format("{}:{}: {}", file.string(), bad.line + 1, bad.reason));
    } catch (const YAML::Exception& bad) {
        return core::fail(fmt::format("{}:{}: {}", file.string(), bad.mark.line + 1, bad.msg));
    }
}

core::Result<void> writeSetupFile(const std::filesystem::path& file, const std::vector<ChannelSetup>& setups)
{
    YAML::Emitter out;
    out << YAML::Comment("Channels set up in Poolscope's window. Secrets stand in the key ring or in secrets.yml.")
        << YAML::Newline;
    out << YAML::BeginMap << YAML::Key << "channels" << YAML::Value << YAML::BeginSeq;
    for (const ChannelSetup& setup : setups) {
        write(out, setup);
    }
    out << YAML::EndSeq << YAML::EndMap;
    const std::string text = std::string(out.c_str()) + "\n";
    const std::filesystem::path fresh = file.string() + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool well = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                      fsync(fd) == 0 && rename(fresh.c_str(), file.c_str()) == 0;
    const int error = errno;
    if (fd >= 0) {
        ::close(fd);
    }
    return well ? core::Result<void>()
                : core::Result<void>(
                      core::fail(fmt::format("cannot write {}: {}", file.string(), std::strerror(error))));
}

} // namespace notify
