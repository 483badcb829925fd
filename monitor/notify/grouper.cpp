#include "monitor/notify/grouper.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

namespace notify {

namespace {

using metrics::AlertTold;
using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr int kDay = 24 * 60;

core::WallTime plus(core::WallTime time, core::Nanos span)
{
    return time + duration_cast<microseconds>(span);
}

bool never(core::WallTime time)
{
    return time.time_since_epoch().count() == 0;
}

// Go's %q of a label's value, as far as labels need it.
std::string labelText(std::string_view text)
{
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

Message digestOf(std::vector<Message> messages)
{
    Message digest = std::move(messages.front());
    for (auto message = messages.begin() + 1; message != messages.end(); ++message) {
        std::ranges::move(message->alerts, std::back_inserter(digest.alerts));
    }
    digest.groupLabels.clear();
    digest.groupKey = "{}:{}";
    sortAlerts(digest.alerts);
    return digest;
}

} // namespace

int localMinute(core::WallTime now)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    return local.tm_hour * 60 + local.tm_min;
}

std::optional<core::WallTime> quietUntil(const metrics::QuietHours& hours, core::WallTime now, int minute)
{
    const bool overMidnight = hours.from > hours.to;
    const bool inside =
        overMidnight ? minute >= hours.from || minute < hours.to : minute >= hours.from && minute < hours.to;
    if (!inside) {
        return std::nullopt;
    }
    const int left = (hours.to - minute + kDay) % kDay;
    return std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes(left);
}

Grouper::Grouper(metrics::ChannelSetup setup, Cadence cadence)
    : m_setup(std::move(setup))
    , m_cadence(cadence)
{
}

metrics::Labels Grouper::labelsOf(const Alert& alert) const
{
    if (m_cadence == Cadence::Continuous) {
        return {};
    }
    metrics::Labels chosen;
    const bool all = std::ranges::find(m_setup.groupBy, "...") != m_setup.groupBy.end();
    for (const auto& label : alert.labels) {
        if (all || std::ranges::find(m_setup.groupBy, label.first) != m_setup.groupBy.end()) {
            chosen.push_back(label);
        }
    }
    return chosen;
}

std::string Grouper::groupKeyOf(const metrics::Labels& labels) const
{
    std::string text;
    for (const auto& [name, value] : labels) {
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, labelText(value));
    }
    return "{}:{" + text + "}";
}

void Grouper::take(const Alert& alert, AlertTold told, core::WallTime now, Change& change)
{
    const metrics::Labels labels = labelsOf(alert);
    const std::string key = groupKeyOf(labels);
    const auto known = m_groups.find(key);
    const bool heldAlready = known != m_groups.end() && known->second.alerts.contains(alert.fingerprint);
    if (!heldAlready && (!alert.firing || alert.severity < m_setup.minSeverity)) {
        return; // nothing was said of it here
    }
    Group& group = m_groups[key];
    group.labels = labels;
    Held& entry = group.alerts[alert.fingerprint];
    const bool newIncident = entry.alert.incident != alert.incident;
    // Another incident before the end of the one before it: the rules lost their memory of that one in a crash. Who
    // was told that the alert fires is not told again.
    const bool goesOn = newIncident && entry.told && entry.alert.firing && alert.firing && !entry.fresh;
    const bool worse = alert.severity > entry.alert.severity;
    entry.alert = alert;
    entry.told = entry.told && (!newIncident || goesOn);
    if (!alert.firing && !entry.told && m_cadence == Cadence::Grouped) {
        group.alerts.erase(alert.fingerprint); // came and went before a word was said
        change.emplace_back(alertKey(key, alert.fingerprint), std::nullopt);
        if (std::ranges::none_of(group.alerts, [](const auto& item) { return item.second.fresh; })) {
            group.due.reset();
        }
        save(key, group, change);
        if (group.alerts.empty()) {
            m_groups.erase(key);
        }
        return;
    }
    const bool repeat = told == AlertTold::Repeated;
    if (!(goesOn && !worse) && (!repeat || !m_setup.repeatInterval || !entry.told)) {
        entry.fresh = true;
        schedule(group, told, now);
    }
    saveAlert(key, entry, change);
    save(key, group, change);
}

void Grouper::schedule(Group& group, AlertTold told, core::WallTime now) const
{
    core::WallTime due = plus(now, m_setup.groupWait);
    if (m_cadence == Cadence::Continuous || told == AlertTold::SeverityRose) {
        due = now;
    } else if (!never(group.lastSent)) {
        due = std::max(due, plus(group.lastSent, m_setup.groupInterval));
    }
    if (!group.due || due < *group.due) {
        group.due = due;
    }
}

std::optional<core::WallTime> Grouper::dueOf(const Group& group) const
{
    std::optional<core::WallTime> due = group.due;
    const auto sooner = [&](core::WallTime time) { due = due ? std::min(*due, time) : time; };
    if (m_cadence == Cadence::Continuous && !never(group.lastSent)) {
        sooner(plus(group.lastSent, kResend));
    } else if (m_setup.repeatInterval && !never(group.lastSent) && !group.due) {
        sooner(plus(group.lastSent, *m_setup.repeatInterval));
    }
    return due;
}

std::optional<core::WallTime> Grouper::nextDue() const
{
    std::optional<core::WallTime> next;
    for (const auto& [key, group] : m_groups) {
        if (const auto due = dueOf(group); due && (!next || *due < *next)) {
            next = due;
        }
    }
    return next;
}

bool Grouper::quiet(core::WallTime now) const
{
    return m_setup.quiet && quietUntil(*m_setup.quiet, now, m_minute(now)).has_value();
}

// In quiet hours a group waits for their end unless something in it may be told.
bool Grouper::held(Group& group, core::WallTime now) const
{
    if (!m_setup.quiet || m_cadence == Cadence::Continuous) {
        return false;
    }
    const auto until = quietUntil(*m_setup.quiet, now, m_minute(now));
    const bool passes = std::ranges::any_of(group.alerts, [&](const auto& item) {
        return item.second.fresh && item.second.alert.firing &&
               item.second.alert.severity >= m_setup.quiet->passes;
    });
    if (!until || passes) {
        return false;
    }
    group.due = *until;
    return true;
}

std::vector<Message> Grouper::flush(core::WallTime now, const std::set<std::string>& acked, Change& change)
{
    std::vector<Message> messages;
    std::vector<std::string> gone;
    const core::WallTime farthest =
        plus(now, std::max({m_setup.groupWait, m_setup.groupInterval, kResend}) * 2);
    for (auto& [key, group] : m_groups) {
        const auto due = dueOf(group);
        // Farther away than any of the intervals: the wall clock was set back.
        const bool setBack = due && *due > farthest && !m_setup.quiet && !m_setup.repeatInterval;
        if (!due || (*due > now && !setBack) || held(group, now)) {
            continue;
        }
        if (auto message = flushOne(key, group, now, acked)) {
            messages.push_back(std::move(*message));
        }
        settle(key, group, now, change);
        if (group.alerts.empty()) {
            gone.push_back(key);
        }
    }
    for (const std::string& key : gone) {
        m_groups.erase(key);
    }
    if (messages.size() > kStormGroups) {
        Message digest = digestOf(std::move(messages));
        messages.clear();
        messages.push_back(std::move(digest));
    }
    return messages;
}

std::optional<Message> Grouper::flushOne(const std::string& key, Group& group, core::WallTime now,
                                         const std::set<std::string>& acked)
{
    const auto sayable = [&](const Held& item) { return item.alert.firing || m_setup.sendResolved; };
    const bool fresh = std::ranges::any_of(
        group.alerts, [&](const auto& item) { return item.second.fresh && sayable(item.second); });
    const bool repeats = m_setup.repeatInterval && !never(group.lastSent) &&
                         plus(group.lastSent, *m_setup.repeatInterval) <= now &&
                         std::ranges::any_of(group.alerts, [&](const auto& item) {
                             return item.second.alert.firing && !acked.contains(item.second.alert.incident);
                         });
    const bool continues = m_cadence == Cadence::Continuous && !group.alerts.empty();
    if (!fresh && !repeats && !continues) {
        return std::nullopt;
    }
    Message message;
    message.channel = m_setup.name;
    message.groupKey = key;
    message.groupLabels = group.labels;
    message.createdAt = now;
    for (const auto& [fingerprint, item] : group.alerts) {
        if (sayable(item)) {
            message.alerts.push_back(item.alert);
        }
    }
    sortAlerts(message.alerts);
    return message;
}

// What was said is said; what is over and said is forgotten.
void Grouper::settle(const std::string& key, Group& group, core::WallTime now, Change& change)
{
    const bool continuous = m_cadence == Cadence::Continuous;
    for (auto at = group.alerts.begin(); at != group.alerts.end();) {
        Held& item = at->second;
        const bool over =
            !item.alert.firing && (!continuous || plus(item.alert.endsAt, kResolvedKept) <= now);
        if (over) {
            change.emplace_back(alertKey(key, at->first), std::nullopt);
            at = group.alerts.erase(at);
            continue;
        }
        if (item.fresh || !item.told) {
            item.fresh = false;
            item.told = true;
            saveAlert(key, item, change);
        }
        ++at;
    }
    const bool changed = group.due.has_value() || !continuous;
    group.lastSent = now;
    group.due.reset();
    if (changed || group.alerts.empty()) {
        save(key, group, change);
    }
}

std::string Grouper::alertKey(const std::string& key, std::uint64_t fingerprint) const
{
    return fmt::format("a|{}|{}|{:016x}", m_setup.name, key, fingerprint);
}

void Grouper::saveAlert(const std::string& key, const Held& held, Change& change) const
{
    const json value = {{"alert", toJson(held.alert)}, {"told", held.told}, {"fresh", held.fresh}};
    change.emplace_back(alertKey(key, held.alert.fingerprint),
                        value.dump(-1, ' ', false, json::error_handler_t::replace));
}

void Grouper::save(const std::string& key, const Group& group, Change& change) const
{
    const std::string name = fmt::format("g|{}|{}", m_setup.name, key);
    if (group.alerts.empty()) {
        change.emplace_back(name, std::nullopt);
        return;
    }
    const json value = {{"labels", group.labels},
                        {"due", group.due ? group.due->time_since_epoch().count() : -1},
                        {"lastSent", group.lastSent.time_since_epoch().count()}};
    change.emplace_back(name, value.dump(-1, ' ', false, json::error_handler_t::replace));
}

void Grouper::restore(const std::string& key, const std::string& value)
{
    const std::string prefix = key.substr(0, 2) + m_setup.name + "|";
    if (!key.starts_with(prefix)) {
        return;
    }
    const json read = json::parse(value, nullptr, false);
    try {
        if (key.starts_with("g|")) {
            Group& group = m_groups[key.substr(prefix.size())];
            read.at("labels").get_to(group.labels);
            group.lastSent = core::WallTime(microseconds(read.at("lastSent").get<std::int64_t>()));
            if (const auto due = read.at("due").get<std::int64_t>(); due >= 0) {
                group.due = core::WallTime(microseconds(due));
            }
            return;
        }
        const std::size_t bar = key.rfind('|');
        if (!key.starts_with("a|") || bar < prefix.size()) {
            return;
        }
        if (auto alert = alertFromJson(read.at("alert")); alert) {
            Group& group = m_groups[key.substr(prefix.size(), bar - prefix.size())];
            const std::uint64_t fingerprint = alert->fingerprint;
            group.alerts[fingerprint] = {std::move(*alert), read.at("told").get<bool>(),
                                         read.at("fresh").get<bool>()};
        }
    } catch (const json::exception&) {
        // not ours: the rest counts
    }
}

void Grouper::forget(Change& change) const
{
    for (const auto& [key, group] : m_groups) {
        for (const auto& [fingerprint, item] : group.alerts) {
            change.emplace_back(alertKey(key, fingerprint), std::nullopt);
        }
        change.emplace_back(fmt::format("g|{}|{}", m_setup.name, key), std::nullopt);
    }
}

} // namespace notify
