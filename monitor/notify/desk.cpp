#include "monitor/notify/desk.h"

#include "monitor/notify/json_text.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

namespace notify {

namespace {

using nlohmann::json;

constexpr std::size_t kSeenKept = 4000;
constexpr core::Nanos kLongestWait = std::chrono::minutes(1);
constexpr core::Nanos kOrphanGrace = std::chrono::minutes(1);

std::string openKey(std::uint64_t fingerprint)
{
    return fmt::format("o|{:016x}", fingerprint);
}

int perMinuteOf(const metrics::ChannelSetup& setup)
{
    const NotifierKind* kind = findKind(setup.kind);
    const int most = kind != nullptr ? kind->kind.perMinute : 60;
    return setup.perMinute > 0 ? std::min(setup.perMinute, most) : most;
}

} // namespace

Desk::Desk(Journal& journal, const core::Clock& clock)
    : m_journal(journal)
    , m_clock(clock)
    , m_began(clock.steadyNow())
    , m_prefix(fmt::format("{:08x}", std::random_device()()))
{
    restoreSeen();
    for (const auto& [key, value] : m_journal.values()) {
        if (key.starts_with("o|")) {
            const json read = json::parse(value, nullptr, false);
            if (auto alert = alertFromJson(read); alert && openKey(alert->fingerprint) == key) {
                const std::uint64_t fingerprint = alert->fingerprint;
                m_open.emplace(fingerprint, std::move(*alert));
            }
        }
    }
}

void Desk::restoreSeen()
{
    for (const auto& [key, value] : m_journal.values()) {
        if (key.starts_with("s|")) {
            std::int64_t micros = 0;
            (void)std::from_chars(value.data(), value.data() + value.size(), micros);
            m_seen.emplace(key.substr(2), core::WallTime(std::chrono::microseconds(micros)));
        }
    }
}

void Desk::configure(const std::vector<metrics::ChannelSetup>& setups)
{
    Change change;
    std::vector<std::string> gone;
    for (const auto& [name, channel] : m_channels) {
        const auto at = std::ranges::find(setups, name, &metrics::ChannelSetup::name);
        const bool stays = at != setups.end() && at->enabled && at->kind == channel->grouper.setup().kind &&
                           at->groupBy == channel->grouper.setup().groupBy;
        if (!stays) {
            gone.push_back(name);
        }
    }
    for (const std::string& name : gone) {
        dropChannel(name, change);
    }
    for (const metrics::ChannelSetup& setup : setups) {
        const auto at = m_channels.find(setup.name);
        if (!setup.enabled) {
            continue;
        }
        if (at == m_channels.end()) {
            addChannel(setup, change);
        } else {
            at->second->grouper.adopt(setup);
            at->second->lane.adopt(perMinuteOf(setup), setup.deadline);
        }
    }
    commit(change);
}

void Desk::addChannel(const metrics::ChannelSetup& setup, Change& change)
{
    const NotifierKind* kind = findKind(setup.kind);
    if (kind == nullptr) {
        return;
    }
    auto channel = std::make_unique<Channel>(
        Channel{Grouper(setup, kind->cadence),
                Lane(setup.name, kind->cadence, perMinuteOf(setup), setup.deadline), kind->cadence});
    if (m_minute) {
        channel->grouper.setMinute(m_minute);
    }
    bool remembered = false;
    for (const auto& [key, value] : m_journal.values()) {
        const bool group = key.starts_with("g|" + setup.name + "|");
        const bool alert = key.starts_with("a|" + setup.name + "|");
        remembered = remembered || group || alert;
        channel->grouper.restore(key, value);
        channel->lane.restore(key, value, now());
    }
    if (!remembered && !m_journal.values().contains("c|" + setup.name)) {
        for (const auto& [fingerprint, alert] : m_open) {
            channel->grouper.take(alert, metrics::AlertTold::Fired, m_clock.wallNow(), change);
        }
    }
    change.emplace_back("c|" + setup.name, setup.kind); // it was there: silence after a restart is not news
    m_channels.emplace(setup.name, std::move(channel));
}

void Desk::dropChannel(const std::string& name, Change& change)
{
    const auto& channel = *m_channels.at(name);
    channel.grouper.forget(change);
    channel.lane.forget(change);
    change.emplace_back("c|" + name, std::nullopt);
    m_channels.erase(name);
}

bool Desk::known(const std::string& event, core::WallTime at, Change& change)
{
    if (event.empty()) {
        return false;
    }
    if (!m_seen.emplace(event, at).second) {
        return true;
    }
    change.emplace_back("s|" + event, std::to_string(at.time_since_epoch().count()));
    if (m_seen.size() > kSeenKept + kSeenKept / 4) {
        std::vector<std::pair<core::WallTime, std::string>> oldest;
        for (const auto& [id, when] : m_seen) {
            oldest.emplace_back(when, id);
        }
        std::ranges::sort(oldest);
        for (std::size_t i = 0; i < oldest.size() - kSeenKept; ++i) {
            m_seen.erase(oldest[i].second);
            change.emplace_back("s|" + oldest[i].second, std::nullopt);
        }
    }
    return false;
}

void Desk::take(std::span<const metrics::AlertEvent> events)
{
    Change change;
    const core::WallTime wall = m_clock.wallNow();
    for (const metrics::AlertEvent& event : events) {
        if (known(event.id, wall, change)) {
            continue;
        }
        const Alert alert = alertOf(event);
        m_orphans.erase(alert.fingerprint);
        if (alert.firing) {
            m_open[alert.fingerprint] = alert;
            change.emplace_back(openKey(alert.fingerprint), jsonText(toJson(alert)));
        } else if (m_open.erase(alert.fingerprint) > 0) {
            change.emplace_back(openKey(alert.fingerprint), std::nullopt);
        }
        for (auto& [name, channel] : m_channels) {
            channel->grouper.take(alert, event.told, wall, change);
        }
    }
    commit(change);
}

void Desk::setKnown(const std::set<std::string>& incidents)
{
    for (const auto& [fingerprint, alert] : m_open) {
        if (!incidents.contains(alert.incident)) {
            m_orphans.insert(fingerprint);
        }
    }
}

void Desk::settleOrphans(const std::set<std::uint64_t>& alive)
{
    if (m_orphans.empty() || m_clock.steadyNow() - m_began < kOrphanGrace) {
        return;
    }
    Change change;
    const core::WallTime wall = m_clock.wallNow();
    std::erase_if(m_orphans, [&](std::uint64_t fingerprint) {
        if (alive.contains(fingerprint)) {
            return false;
        }
        Alert alert = m_open.at(fingerprint);
        alert.firing = false;
        alert.endsAt = wall;
        m_open.erase(fingerprint);
        change.emplace_back(openKey(fingerprint), std::nullopt);
        for (auto& [name, channel] : m_channels) {
            channel->grouper.take(alert, metrics::AlertTold::Resolved, wall, change);
        }
        return true;
    });
    commit(change);
}

std::string Desk::newId(const std::string& channel)
{
    return fmt::format("{}-{}-{:x}-{}", channel, m_prefix, m_clock.wallNow().time_since_epoch().count(),
                       ++m_ids);
}

std::vector<Job> Desk::due()
{
    const Moment moment = now();
    Change change;
    for (auto& [name, channel] : m_channels) {
        for (Message& message : channel->grouper.flush(moment.wall, m_acked, change)) {
            message.id = newId(name);
            channel->lane.add(std::move(message), change);
        }
        for (const std::string& id : channel->lane.expire(moment, change)) {
            spdlog::error("notify {}: message {} was given up, its deadline is over", name, id);
        }
    }
    commit(change);
    std::vector<Job> jobs;
    Change tries;
    for (auto& [name, channel] : m_channels) {
        if (auto message = channel->lane.take(moment, tries)) {
            jobs.push_back({name, std::move(*message)});
        }
    }
    commit(tries, Journal::Durability::Lazy);
    return jobs;
}

void Desk::finish(const std::string& channel, const std::string& id, const Delivery& delivery,
                  const std::string& error)
{
    if (const auto at = m_channels.find(channel); at != m_channels.end()) {
        Change change;
        at->second->lane.finish(id, delivery, error, now(), change);
        commit(change);
    }
}

void Desk::noteTry(const std::string& channel, bool sent, const std::string& error)
{
    if (const auto at = m_channels.find(channel); at != m_channels.end()) {
        at->second->lane.noteTry(now(), sent, error);
    }
}

core::Nanos Desk::untilNext() const
{
    const Moment moment = now();
    core::Nanos wait = kLongestWait;
    for (const auto& [name, channel] : m_channels) {
        if (const auto due = channel->grouper.nextDue()) {
            wait = std::min<core::Nanos>(wait, *due - moment.wall);
        }
        if (const auto next = channel->lane.nextIn(moment)) {
            wait = std::min(wait, *next);
        }
    }
    return std::max(wait, core::Nanos(0));
}

std::vector<metrics::ChannelRow> Desk::rows() const
{
    std::vector<metrics::ChannelRow> rows;
    for (const auto& [name, channel] : m_channels) {
        metrics::ChannelRow row;
        row.name = name;
        row.kind = channel->grouper.setup().kind;
        row.editable = channel->grouper.setup().editable;
        row.quiet = channel->grouper.quiet(m_clock.wallNow());
        channel->lane.fill(row, now());
        rows.push_back(std::move(row));
    }
    return rows;
}

void Desk::commit(const Change& change, Journal::Durability durability)
{
    const auto written = m_journal.commit(change, durability);
    const std::string problem = written ? std::string() : written.error().message;
    if (!problem.empty() && problem != m_diskProblem) {
        spdlog::error("notify: {}", problem);
    }
    if (!change.empty()) {
        m_diskProblem = problem;
    }
}

} // namespace notify
