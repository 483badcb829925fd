#include "monitor/notify/lane.h"

#include "monitor/notify/json_text.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace notify {

namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr core::Nanos kMinute = std::chrono::minutes(1);
constexpr core::Nanos kLongest = std::chrono::minutes(5);
constexpr std::size_t kMostPending = 1000; // then the oldest goes

} // namespace

void RateWindow::note(core::SteadyTime at)
{
    m_times.push_back(at);
    while (!m_times.empty() && at - m_times.front() >= kMinute) {
        m_times.pop_front();
    }
}

core::Nanos RateWindow::wait(core::SteadyTime now) const
{
    const auto limit = static_cast<std::size_t>(std::max(m_perMinute, 1));
    if (m_times.size() < limit) {
        return core::Nanos(0);
    }
    // The one that has to leave the window first.
    const core::SteadyTime oldest = m_times[m_times.size() - limit];
    return std::max(oldest + kMinute - now, core::Nanos(0));
}

core::Nanos backoff(int attempts, const std::string& id, std::optional<core::Nanos> asked)
{
    constexpr core::Nanos kFirst = std::chrono::seconds(1);
    const auto full = std::min<core::Nanos>(kFirst * (1LL << std::clamp(attempts - 1, 0, 16)), kLongest);
    const auto spread =
        static_cast<double>(std::hash<std::string>()(id + std::to_string(attempts)) % 1000) / 1000.0;
    const auto jittered = duration_cast<core::Nanos>(full * (0.8 + 0.4 * spread));
    return std::max(jittered, asked.value_or(core::Nanos(0)));
}

Lane::Lane(std::string channel, Cadence cadence, int perMinute, core::Nanos deadline)
    : m_channel(std::move(channel))
    , m_cadence(cadence)
    , m_deadline(deadline)
    , m_rate(perMinute)
{
}

void Lane::adopt(int perMinute, core::Nanos deadline)
{
    m_rate.setLimit(perMinute);
    m_deadline = deadline;
}

void Lane::add(Message message, Change& change)
{
    if (m_cadence == Cadence::Continuous) {
        std::erase_if(m_pending, [](const Pending& pending) { return !pending.flying; });
    } else {
        change.emplace_back(keyOf(message.id), jsonText(toJson(message)));
        if (m_pending.size() >= kMostPending) {
            const auto oldest = std::ranges::find(m_pending, false, &Pending::flying);
            change.emplace_back(keyOf(oldest->message.id), std::nullopt);
            ++m_figures.expired;
            m_pending.erase(oldest);
        }
    }
    m_pending.push_back({std::move(message)});
}

bool Lane::flying() const
{
    return std::ranges::any_of(m_pending, &Pending::flying);
}

std::optional<Message> Lane::take(Moment now, Change& change)
{
    if (flying() || m_rate.wait(now.steady) > core::Nanos(0)) {
        return std::nullopt;
    }
    const auto ready =
        std::ranges::find_if(m_pending, [&](const Pending& p) { return p.notBefore <= now.steady; });
    if (ready == m_pending.end()) {
        return std::nullopt;
    }
    ready->flying = true;
    ++ready->attempts;
    m_rate.note(now.steady);
    saveTimes(now, change);
    return ready->message;
}

void Lane::finish(const std::string& id, const Delivery& delivery, const std::string& error, Moment now,
                  Change& change)
{
    const auto at = std::ranges::find_if(m_pending, [&](const Pending& p) { return p.message.id == id; });
    if (at == m_pending.end()) {
        return; // its channel was set up anew meanwhile
    }
    at->flying = false;
    m_figures.lastError = error;
    if (!error.empty()) {
        m_figures.lastFailure = now.wall;
    }
    switch (delivery.outcome) {
    case Delivery::Outcome::Sent:
        ++m_figures.sent;
        m_figures.lastSent = now.wall;
        break;
    case Delivery::Outcome::Retry:
        ++m_figures.retried;
        at->notBefore = now.steady + backoff(at->attempts, id, delivery.retryAfter);
        return;
    case Delivery::Outcome::Refused:
        ++m_figures.failed;
        break;
    }
    if (m_cadence == Cadence::Grouped) {
        change.emplace_back(keyOf(id), std::nullopt);
    }
    m_pending.erase(at);
}

std::vector<std::string> Lane::expire(Moment now, Change& change)
{
    std::vector<std::string> gone;
    std::erase_if(m_pending, [&](const Pending& pending) {
        const bool old = !pending.flying && now.wall - pending.message.createdAt > m_deadline;
        if (old) {
            gone.push_back(pending.message.id);
            change.emplace_back(keyOf(pending.message.id), std::nullopt);
        }
        return old;
    });
    m_figures.expired += gone.size();
    return gone;
}

std::optional<core::Nanos> Lane::nextIn(Moment now) const
{
    if (m_pending.empty() || flying()) {
        return std::nullopt;
    }
    const auto first = std::ranges::min_element(m_pending, {}, &Pending::notBefore);
    return std::max({first->notBefore - now.steady, m_rate.wait(now.steady), core::Nanos(0)});
}

void Lane::noteTry(Moment now, bool sent, const std::string& error)
{
    m_rate.note(now.steady);
    m_figures.lastError = error;
    (sent ? m_figures.lastSent : m_figures.lastFailure) = now.wall;
    ++(sent ? m_figures.sent : m_figures.failed);
}

void Lane::saveTimes(Moment now, Change& change) const
{
    if (m_cadence == Cadence::Continuous) {
        return;
    }
    json times = json::array();
    for (const core::SteadyTime at : m_rate.times()) {
        times.push_back((now.wall - duration_cast<microseconds>(now.steady - at)).time_since_epoch().count());
    }
    change.emplace_back("r|" + m_channel, times.dump());
}

void Lane::restore(const std::string& key, const std::string& value, Moment now)
{
    const json read = json::parse(value, nullptr, false);
    if (key == "r|" + m_channel && read.is_array()) {
        for (const json& at : read) {
            if (!at.is_number_integer()) {
                continue;
            }
            const core::Nanos age = now.wall - core::WallTime(microseconds(at.get<std::int64_t>()));
            // From the future: the wall clock was set back; then it counts as of now.
            m_rate.note(now.steady - std::clamp(age, core::Nanos(0), 2 * kMinute));
        }
    } else if (key.starts_with("m|" + m_channel + "|")) {
        if (auto message = messageFromJson(read); message && message->channel == m_channel) {
            m_pending.push_back({std::move(*message)});
            std::ranges::stable_sort(m_pending, {}, [](const Pending& p) { return p.message.createdAt; });
        }
    }
}

void Lane::forget(Change& change) const
{
    for (const Pending& pending : m_pending) {
        change.emplace_back(keyOf(pending.message.id), std::nullopt);
    }
    change.emplace_back("r|" + m_channel, std::nullopt);
}

void Lane::fill(metrics::ChannelRow& row, Moment now) const
{
    row.sent = m_figures.sent;
    row.retried = m_figures.retried;
    row.failed = m_figures.failed;
    row.expired = m_figures.expired;
    row.lastSent = m_figures.lastSent;
    row.lastFailure = m_figures.lastFailure;
    row.lastError = m_figures.lastError;
    row.queued = m_pending.size();
    row.nextTryIn = nextIn(now).value_or(core::Nanos(0));
}

} // namespace notify
