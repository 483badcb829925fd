#include "monitor/targets/list_edit.h"

#include "monitor/core/format.h"
#include "monitor/targets/federation.h"
#include "monitor/targets/target_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace targets {

namespace {

using Lines = std::vector<std::string>;
// A setting as the list's file has it; empty: it is not written.
using Settings = std::vector<std::pair<std::string, std::string>>;

Lines linesOf(std::string_view text)
{
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string joined(const Lines& lines)
{
    std::string text;
    for (const std::string& line : lines) {
        text += line + '\n';
    }
    return text;
}

std::string quoted(const std::string& value)
{
    YAML::Emitter out;
    out << YAML::DoubleQuoted << value;
    return value.empty() ? std::string() : out.c_str();
}

std::string spanText(core::Nanos span)
{
    const auto millis = std::chrono::round<std::chrono::milliseconds>(span).count();
    return millis % 1000 == 0 ? fmt::format("{}s", millis / 1000) : fmt::format("{}ms", millis);
}

std::string tagsText(const std::vector<std::string>& tags)
{
    std::string text;
    for (const std::string& tag : tags) {
        text += (text.empty() ? "[" : ", ") + quoted(tag);
    }
    return text.empty() ? text : text + "]";
}

// Is what is asked of a Prometheus written as its url with a selector, or within the url?
enum class Match { Apart, Within };

// What the window sets. The defaults are not written.
Settings settingsOf(const TargetSpec& spec, Match match)
{
    const TargetSpec usual;
    const core::Nanos timeout = std::min(usual.timeout, spec.interval);
    const auto apart = match == Match::Apart ? federationOf(spec.url) : std::nullopt;
    return {{"url", quoted(apart ? apart->first : spec.url)},
            {"match", apart ? quoted(apart->second) : std::string()},
            {"name", quoted(spec.name)},
            {"environment", quoted(spec.environment)},
            {"color", quoted(spec.color)},
            {"tags", tagsText(spec.tags)},
            {"interval", spec.interval == usual.interval ? "" : spanText(spec.interval)},
            {"timeout", spec.timeout == timeout ? "" : spanText(spec.timeout)},
            {"user", quoted(spec.user)},
            {"secret", quoted(spec.secret)},
            {"password_file", quoted(spec.passwordFile.string())},
            {"bearer_file", quoted(spec.bearerFile.string())},
            {"ca_file", quoted(spec.caFile.string())},
            {"paused", spec.paused ? "yes" : ""}};
}

bool saysNothing(const std::string& line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string::npos || line[first] == '#';
}

// Where one target stands: [first, end) of the lines, and its settings' first lines in their order.
struct Place {
    std::size_t first = 0;
    std::size_t end = 0;
    std::size_t column = 0;                                    // of the settings
    std::vector<std::pair<std::string, std::size_t>> settings; // none: it is written in { }
};

struct List {
    Lines lines;
    std::vector<TargetSpec> specs;
    std::vector<Place> places;
};

// The end without the blank lines and comments that stand before the next target.
std::size_t endOf(const Lines& lines, std::size_t first, std::size_t next)
{
    while (next > first + 1 && saysNothing(lines[next - 1])) {
        --next;
    }
    return next;
}

bool findPlaces(const YAML::Node& root, List& list)
{
    for (const YAML::Node& item : root) {
        if (item.Mark().line < 0) {
            return false;
        }
        const bool braces = item.Style() == YAML::EmitterStyle::Flow;
        Place place;
        place.column = static_cast<std::size_t>(item.Mark().column);
        for (const auto& entry : braces ? YAML::Node(YAML::NodeType::Map) : item) {
            place.settings.emplace_back(entry.first.Scalar(),
                                        static_cast<std::size_t>(entry.first.Mark().line));
        }
        place.first = static_cast<std::size_t>(item.Mark().line);
        const bool begins =
            (braces || (!place.settings.empty() && place.settings.front().second == place.first)) &&
            place.first < list.lines.size() && place.column <= list.lines[place.first].size() &&
            list.lines[place.first].substr(0, place.column).find_first_not_of(" -") == std::string::npos &&
            std::count(list.lines[place.first].begin(),
                       list.lines[place.first].begin() + static_cast<std::ptrdiff_t>(place.column), '-') == 1;
        if (!begins) {
            return false; // "-" on a line of its own, a tag, an anchor
        }
        list.places.push_back(std::move(place));
    }
    for (std::size_t i = 0; i < list.places.size(); ++i) {
        const std::size_t next = i + 1 < list.places.size() ? list.places[i + 1].first : list.lines.size();
        list.places[i].end = endOf(list.lines, list.places[i].first, next);
    }
    return true;
}

core::Result<List> listOf(std::string_view text, std::string_view file)
{
    auto specs = parseTargets(text, file);
    if (!specs) {
        return core::fail(specs.error().message);
    }
    List list{linesOf(text), std::move(*specs), {}};
    for (std::string& line : list.lines) {
        line.erase(line.find_last_not_of('\r') + 1);
    }
    const YAML::Node root = YAML::Load(std::string(text)); // understood above
    const bool plain = root.IsNull() || root.size() == 0 ||
                       (root.Style() != YAML::EmitterStyle::Flow && findPlaces(root, list));
    if (!plain) {
        return core::fail(
            fmt::format("{}: it is written in a way that the window cannot change; change it there", file));
    }
    return list;
}

Lines entryOf(const Settings& settings, const std::string& indent)
{
    Lines lines;
    for (const auto& [key, value] : settings) {
        if (!value.empty()) {
            lines.push_back(fmt::format("{}{}{}: {}", indent, lines.empty() ? "- " : "  ", key, value));
        }
    }
    return lines;
}

// The lines of the target with other values where they differ; what the window does not know stays.
Lines changedEntry(const List& list, std::size_t which, const TargetSpec& spec)
{
    const Place& place = list.places[which];
    const bool within = !place.settings.empty() && std::ranges::none_of(place.settings, [](const auto& s) {
        return s.first == "match";
    });
    const Match match = within ? Match::Within : Match::Apart;
    const Settings before = settingsOf(list.specs[which], match);
    const Settings after = settingsOf(spec, match);
    // In { } it is written anew; what the window does not know is missed when it is read back.
    if (place.settings.empty()) {
        return entryOf(after, std::string(list.lines[place.first].find('-'), ' '));
    }
    Lines entry;
    const std::string margin(place.column, ' ');
    std::vector<std::string> written;
    for (std::size_t i = 0; i < place.settings.size(); ++i) {
        const auto& [key, first] = place.settings[i];
        const std::size_t next = i + 1 < place.settings.size() ? place.settings[i + 1].second : place.end;
        const auto known =
            std::find_if(after.begin(), after.end(), [&](const auto& s) { return s.first == key; });
        const bool same =
            known == after.end() || before[static_cast<std::size_t>(known - after.begin())] == *known;
        written.push_back(key);
        if (same) {
            entry.insert(entry.end(), list.lines.begin() + static_cast<std::ptrdiff_t>(first),
                         list.lines.begin() + static_cast<std::ptrdiff_t>(next));
            continue;
        }
        if (!known->second.empty()) {
            entry.push_back(margin + key + ": " + known->second);
        }
        for (std::size_t line = endOf(list.lines, first, next); line < next; ++line) {
            entry.push_back(list.lines[line]); // comments before the next setting
        }
    }
    for (const auto& [key, value] : after) {
        if (!value.empty() && std::find(written.begin(), written.end(), key) == written.end() &&
            (key != "name" || spec.name != list.specs[which].name || spec.url != list.specs[which].url)) {
            entry.push_back(margin + key + ": " + value);
        }
    }
    if (const auto line = std::find_if_not(entry.begin(), entry.end(), saysNothing); line != entry.end()) {
        const std::string dash = list.lines[place.first].substr(0, place.column);
        line->replace(0, std::min(place.column, line->size()), dash);
    }
    return entry;
}

// Read back: the others must be what they were.
core::Result<std::string> proved(const Lines& lines, std::string_view file,
                                 const std::vector<TargetSpec>& wanted)
{
    std::string text = joined(lines);
    const auto read = parseTargets(text, file);
    if (!read) {
        return core::fail(read.error().message);
    }
    const auto same = [](TargetSpec a, TargetSpec b) {
        a.secretValue.clear();
        b.secretValue.clear();
        return a == b;
    };
    if (!std::equal(read->begin(), read->end(), wanted.begin(), wanted.end(), same)) {
        return core::fail(
            fmt::format("{}: it is written in a way that the window cannot change; change it there", file));
    }
    return text;
}

std::optional<std::size_t> indexOf(const List& list, const std::string& name)
{
    const auto found = std::find_if(list.specs.begin(), list.specs.end(),
                                    [&](const TargetSpec& spec) { return spec.name == name; });
    return found == list.specs.end() ? std::nullopt
                                     : std::optional(static_cast<std::size_t>(found - list.specs.begin()));
}

core::Unexpected<core::Error> missing(std::string_view file, const std::string& name)
{
    return core::fail(fmt::format("{}: there is no target {}", file, core::oneLine(name, 80)), "missing");
}

} // namespace

TargetSpec specOf(const metrics::TargetSetup& setup)
{
    TargetSpec spec;
    spec.url = setup.url;
    spec.name = setup.name;
    spec.environment = setup.environment;
    spec.color = setup.color;
    spec.tags = setup.tags;
    spec.interval = setup.interval;
    spec.timeout = setup.timeout;
    spec.user = setup.user;
    spec.secret = setup.secret;
    spec.passwordFile = setup.passwordFile;
    spec.bearerFile = setup.bearerFile;
    spec.caFile = setup.caFile;
    spec.paused = setup.paused;
    return spec;
}

metrics::TargetSetup setupOf(const TargetSpec& spec, metrics::TargetOrigin origin)
{
    return {spec.url,
            spec.name,
            spec.environment,
            spec.color,
            spec.tags,
            spec.interval,
            spec.timeout,
            spec.user,
            spec.secret,
            spec.passwordFile.string(),
            spec.bearerFile.string(),
            spec.caFile.string(),
            spec.paused,
            origin};
}

core::Result<std::string> withTarget(std::string_view text, std::string_view file, const TargetSpec& spec)
{
    auto list = listOf(text, file);
    if (!list) {
        return core::fail(list.error().message);
    }
    if (list->specs.size() >= kMostConfigured) {
        return core::fail(fmt::format("{}: there are {} targets already", file, kMostConfigured));
    }
    std::size_t indent = 0;
    if (list->places.empty()) { // "[]": only comments are worth keeping
        std::erase_if(list->lines, [](const std::string& line) { return !saysNothing(line); });
    } else {
        const Place& last = list->places.back();
        indent = list->lines[last.first].find('-');
    }
    const Lines entry = entryOf(settingsOf(spec, Match::Apart), std::string(indent, ' '));
    list->lines.insert(list->lines.end(), entry.begin(), entry.end());
    list->specs.push_back(spec);
    return proved(list->lines, file, list->specs);
}

core::Result<std::string> withChangedTarget(std::string_view text, std::string_view file,
                                            const std::string& name, const TargetSpec& spec)
{
    auto list = listOf(text, file);
    if (!list) {
        return core::fail(list.error().message);
    }
    const auto at = indexOf(*list, name);
    if (!at) {
        return missing(file, name);
    }
    TargetSpec whole = spec; // the limits are the file's
    whole.maxBytes = list->specs[*at].maxBytes;
    whole.maxSeries = list->specs[*at].maxSeries;
    whole.maxLabels = list->specs[*at].maxLabels;
    const Place place = list->places[*at];
    const Lines entry = changedEntry(*list, *at, whole);
    list->lines.erase(list->lines.begin() + static_cast<std::ptrdiff_t>(place.first),
                      list->lines.begin() + static_cast<std::ptrdiff_t>(place.end));
    list->lines.insert(list->lines.begin() + static_cast<std::ptrdiff_t>(place.first), entry.begin(),
                       entry.end());
    list->specs[*at] = whole;
    return proved(list->lines, file, list->specs);
}

core::Result<std::string> withoutTarget(std::string_view text, std::string_view file, const std::string& name)
{
    auto list = listOf(text, file);
    if (!list) {
        return core::fail(list.error().message);
    }
    const auto at = indexOf(*list, name);
    if (!at) {
        return missing(file, name);
    }
    const Place place = list->places[*at];
    list->lines.erase(list->lines.begin() + static_cast<std::ptrdiff_t>(place.first),
                      list->lines.begin() + static_cast<std::ptrdiff_t>(place.end));
    list->specs.erase(list->specs.begin() + static_cast<std::ptrdiff_t>(*at));
    return proved(list->lines, file, list->specs);
}

} // namespace targets
