// Acknowledgements: made, renewed while what they hide fires, ended when it is over or somebody says so.
#include "monitor/cluster/client.h"
#include "monitor/cluster/reply_words.h"
#include "monitor/core/format.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace cluster {

using metrics::SilenceRow;

namespace {

constexpr auto kRemembered = std::chrono::hours(24);

std::string whatIt(const SilenceRow& silence)
{
    std::string text;
    for (const metrics::SilenceMatcher& matcher : silence.matchers) {
        text += (text.empty() ? "" : ", ") + metrics::matcherText(matcher);
    }
    return core::oneLine(text, 200);
}

// Alertmanager's times are of milliseconds.
core::WallTime wholeMillis(core::WallTime at)
{
    return core::WallTime(std::chrono::ceil<core::Millis>(at.time_since_epoch()));
}

} // namespace

// Early enough for two more rounds, and never in its first half.
core::Nanos Client::renewAhead() const
{
    return std::min(std::max(m_spec.ackSpan / 3, 2 * m_spec.interval + m_spec.timeout), m_spec.ackSpan / 2);
}

core::WallTime Client::lastEnd() const
{
    core::WallTime last;
    for (const Ack& ack : m_ledger.acks) {
        last = std::max(last, ack.silence.endsAt);
    }
    return last;
}

core::Result<Told> Client::acknowledgeNow(const AckWish& wish, const std::stop_token& stop)
{
    Ack ack;
    for (const auto& [name, value] : wish.labels) {
        ack.silence.matchers.push_back({name, value, false, true});
    }
    const core::WallTime now = wholeMillis(m_clock.wallNow());
    ack.silence.startsAt = now;
    ack.silence.endsAt = now + std::chrono::floor<core::Millis>(m_spec.ackSpan);
    ack.silence.createdBy = wish.by;
    ack.silence.comment = std::string(metrics::kAckMark) + ' ' + wish.note;
    ack.since = now; // or what it says itself: its clock may be ahead
    for (const PeerNews& peer : m_peers) {
        for (const metrics::ClusterAlert& alert : peer.alerts) {
            if (hides(ack.silence, alert.labels)) {
                ack.since = std::max(ack.since, wholeMillis(alert.startsAt));
            }
        }
    }
    if (std::ranges::any_of(m_ledger.acks, [&](const Ack& one) { return isOf(one.silence, ack.silence); })) {
        return core::fail("it is acknowledged already", "exists");
    }
    if (m_ledger.acks.size() >= kMostAcks) {
        return core::fail(fmt::format("more than {} acknowledgements", kMostAcks), "too_many");
    }
    std::vector<Debt> owed; // the rounds see to it
    auto told = tellAll(ack.silence, owed, stop);
    if (told) {
        std::erase_if(m_ledger.debts, [&](const Debt& debt) { return isOf(debt.silence, ack.silence); });
        m_ledger.acks.push_back(std::move(ack));
        keepBook();
    }
    return told;
}

// Ours, and those others made: whatever acknowledges what has these labels.
core::Result<Told> Client::withdrawNow(const metrics::Labels& labels, const std::stop_token& stop)
{
    const core::WallTime now = m_clock.wallNow();
    std::vector<SilenceRow> ends;
    for (const Ack& ack : m_ledger.acks) {
        if (hides(ack.silence, labels)) {
            ends.push_back(ack.silence);
        }
    }
    std::erase_if(m_ledger.acks, [&](const Ack& ack) { return hides(ack.silence, labels); });
    for (const metrics::ClusterSilence& row : merged(m_peers).silences) {
        const bool known =
            std::ranges::any_of(ends, [&row](const SilenceRow& one) { return isOf(row.silence, one); });
        if (!known && isAck(row.silence) && row.silence.endsAt > now && hides(row.silence, labels)) {
            ends.push_back(row.silence);
        }
    }
    Told all;
    for (const SilenceRow& silence : ends) {
        const Told told = endEverywhere(silence, stop);
        for (const auto& [from, to] : {std::pair{&told.peers, &all.peers}, std::pair{&told.owed, &all.owed},
                                       std::pair{&told.refused, &all.refused}}) {
            to->insert(to->end(), from->begin(), from->end());
        }
    }
    keepBook();
    return ends.empty() ? core::Result<Told>(core::fail("nobody has acknowledged it there", "not_found"))
                        : core::Result<Told>(std::move(all));
}

// As it is to stand, at every cluster of which somebody answers.
void Client::renew(Ack& ack, const std::stop_token& stop)
{
    const core::WallTime now = m_clock.wallNow();
    if (ack.silence.endsAt - now <= renewAhead()) {
        ack.silence.endsAt = now + std::chrono::floor<core::Millis>(m_spec.ackSpan);
        keepBook(); // before it is told: after a kill what stands there is still known as ours
    }
    Told told;
    for (const auto& group : groups()) {
        const auto settled = std::ranges::find_if(group, [this](std::size_t one) { return isSettled(one); });
        if (settled == group.end()) {
            continue;
        }
        const std::size_t peer = *settled;
        SilenceRow wanted = ack.silence;
        wanted.startsAt = now;
        if (const SilenceRow* standing = standingAt(m_peers[peer], ack.silence, now)) {
            if (standing->endsAt >= ack.silence.endsAt) {
                continue;
            }
            wanted.id = standing->id; // it is prolonged there, under its id: only its end differs
            wanted.startsAt = standing->startsAt;
        }
        (void)tryPeer(peer, wanted, told, stop); // what fails is tried again with the next round
    }
    std::string problem = joined(told.refused);
    if (!problem.empty() && ack.problem.empty()) {
        spdlog::warn("the acknowledgement of {} is not renewed: {}", whatIt(ack.silence), problem);
    }
    ack.problem = std::move(problem);
}

bool Client::isWithdrawnThere(const Ack& ack) const
{
    return std::ranges::any_of(
        m_peers, [&](const PeerNews& peer) { return endedByHandAt(peer, ack.silence, m_clock.wallNow()); });
}

// Whether it is to be ended; what it hides may still come back within ackOver.
bool Client::isOver(Ack& ack, const std::vector<int>& groups) const
{
    switch (hiddenBy(ack, m_peers, groups)) {
    case Hidden::Fires:
        ack.goneSince = {};
        return false;
    case Hidden::Unknown: // it lapses, and is made again should the alert be seen within a day
        ack.goneSince = {};
        return m_clock.wallNow() - ack.silence.endsAt > kRemembered;
    case Hidden::Another:
        return true;
    case Hidden::Gone:
        if (ack.goneSince == core::SteadyTime{}) {
            ack.goneSince = m_clock.steadyNow();
        }
        return m_clock.steadyNow() - ack.goneSince >= m_spec.ackOver;
    }
    return false;
}

void Client::tendAcks(const std::stop_token& stop)
{
    const std::vector<int> numbers = groupsOf(m_bonds, m_peers.size());
    std::vector<SilenceRow> ends;
    std::erase_if(m_ledger.acks, [&](Ack& ack) {
        const bool withdrawn = isWithdrawnThere(ack);
        if (!withdrawn && !isOver(ack, numbers)) {
            return false;
        }
        spdlog::info("the acknowledgement of {} ends: {}", whatIt(ack.silence),
                     withdrawn ? "it was ended at an Alertmanager" : "what it hid is over");
        ends.push_back(ack.silence);
        return true;
    });
    for (const SilenceRow& silence : ends) {
        (void)endEverywhere(silence, stop);
    }
    for (Ack& ack : m_ledger.acks) {
        if (!stop.stop_requested() && hiddenBy(ack, m_peers, numbers) == Hidden::Fires) {
            renew(ack, stop);
        }
    }
}

void Client::tend(const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return; // the answers of this round are not all there
    }
    payDebts(stop);
    tendAcks(stop);
    keepBook();
}

std::vector<std::string> Client::troubles() const
{
    std::vector<std::string> list;
    if (!m_bookProblem.empty()) {
        list.push_back("what is still to be told cannot be kept: " + m_bookProblem);
    }
    for (const Ack& ack : m_ledger.acks) {
        if (!ack.problem.empty()) {
            list.push_back(fmt::format("the acknowledgement of {} is not renewed: {}", whatIt(ack.silence),
                                       ack.problem));
        }
    }
    return list;
}

} // namespace cluster
