#include "monitor/alert/alertmanager_config.h"

#include "monitor/alert/alertmanager_reader.h"
#include "monitor/alert/silence.h"
#include "monitor/alert/yaml_fields.h"
#include "monitor/core/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace alert {

using metrics::SilenceMatcher;

namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;
constexpr int kMaxDepth = 32; // of the route tree

// `matchers:` and the forms before it (`match`, `match_re`), of a route or a side of an inhibition.
std::vector<SilenceMatcher> matchersOf(const YAML::Node& node, const std::string& prefix)
{
    std::vector<SilenceMatcher> matchers;
    const YAML::Node texts = yaml::childOf(node, prefix + "matchers");
    if (!texts.IsSequence() && !texts.IsNull()) {
        yaml::refuse(texts, prefix + "matchers must be a list");
    }
    for (const YAML::Node& text : texts) {
        auto parsed = parseMatchers(yaml::textOf(text));
        if (!parsed) {
            yaml::refuse(text, parsed.error().message);
        }
        matchers.insert(matchers.end(), parsed->begin(), parsed->end());
    }
    for (const auto& [key, isRegex] : {std::pair(prefix + "match", false), {prefix + "match_re", true}}) {
        for (const auto& [name, value] : yaml::entriesOf(yaml::childOf(node, key), "map[string]string", {})) {
            matchers.push_back({name, yaml::textOf(value), isRegex, true});
        }
    }
    return matchers;
}

std::vector<std::string> wordsOf(const YAML::Node& node)
{
    std::vector<std::string> words;
    if (node.IsScalar()) {
        return {node.Scalar()};
    }
    for (const YAML::Node& word : node) {
        words.push_back(yaml::textOf(word));
    }
    return words;
}

std::string textsOf(const std::vector<SilenceMatcher>& matchers)
{
    std::string text;
    for (const SilenceMatcher& matcher : matchers) {
        text += (text.empty() ? "" : ", ") + metrics::matcherText(matcher);
    }
    return text;
}

// The lowest severity a matcher lets through; nullopt when that is not what it is about, or not all it says.
std::optional<metrics::Severity> lowestOf(const SilenceMatcher& matcher)
{
    if (matcher.name != "severity" || !matcher.isEqual) {
        return std::nullopt;
    }
    const std::string& text = matcher.value;
    if (text == "critical") {
        return metrics::Severity::Critical;
    }
    if (matcher.isRegex && (text == "warning|critical" || text == "critical|warning")) {
        return metrics::Severity::Warning;
    }
    return std::nullopt;
}

// Minutes after midnight of "22:30"; -1 when it is none.
int minuteOf(const std::string& text)
{
    int hour = 0, minute = 0;
    char end = 0;
    const int read = std::sscanf(text.c_str(), "%2d:%2d%c", &hour, &minute, &end);
    return read == 2 && hour >= 0 && hour <= 24 && minute >= 0 && minute < 60 ? (hour * 60 + minute) % 1440
                                                                              : -1;
}

// One stretch a day, every day; what says more does not fit.
std::optional<metrics::QuietHours> quietOf(const YAML::Node& interval)
{
    const YAML::Node parts = yaml::childOf(interval, "time_intervals");
    if (!parts.IsSequence() || parts.size() != 1 || parts[0].size() != 1 ||
        !yaml::childOf(parts[0], "times").IsSequence()) {
        return std::nullopt;
    }
    const YAML::Node times = yaml::childOf(parts[0], "times");
    std::vector<std::pair<int, int>> spans;
    for (const YAML::Node& span : times) {
        spans.emplace_back(minuteOf(yaml::textOf(yaml::childOf(span, "start_time"))),
                           minuteOf(yaml::textOf(yaml::childOf(span, "end_time"))));
        if (spans.back().first < 0 || spans.back().second < 0) {
            return std::nullopt;
        }
    }
    std::sort(spans.begin(), spans.end());
    if (spans.size() == 2 && spans[0].first == 0 && spans[1].second == 0) { // over midnight
        return metrics::QuietHours{spans[1].first, spans[0].second};
    }
    return spans.size() == 1 ? std::optional(metrics::QuietHours{spans[0].first, spans[0].second})
                             : std::nullopt;
}

class ConfigReader {
public:
    AlertmanagerConfig read(const YAML::Node& root)
    {
        const auto entries = yaml::entriesOf(root, "config.plain",
                                             {"global", "templates", "route", "inhibit_rules", "receivers",
                                              "mute_time_intervals", "time_intervals"});
        if (yaml::childOf(root, "route").IsNull() || yaml::childOf(root, "receivers").IsNull()) {
            yaml::refuse(root, "no route provided in config");
        }
        if (!yaml::childOf(root, "templates").IsNull() && yaml::childOf(root, "templates").size() > 0) {
            leave("templates: message templates are not taken; each channel has its own words");
        }
        readIntervals(root);
        walk(yaml::childOf(root, "route"), {}, 0);
        for (const YAML::Node& receiver : yaml::childOf(root, "receivers")) {
            addChannels(receiver, yaml::childOf(root, "global"));
        }
        for (const YAML::Node& rule : yaml::childOf(root, "inhibit_rules")) {
            m_config.inhibitions.push_back({matchersOf(rule, "source_"), matchersOf(rule, "target_"),
                                            wordsOf(yaml::childOf(rule, "equal"))});
        }
        return std::move(m_config);
    }

private:
    // What a route says of those it sends to, as far as a channel can say it.
    struct Terms {
        metrics::ChannelSetup setup;
        std::string receiver;
        std::vector<SilenceMatcher> more; // matchers that a channel has not
    };

    void leave(std::string what) { m_config.left.push_back(core::oneLine(what, 300)); }

    void readIntervals(const YAML::Node& root)
    {
        for (const char* key : {"mute_time_intervals", "time_intervals"}) {
            for (const YAML::Node& interval : yaml::childOf(root, key)) {
                const std::string name = yaml::textOf(yaml::childOf(interval, "name"));
                m_intervals[name] = quietOf(interval);
            }
        }
    }

    void takeQuiet(const YAML::Node& route, Terms& terms)
    {
        for (const std::string& name : wordsOf(yaml::childOf(route, "mute_time_intervals"))) {
            const auto known = m_intervals.find(name);
            if (known == m_intervals.end() || !known->second || terms.setup.quiet) {
                leave("time interval " + name + " of receiver " + terms.receiver +
                      ": only one stretch of hours, the same each day, can be quiet hours");
                continue;
            }
            terms.setup.quiet = known->second;
            leave("time interval " + name +
                  ": taken as quiet hours in local time; critical alerts are told all the same");
        }
        if (!yaml::childOf(route, "active_time_intervals").IsNull()) {
            leave("active_time_intervals of receiver " + terms.receiver + " are not known here");
        }
    }

    void walk(const YAML::Node& route, Terms terms, int depth)
    {
        if (!route.IsMap() || depth > kMaxDepth) {
            yaml::refuse(route, "a route must be a mapping, at most 32 deep");
        }
        terms.receiver = !yaml::childOf(route, "receiver").IsNull()
                             ? yaml::textOf(yaml::childOf(route, "receiver"))
                             : terms.receiver;
        if (!yaml::childOf(route, "group_by").IsNull()) {
            terms.setup.groupBy = wordsOf(yaml::childOf(route, "group_by"));
        } else if (depth == 0) {
            terms.setup.groupBy = {}; // Alertmanager's default: all in one group
        }
        for (const auto& [key, target] : {std::pair("group_wait", &terms.setup.groupWait),
                                          {"group_interval", &terms.setup.groupInterval}}) {
            *target =
                !yaml::childOf(route, key).IsNull() ? yaml::durationOf(yaml::childOf(route, key)) : *target;
        }
        if (!yaml::childOf(route, "repeat_interval").IsNull()) {
            terms.setup.repeatInterval = yaml::durationOf(yaml::childOf(route, "repeat_interval"));
        }
        for (const SilenceMatcher& matcher : matchersOf(route, "")) {
            if (const auto lowest = lowestOf(matcher)) {
                terms.setup.minSeverity = std::max(terms.setup.minSeverity, *lowest);
            } else {
                terms.more.push_back(matcher);
            }
        }
        takeQuiet(route, terms);
        for (const YAML::Node& child : yaml::childOf(route, "routes")) {
            walk(child, terms, depth + 1);
        }
        if (!m_terms.emplace(terms.receiver, terms).second) {
            leave("receiver " + terms.receiver + " stands at several routes: the innermost counts");
        }
    }

    void addChannels(const YAML::Node& receiver, const YAML::Node& global)
    {
        const std::string name = yaml::textOf(yaml::childOf(receiver, "name"));
        const auto terms = m_terms.find(name);
        for (const auto& [key, list] : yaml::entriesOf(receiver, "config.Receiver", {})) {
            if (key == "name") {
                continue;
            }
            if (!isKnownIntegration(key)) {
                leave("receiver " + name + ": " + key + " are not known here");
                continue;
            }
            for (const YAML::Node& one : list) {
                Integration made = readIntegration(key, one, global);
                for (const std::string& problem : made.left) {
                    leave("receiver " + name + ": " + problem);
                }
                if (made.usable) {
                    add(name, terms != m_terms.end() ? &terms->second : nullptr, std::move(made));
                }
            }
        }
    }

    void add(const std::string& receiver, const Terms* terms, Integration made)
    {
        AlertmanagerConfig::Channel channel;
        channel.setup = terms != nullptr ? terms->setup : metrics::ChannelSetup();
        channel.setup.name = freshName(receiver);
        channel.setup.kind = made.kind;
        channel.setup.sendResolved = made.sendResolved;
        channel.setup.settings = std::move(made.settings);
        channel.setup.editable = true;
        channel.secrets = std::move(made.secrets);
        if (terms == nullptr) {
            channel.setup.enabled = false;
            leave("channel " + channel.setup.name + " is taken switched off: no route leads to its receiver");
        } else if (!terms->more.empty()) {
            channel.setup.enabled = false;
            leave("channel " + channel.setup.name +
                  " is taken switched off: channels do not choose by labels (" + textsOf(terms->more) + ")");
        }
        m_config.channels.push_back(std::move(channel));
    }

    // [A-Za-z0-9_-]{1,40}, each once.
    std::string freshName(const std::string& receiver)
    {
        std::string base;
        for (const char c : receiver.substr(0, 36)) {
            const bool fits =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            base += fits ? c : '-';
        }
        std::string name = base.empty() ? "receiver" : base;
        for (int number = 2; !m_names.insert(name).second; ++number) {
            name = fmt::format("{}-{}", base, number);
        }
        return name;
    }

    AlertmanagerConfig m_config;
    std::map<std::string, std::optional<metrics::QuietHours>> m_intervals;
    std::map<std::string, Terms> m_terms; // by receiver
    std::set<std::string> m_names;
};

} // namespace

bool looksLikeAlertmanagerConfig(std::string_view text)
{
    const auto begins = [text](std::string_view key) {
        return text.starts_with(key) || text.find('\n' + std::string(key)) != std::string_view::npos;
    };
    return (begins("route:") || begins("receivers:")) && !begins("groups:");
}

core::Result<AlertmanagerConfig> readAlertmanagerConfig(std::string_view text)
{
    const auto refused = [](const YAML::Mark& mark, const std::string& reason) {
        return core::fail((mark.is_null() ? std::string() : fmt::format("line {}: ", mark.line + 1)) +
                              core::oneLine(reason, 500),
                          "bad_data");
    };
    if (text.size() > kMaxBytes) {
        return core::fail("the file is larger than 1 MiB", "bad_data");
    }
    try {
        return ConfigReader().read(YAML::Load(std::string(text)));
    } catch (const yaml::Refused& error) {
        return refused(error.mark, error.reason);
    } catch (const YAML::Exception& error) {
        return refused(error.mark, error.msg);
    }
}

} // namespace alert
