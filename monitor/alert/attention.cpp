#include "monitor/alert/attention.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace alert {

using metrics::AlertRow;
using metrics::AlertState;
using metrics::SilenceRow;
using metrics::SilenceState;

namespace {

std::string bounded(std::string_view text)
{
    return core::oneLine(text, Attention::kMaxText / 4);
}

// Alertmanager's API tells times in milliseconds: who sends one back sends it cut.
bool sameInApi(core::WallTime a, core::WallTime b)
{
    using std::chrono::milliseconds;
    return std::chrono::floor<milliseconds>(a) == std::chrono::floor<milliseconds>(b);
}

// What Alertmanager changes in place: the end, the words; of one that has not begun the start, too.
bool changesInPlace(const SilenceRow& before, const SilenceRow& after, core::WallTime now)
{
    if (before.matchers != after.matchers) {
        return false;
    }
    switch (before.stateAt(now)) {
    case SilenceState::Active:
        return sameInApi(before.startsAt, after.startsAt) && after.endsAt >= now;
    case SilenceState::Pending:
        return after.startsAt >= now;
    case SilenceState::Expired:
        return false;
    }
    return false;
}

void markSilences(AlertRow& row, const std::vector<CompiledSilence>& silences, core::WallTime now)
{
    const SilenceRow* last = nullptr;
    row.silencedBy.clear();
    for (const CompiledSilence& silence : silences) {
        if (silence.row().stateAt(now) == SilenceState::Pending || !silence.matches(row.labels)) {
            continue;
        }
        if (silence.row().stateAt(now) == SilenceState::Active) {
            row.silencedBy.push_back(silence.row().id);
        } else if (last == nullptr || silence.row().endsAt > last->endsAt) {
            last = &silence.row();
        }
    }
    row.lastSilence = last != nullptr && row.silencedBy.empty() ? last->comment : std::string();
}

} // namespace

core::Result<void> Attention::checkOpen(const std::string& incident) const
{
    if (!m_open.contains(incident)) {
        return core::fail("that alert does not fire any more", "not_found");
    }
    return {};
}

core::Result<void> Attention::acknowledge(const std::string& incident, Ack ack)
{
    ack.by = bounded(ack.by);
    ack.note = bounded(ack.note);
    if (ack.by.empty()) {
        return core::fail("who acknowledges must be said", "bad_ack");
    }
    const core::MutexLock lock(m_mutex);
    if (auto open = checkOpen(incident); !open) {
        return open;
    }
    m_acks[incident] = std::move(ack);
    ++m_version;
    return {};
}

core::Result<void> Attention::unacknowledge(const std::string& incident)
{
    const core::MutexLock lock(m_mutex);
    if (m_acks.erase(incident) == 0) {
        return core::fail("that alert is not acknowledged", "not_found");
    }
    ++m_version;
    return {};
}

core::Result<void> Attention::snooze(const std::string& incident, core::WallTime until)
{
    const core::MutexLock lock(m_mutex);
    if (auto open = checkOpen(incident); !open) {
        return open;
    }
    m_snoozes[incident] = until;
    ++m_version;
    return {};
}

void Attention::breakAck(const std::string& incident)
{
    const core::MutexLock lock(m_mutex);
    m_version += m_acks.erase(incident);
}

void Attention::replace(std::shared_ptr<Silences> silences)
{
    m_silences = std::move(silences);
    ++m_version;
}

core::Result<std::string> Attention::putSilence(SilenceRow row, core::WallTime now)
{
    row.startsAt = std::max(row.startsAt, row.id.empty() ? now : row.startsAt);
    row.updatedAt = now;
    row.createdBy = bounded(row.createdBy);
    row.comment = bounded(row.comment);
    if (row.endsAt <= now) {
        return core::fail("invalid silence: end time can't be in the past", "bad_silence");
    }
    auto made = CompiledSilence::make(std::move(row));
    if (!made) {
        return core::Unexpected<core::Error>{made.error()};
    }
    const core::MutexLock lock(m_mutex);
    auto next = std::make_shared<Silences>(*m_silences);
    SilenceRow& added = made->row();
    if (!added.id.empty()) {
        const auto old = std::find_if(next->begin(), next->end(),
                                      [&](const auto& one) { return one.row().id == added.id; });
        if (old == next->end()) {
            return core::fail("silence not found", "not_found");
        }
        if (changesInPlace(old->row(), added, now)) {
            *old = *made;
            replace(std::move(next));
            return added.id;
        }
        if (old->row().stateAt(now) != SilenceState::Expired) {
            old->row().endsAt = now;
            old->row().startsAt = std::min(old->row().startsAt, now);
        }
        added.startsAt = std::max(added.startsAt, now);
    }
    std::erase_if(*next, [&](const auto& one) { return now - one.row().endsAt > kSilenceRetention; });
    if (next->size() >= kMaxSilences) {
        return core::fail("there are 1000 silences already", "too_many");
    }
    added.id = newSilenceId();
    next->push_back(*made);
    replace(std::move(next));
    return added.id;
}

core::Result<void> Attention::expireSilence(const std::string& id, core::WallTime now)
{
    const core::MutexLock lock(m_mutex);
    auto next = std::make_shared<Silences>(*m_silences);
    const auto at =
        std::find_if(next->begin(), next->end(), [&](const auto& one) { return one.row().id == id; });
    if (at == next->end() || at->row().stateAt(now) == SilenceState::Expired) {
        return core::fail(at == next->end() ? "silence not found" : "silence " + id + " already expired",
                          "not_found");
    }
    at->row().startsAt = std::min(at->row().startsAt, now);
    at->row().endsAt = now;
    at->row().updatedAt = now;
    replace(std::move(next));
    return {};
}

std::vector<SilenceRow> Attention::silences(core::WallTime now) const
{
    std::vector<SilenceRow> rows;
    {
        const core::MutexLock lock(m_mutex);
        for (const CompiledSilence& silence : *m_silences) {
            rows.push_back(silence.row());
            const auto caught = m_catches.find(silence.row().id);
            rows.back().catches = caught != m_catches.end() ? caught->second : 0;
        }
    }
    const auto rank = [now](const SilenceRow& row) {
        const SilenceState state = row.stateAt(now);
        return state == SilenceState::Active ? 0 : state == SilenceState::Pending ? 1 : 2;
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const SilenceRow& a, const SilenceRow& b) {
        return std::tuple(rank(a), a.endsAt) < std::tuple(rank(b), b.endsAt);
    });
    return rows;
}

std::uint64_t Attention::version() const
{
    const core::MutexLock lock(m_mutex);
    return m_version;
}

void Attention::mark(std::vector<AlertRow>& rows, core::WallTime now)
{
    std::shared_ptr<const Silences> silences;
    {
        const core::MutexLock lock(m_mutex);
        silences = m_silences;
    }
    std::map<std::string, int> catches;
    for (AlertRow& row : rows) {
        markSilences(row, *silences, now);
        for (const std::string& id : row.silencedBy) {
            catches[id] += row.state != AlertState::Resolved ? 1 : 0;
        }
    }
    const core::MutexLock lock(m_mutex);
    m_catches = std::move(catches);
    m_open.clear();
    for (AlertRow& row : rows) {
        if (!metrics::isOpen(row.state)) {
            continue;
        }
        m_open.insert(row.incidentId);
        if (const auto ack = m_acks.find(row.incidentId); ack != m_acks.end()) {
            row.ackedBy = ack->second.by;
            row.ackNote = ack->second.note;
            row.ackedAt = ack->second.at;
        }
        if (const auto snooze = m_snoozes.find(row.incidentId);
            snooze != m_snoozes.end() && snooze->second > now) {
            row.snoozedUntil = snooze->second;
        }
    }
    const auto over = [this](const auto& entry) { return !m_open.contains(entry.first); };
    m_version += std::erase_if(m_acks, over);
    m_version += std::erase_if(m_snoozes, [&](const auto& entry) { return over(entry) || entry.second <= now; });
}

void Attention::markSilenced(AlertRow& row, core::WallTime now) const
{
    std::shared_ptr<const Silences> silences;
    {
        const core::MutexLock lock(m_mutex);
        silences = m_silences;
    }
    markSilences(row, *silences, now);
}

Attention::Saved Attention::saved() const
{
    const core::MutexLock lock(m_mutex);
    return {m_acks, m_snoozes};
}

void Attention::restore(Saved saved)
{
    const core::MutexLock lock(m_mutex);
    for (const auto& [incident, ack] : saved.acks) {
        m_open.insert(incident);
    }
    m_acks = std::move(saved.acks);
    m_snoozes = std::move(saved.snoozes);
}

void Attention::restoreSilences(std::vector<SilenceRow> rows)
{
    auto next = std::make_shared<Silences>();
    std::set<std::string> ids;
    for (SilenceRow& row : rows) {
        if (row.id.empty() || !ids.insert(row.id).second || next->size() >= kMaxSilences) {
            continue;
        }
        row.catches = 0;
        if (row.endsAt <= row.startsAt) { // ended before it began
            row.startsAt = row.endsAt - std::chrono::microseconds(1);
        }
        if (auto made = CompiledSilence::make(std::move(row))) {
            next->push_back(std::move(*made));
        }
    }
    const core::MutexLock lock(m_mutex);
    replace(std::move(next));
}

core::Result<std::vector<std::size_t>> caughtBy(const SilenceRow& silence, const std::vector<AlertRow>& rows)
{
    const auto made = CompiledSilence::make(silence);
    if (!made) {
        return core::Unexpected<core::Error>{made.error()};
    }
    std::vector<std::size_t> caught;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state != AlertState::Resolved && made->matches(rows[i].labels)) {
            caught.push_back(i);
        }
    }
    return caught;
}

} // namespace alert
