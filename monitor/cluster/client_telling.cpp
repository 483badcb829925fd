// Silences made and ended at every cluster, and what is still owed to some.
#include "monitor/alert/silence.h"
#include "monitor/cluster/client.h"
#include "monitor/cluster/reply_words.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace cluster {

using metrics::ClusterPeer;
using metrics::SilenceRow;

namespace {

// Made by one act; an acknowledgement is one act however often it was renewed.
bool isSame(const SilenceRow& one, const SilenceRow& other)
{
    return isAck(other) ? isOf(one, other) && one.endsAt <= other.endsAt : sameSilence(one, other);
}

// By the peer's last answer, and not over.
bool standsAt(const PeerNews& peer, const SilenceRow& silence, core::WallTime now)
{
    return std::ranges::any_of(
        peer.silences, [&](const SilenceRow& one) { return one.endsAt > now && isSame(one, silence); });
}

std::string notEvenOwed(const std::string& peer)
{
    return peer + ": it is away, and too much is owed already";
}

} // namespace

std::vector<std::vector<std::size_t>> Client::groups() const
{
    const std::vector<int> number = groupsOf(m_bonds, m_peers.size());
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        groups[number[i]].push_back(i);
    }
    std::vector<std::vector<std::size_t>> list;
    for (auto& [name, members] : groups) {
        std::ranges::stable_sort(members, {}, [this](std::size_t i) { return isUp(i) ? 0 : 1; });
        list.push_back(std::move(members));
    }
    return list;
}

bool Client::isUp(std::size_t peer) const
{
    return m_peers[peer].row.state == ClusterPeer::State::Up;
}

bool Client::isSettled(std::size_t peer) const
{
    return isUp(peer) && m_peers[peer].status.gossip != "settling";
}

bool Client::knows(std::size_t peer, const SilenceRow& silence, const std::stop_token& stop) const
{
    const http::Reply reply = http::ask(requestTo(peer, "GET", "/api/v2/silences"), stop);
    const auto silences =
        isWell(reply) ? readSilences(reply.body) : core::Result<std::vector<SilenceRow>>(core::fail(""));
    return silences &&
           std::ranges::any_of(*silences, [&](const SilenceRow& one) { return sameSilence(one, silence); });
}

Client::Try Client::tryPeer(std::size_t peer, const SilenceRow& silence, Told& told,
                            const std::stop_token& stop)
{
    http::Request request = requestTo(peer, "POST", "/api/v2/silences");
    request.body = alert::silenceJson(silence, m_clock.wallNow());
    const http::Reply reply = http::ask(request, stop);
    const std::string& name = m_peers[peer].row.name;
    if (isWell(reply)) {
        if (const auto id = readSilenceId(reply.body); id && told.id.empty()) {
            told.id = *id;
        }
        told.peers.push_back(name);
        return Try::Took;
    }
    told.refused.push_back(name + ": " + redacted(reasonOf(reply)));
    return isFinal(reply) ? Try::Refused : Try::Failed;
}

// Peers of one group: the first that takes it tells the others. What failed may have arrived all the same, so
// the next is asked first whether it has come there. False: nobody of them is there.
bool Client::tellGroup(const std::vector<std::size_t>& peers, const SilenceRow& silence, Told& told,
                       const std::stop_token& stop)
{
    bool doubtful = false;
    for (const std::size_t peer : peers) {
        if (!isUp(peer)) {
            break; // those behind it are away, too
        }
        if (doubtful && knows(peer, silence, stop)) {
            told.peers.push_back(m_peers[peer].row.name);
            return true;
        }
        const Try outcome = tryPeer(peer, silence, told, stop);
        if (outcome != Try::Failed) {
            return true;
        }
        doubtful = true;
    }
    return false;
}

// Each cluster; fails when nobody took it, and then nothing is owed: whoever asked will ask again.
core::Result<Told> Client::tellAll(const SilenceRow& silence, std::vector<Debt>& owed,
                                   const std::stop_token& stop)
{
    if (std::ranges::none_of(m_peers,
                             [](const PeerNews& peer) { return peer.row.state == ClusterPeer::State::Up; })) {
        poll(stop); // nobody was there a while ago; before it is said that nobody is, another look
    }
    Told told;
    std::vector<Debt> debts;
    for (const auto& group : groups()) {
        if (!tellGroup(group, silence, told, stop)) {
            debts.push_back({silence, {group.begin(), group.end()}});
            for (const std::size_t peer : group) {
                told.owed.push_back(m_peers[peer].row.name);
            }
        }
    }
    if (told.peers.empty()) {
        std::string why = joined(told.refused);
        if (why.empty()) {
            for (const PeerNews& peer : m_peers) {
                why += (why.empty() ? "" : "; ") + peer.row.name + ": " + peer.row.error;
            }
        }
        return core::fail("no Alertmanager took it: " + why, "unavailable");
    }
    owed = std::move(debts);
    return told;
}

void Client::owe(Debt debt)
{
    if (m_ledger.debts.size() < kMostDebts) {
        m_ledger.debts.push_back(std::move(debt));
    }
}

core::Result<Told> Client::silenceNow(const SilenceRow& silence, const std::stop_token& stop)
{
    std::vector<Debt> owed;
    auto told = tellAll(silence, owed, stop);
    if (told && m_ledger.debts.size() + owed.size() > kMostDebts) {
        owed.clear();
        std::ranges::transform(std::exchange(told->owed, {}), std::back_inserter(told->refused), notEvenOwed);
    }
    std::ranges::for_each(owed, [this](Debt& debt) { owe(std::move(debt)); });
    keepBook();
    return told;
}

// What cannot be written is tried again each round.
void Client::keepBook()
{
    if (!m_book.save) {
        return;
    }
    std::string text = ledgerText(m_ledger, m_spec.peers);
    const bool isEmpty = m_ledger.debts.empty() && m_ledger.acks.empty();
    if (text == m_kept || (isEmpty && m_kept.empty())) {
        m_bookProblem.clear();
        return;
    }
    if (const auto kept = m_book.save(text); kept) {
        m_kept = std::move(text);
        m_bookProblem.clear();
    } else {
        if (m_bookProblem.empty()) {
            spdlog::warn("what Alertmanagers are to be told cannot be kept: {}", kept.error().message);
        }
        m_bookProblem = kept.error().message;
    }
}

// True when nothing more is to be done there.
bool Client::pay(const Debt& debt, std::size_t peer, const std::stop_token& stop)
{
    if (debt.kind == Debt::Kind::End) {
        return endAt(peer, debt.silence, stop);
    }
    Told told;
    if (tryPeer(peer, debt.silence, told, stop) == Try::Failed) {
        return false;
    }
    spdlog::info("Alertmanager {}: was told the silence it missed{}", m_peers[peer].row.name,
                 told.refused.empty() ? "" : ", and refused it");
    return true;
}

// Those who are back are told what they missed, unless it has come to them from their cluster.
void Client::payDebts(const std::stop_token& stop)
{
    const core::WallTime now = m_clock.wallNow();
    std::erase_if(m_ledger.debts, [now](const Debt& debt) { return debt.silence.endsAt <= now; });
    for (Debt& debt : m_ledger.debts) {
        std::set<std::size_t> left;
        bool paid = false;
        for (const std::size_t peer : debt.peers) {
            if (paid || !isSettled(peer)) {
                left.insert(peer); // with the next round: the first of them may tell the others
                continue;
            }
            const bool needed = debt.kind == Debt::Kind::Tell ? !knows(peer, debt.silence, stop)
                                                              : standsAt(m_peers[peer], debt.silence, now);
            if (!needed) {
                continue;
            }
            paid = pay(debt, peer, stop);
            if (!paid) {
                left.insert(peer);
            }
        }
        debt.peers = std::move(left);
    }
    std::erase_if(m_ledger.debts, [](const Debt& debt) { return debt.peers.empty(); });
}

// Whatever the peer's last answer has of it that is not over; true when nothing of it stands there any more.
bool Client::endAt(std::size_t peer, const SilenceRow& silence, const std::stop_token& stop)
{
    const core::WallTime now = m_clock.wallNow();
    std::vector<std::string> ids;
    for (const SilenceRow& one : m_peers[peer].silences) {
        if (one.endsAt > now && isSame(one, silence) && isId(one.id)) {
            ids.push_back(one.id);
        }
    }
    for (const std::string& id : ids) {
        const http::Reply reply = http::ask(requestTo(peer, "DELETE", "/api/v2/silence/" + id), stop);
        if (!isWell(reply) && reply.status != 404) { // 404: it is over already
            m_endRefusal = m_peers[peer].row.name + ": " + redacted(reasonOf(reply));
            return false;
        }
        forget(id, now);
    }
    return true;
}

// Until the next round nothing of it is believed to stand.
void Client::forget(const std::string& id, core::WallTime now)
{
    for (PeerNews& peer : m_peers) {
        for (SilenceRow& one : peer.silences) {
            if (one.id == id) {
                one.endsAt = one.updatedAt = now;
            }
        }
    }
}

// Wherever it stands; owed to clusters of which nobody is there, or nobody could.
Told Client::endEverywhere(const SilenceRow& silence, const std::stop_token& stop)
{
    Told told;
    const core::WallTime now = m_clock.wallNow();
    std::erase_if(m_ledger.debts, [&](const Debt& debt) { return isSame(debt.silence, silence); });
    for (const auto& group : groups()) {
        bool done = false;
        bool stands = !isUp(group.front());
        for (const std::size_t peer : group) {
            const bool has = isUp(peer) && standsAt(m_peers[peer], silence, now);
            stands = stands || has;
            if (has && endAt(peer, silence, stop)) { // it tells the others
                told.peers.push_back(m_peers[peer].row.name);
                done = true;
                break;
            }
            if (has) {
                told.refused.push_back(m_endRefusal);
            }
        }
        if (!done && stands) {
            const bool fits = m_ledger.debts.size() < kMostDebts;
            owe({silence, {group.begin(), group.end()}, Debt::Kind::End});
            for (const std::size_t peer : group) {
                const std::string& name = m_peers[peer].row.name;
                if (fits) {
                    told.owed.push_back(name);
                } else {
                    told.refused.push_back(notEvenOwed(name));
                }
            }
        }
    }
    return told;
}

core::Result<Told> Client::expireNow(const std::string& id, const std::stop_token& stop)
{
    const auto view = merged(m_peers);
    const auto row = std::ranges::find_if(view.silences, [&](const metrics::ClusterSilence& one) {
        return std::ranges::find(one.ids, id) != one.ids.end();
    });
    if (row == view.silences.end()) {
        return core::fail("no Alertmanager that answers knows that silence", "not_found");
    }
    SilenceRow whole = row->silence;
    for (const Ack& ack : m_ledger.acks) { // wherever it was renewed last
        whole.endsAt = isOf(whole, ack.silence) ? std::max(whole.endsAt, ack.silence.endsAt) : whole.endsAt;
    }
    std::erase_if(m_ledger.acks, [&](const Ack& ack) { return isOf(whole, ack.silence); });
    Told told = endEverywhere(whole, stop);
    keepBook();
    return told.peers.empty() ? core::Result<Told>(core::fail(
                                    "no Alertmanager ended it: " + joined(told.refused), "unavailable"))
                              : core::Result<Told>(std::move(told));
}

} // namespace cluster
