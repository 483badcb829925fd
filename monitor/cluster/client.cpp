#include "monitor/cluster/client.h"

#include "monitor/alert/silence.h"
#include "monitor/core/format.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace cluster {

using metrics::ClusterPeer;
using metrics::SilenceRow;

namespace {

constexpr std::array kQuestions{"/api/v2/status", "/api/v2/alerts", "/api/v2/silences"};
constexpr auto kGossip = std::chrono::seconds(1); // until peers have told each other what is new
constexpr core::Nanos kMostPatience = std::chrono::minutes(5);

bool isWell(const http::Reply& reply)
{
    return reply.status >= 200 && reply.status < 300;
}

std::string reasonOf(const http::Reply& reply)
{
    if (reply.status == 0) {
        return core::oneLine(reply.error, 200);
    }
    if (reply.status >= 300 && reply.status < 400) {
        return fmt::format("HTTP {}: it sends us elsewhere, which is not followed", reply.status);
    }
    const std::string said = readRefusal(reply.body);
    return fmt::format("HTTP {}{}{}", reply.status, said.empty() ? "" : ": ", said);
}

// As Alertmanager names them; what a peer made up goes into no path.
bool isId(const std::string& id)
{
    return !id.empty() && id.size() <= 100 &&
           std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

std::string joined(const std::vector<std::string>& list)
{
    std::string text;
    for (const std::string& one : list) {
        text += (text.empty() ? "" : "; ") + one;
    }
    return text;
}

} // namespace

Client::Client(Spec spec, SecretLookup secret, DebtBook book, const core::Clock& clock)
    : m_spec(std::move(spec))
    , m_secret(std::move(secret))
    , m_book(std::move(book))
    , m_clock(clock)
    , m_peers(m_spec.peers.size())
    , m_notBefore(m_spec.peers.size())
{
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        m_peers[i].row.name = nameOf(m_spec.peers[i]);
        m_peers[i].row.url = m_spec.peers[i];
        m_peers[i].row.group = static_cast<int>(i);
    }
    publish();
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Client::~Client()
{
    m_thread.request_stop();
    m_thread.join();
}

void Client::run(const std::stop_token& stop)
{
    if (m_book.load) {
        m_keptDebts = m_book.load();
        m_debts = readDebts(m_keptDebts, m_spec.peers);
    }
    while (!stop.stop_requested()) {
        if (m_clock.steadyNow() >= m_nextPoll) {
            poll(stop);
            payDebts(stop);
            publish();
            m_nextPoll = m_clock.steadyNow() + m_spec.interval;
        }
        const auto wait =
            std::clamp(std::chrono::ceil<std::chrono::milliseconds>(m_nextPoll - m_clock.steadyNow()),
                       std::chrono::milliseconds(1), std::chrono::milliseconds(60'000));
        for (const Task& task : m_tasks.waitAndDrain(stop, wait)) {
            task(stop);
        }
    }
    for (const Task& task : m_tasks.drain()) { // who asked hears that it was not done
        task(stop);
    }
}

void Client::lookSecretsUp()
{
    if (m_secretsKnown) {
        return;
    }
    m_secretProblem.clear();
    for (const auto& [reference, target] :
         {std::pair{&m_spec.token, &m_token}, std::pair{&m_spec.password, &m_password}}) {
        if (reference->empty()) {
            continue;
        }
        auto found =
            m_secret ? m_secret(*reference) : core::Result<std::string>(core::fail("there is no key ring"));
        if (!found) {
            m_secretProblem = core::oneLine(found.error().message, 200);
            return;
        }
        *target = std::move(*found);
    }
    m_secretsKnown = true;
}

http::Request Client::requestTo(std::size_t peer, std::string method, const std::string& path) const
{
    http::Request request;
    request.method = std::move(method);
    request.url = m_spec.peers[peer];
    while (request.url.ends_with('/')) {
        request.url.pop_back();
    }
    request.url += path;
    request.bearer = m_token;
    request.user = m_spec.user;
    request.password = m_password;
    request.tls.authorityFile = m_spec.caFile;
    request.timeout = m_spec.timeout;
    request.mostBody = kMostAnswer;
    return request;
}

// An answer may repeat what it was asked with.
std::string Client::redacted(std::string text) const
{
    for (const std::string* secret : {&m_token, &m_password}) {
        for (std::size_t at = 0; !secret->empty() && (at = text.find(*secret, at)) != std::string::npos;
             at += 3) {
            text.replace(at, secret->size(), "***");
        }
    }
    return text;
}

void Client::poll(const std::stop_token& stop)
{
    lookSecretsUp();
    const core::SteadyTime now = m_clock.steadyNow();
    std::vector<std::size_t> asked;
    std::vector<http::Request> requests;
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        if (m_notBefore[i] > now || !m_secretProblem.empty()) {
            continue;
        }
        asked.push_back(i);
        for (const char* question : kQuestions) {
            requests.push_back(requestTo(i, "GET", question));
        }
    }
    const auto replies = http::askAll(requests, stop);
    if (stop.stop_requested()) {
        return;
    }
    for (std::size_t n = 0; n < asked.size(); ++n) {
        const auto first = replies.begin() + static_cast<std::ptrdiff_t>(n * kQuestions.size());
        take(asked[n], {first, first + static_cast<std::ptrdiff_t>(kQuestions.size())});
        m_peers[asked[n]].row.latency = m_clock.steadyNow() - now;
    }
    if (!m_secretProblem.empty()) {
        for (std::size_t i = 0; i < m_peers.size(); ++i) {
            take(i, {http::Reply{0, {}, http::Failure::Network, m_secretProblem, {}}});
        }
    }
    learnBonds(m_bonds, m_peers);
}

// All three answers or none: half of them would be a picture of two moments.
void Client::take(std::size_t peer, const std::vector<http::Reply>& replies)
{
    PeerNews& news = m_peers[peer];
    std::string problem;
    for (const http::Reply& reply : replies) {
        if (!isWell(reply)) {
            problem = reasonOf(reply);
            if (reply.retryAfter) {
                m_notBefore[peer] = m_clock.steadyNow() + std::min(*reply.retryAfter, kMostPatience);
            }
            m_secretsKnown =
                m_secretsKnown && reply.status != 401 && reply.status != 403; // changed meanwhile?
            break;
        }
    }
    if (problem.empty()) {
        auto status = readStatus(replies[0].body);
        auto alerts = readAlerts(replies[1].body);
        auto silences = readSilences(replies[2].body);
        if (status && alerts && silences) {
            news.status = std::move(*status);
            news.alerts = std::move(*alerts);
            news.silences = std::move(*silences);
        } else {
            problem = (!status ? status.error() : !alerts ? alerts.error() : silences.error()).message;
        }
    }
    const auto state = problem.empty() ? ClusterPeer::State::Up : ClusterPeer::State::Away;
    ClusterPeer& row = news.row;
    const core::WallTime now = m_clock.wallNow();
    if (row.state != state) {
        row.state = state;
        row.since = now;
        spdlog::log(problem.empty() ? spdlog::level::info : spdlog::level::warn, "Alertmanager {}: {}",
                    row.name, problem.empty() ? "answers" : redacted(problem));
    }
    row.error = redacted(problem);
    if (!problem.empty()) {
        news.alerts.clear();
        news.silences.clear();
    } else {
        row.heard = now;
        row.version = news.status.version;
        row.gossip = news.status.gossip;
        row.members = static_cast<int>(news.status.members.size());
    }
    row.alerts = static_cast<int>(news.alerts.size());
    row.silences = static_cast<int>(std::ranges::count_if(news.silences, [now](const SilenceRow& one) {
        return one.stateAt(now) != metrics::SilenceState::Expired;
    }));
}

void Client::publish()
{
    const std::vector<int> group = groupsOf(m_bonds, m_peers.size());
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        m_peers[i].row.group = group[i];
        m_peers[i].row.owed = static_cast<int>(
            std::ranges::count_if(m_debts, [i](const Debt& debt) { return debt.peers.contains(i); }));
    }
    m_view.set(std::make_shared<const metrics::ClusterView>(merged(m_peers)));
}

std::vector<std::vector<std::size_t>> Client::groups() const
{
    const std::vector<int> number = groupsOf(m_bonds, m_peers.size());
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < m_peers.size(); ++i) {
        groups[number[i]].push_back(i);
    }
    std::vector<std::vector<std::size_t>> list;
    for (auto& [name, members] : groups) {
        std::ranges::stable_sort(members, {}, [this](std::size_t i) {
            return m_peers[i].row.state == ClusterPeer::State::Up ? 0 : 1;
        });
        list.push_back(std::move(members));
    }
    return list;
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
    const bool final =
        reply.status >= 400 && reply.status < 500 && reply.status != 408 && reply.status != 429;
    return final ? Try::Refused : Try::Failed;
}

// Peers of one group: the first that takes it tells the others. What failed may have arrived all the same, so
// the next is asked first whether it has come there.
void Client::tellGroup(const std::vector<std::size_t>& peers, const SilenceRow& silence, Told& told,
                       const std::stop_token& stop)
{
    bool doubtful = false;
    for (const std::size_t peer : peers) {
        if (m_peers[peer].row.state != ClusterPeer::State::Up) {
            break; // those behind it are away, too
        }
        if (doubtful && knows(peer, silence, stop)) {
            told.peers.push_back(m_peers[peer].row.name);
            return;
        }
        const Try outcome = tryPeer(peer, silence, told, stop);
        if (outcome != Try::Failed) {
            return;
        }
        doubtful = true;
    }
    Debt debt{silence, {peers.begin(), peers.end()}};
    for (const std::size_t peer : peers) {
        told.owed.push_back(m_peers[peer].row.name);
    }
    if (m_debts.size() < kMostDebts) {
        m_debts.push_back(std::move(debt));
    }
}

core::Result<Told> Client::silenceNow(const SilenceRow& silence, const std::stop_token& stop)
{
    if (std::ranges::none_of(m_peers,
                             [](const PeerNews& peer) { return peer.row.state == ClusterPeer::State::Up; })) {
        poll(stop); // nobody was there a while ago; before it is said that nobody is, another look
    }
    Told told;
    const std::size_t before = m_debts.size();
    for (const auto& group : groups()) {
        tellGroup(group, silence, told, stop);
    }
    if (told.peers.empty()) {
        m_debts.resize(before); // nobody was told: whoever asked will ask again
        std::string why = joined(told.refused);
        if (why.empty()) {
            for (const PeerNews& peer : m_peers) {
                why += (why.empty() ? "" : "; ") + peer.row.name + ": " + peer.row.error;
            }
        }
        return core::fail("no Alertmanager took it: " + why, "unavailable");
    }
    keepDebts();
    return told;
}

// Not the times of writing, but what is owed decides whether there is news.
void Client::keepDebts()
{
    if (!m_book.save) {
        return;
    }
    std::string text = debtsText(m_debts, m_spec.peers, {});
    if (text != m_keptDebts && !(m_debts.empty() && m_keptDebts.empty())) {
        m_book.save(text);
        m_keptDebts = std::move(text);
    }
}

// Those who are back are told what they missed, unless it has come to them from their cluster.
void Client::payDebts(const std::stop_token& stop)
{
    const core::WallTime now = m_clock.wallNow();
    for (Debt& debt : m_debts) {
        std::set<std::size_t> left;
        bool paid = false;
        for (const std::size_t peer : debt.peers) {
            const PeerNews& news = m_peers[peer];
            const bool settling = news.status.gossip == "settling";
            if (paid || news.row.state != ClusterPeer::State::Up || settling) {
                left.insert(peer); // with the next round: the first of them may tell the others
                continue;
            }
            Told told;
            if (knows(peer, debt.silence, stop) || debt.silence.endsAt <= now) {
                continue;
            }
            if (tryPeer(peer, debt.silence, told, stop) == Try::Failed) {
                left.insert(peer);
                continue;
            }
            paid = true;
            spdlog::info("Alertmanager {}: was told the silence it missed{}", news.row.name,
                         told.refused.empty() ? "" : ", and refused it");
        }
        debt.peers = std::move(left);
    }
    std::erase_if(m_debts,
                  [now](const Debt& debt) { return debt.peers.empty() || debt.silence.endsAt <= now; });
    keepDebts();
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
    std::erase_if(m_debts, [&](const Debt& debt) { return sameSilence(debt.silence, row->silence); });
    keepDebts();
    Told told;
    for (const std::string& one : row->ids) {
        for (std::size_t peer = 0; peer < m_peers.size(); ++peer) {
            const bool has = isId(one) && std::ranges::find(m_peers[peer].silences, one, &SilenceRow::id) !=
                                              m_peers[peer].silences.end();
            if (!has) {
                continue;
            }
            const http::Reply reply = http::ask(requestTo(peer, "DELETE", "/api/v2/silence/" + one), stop);
            if (isWell(reply) || reply.status == 404) { // 404: it is over already
                told.peers.push_back(m_peers[peer].row.name);
                break;
            }
            told.refused.push_back(m_peers[peer].row.name + ": " + redacted(reasonOf(reply)));
        }
    }
    return told.peers.empty() ? core::Result<Told>(core::fail(
                                    "no Alertmanager ended it: " + joined(told.refused), "unavailable"))
                              : core::Result<Told>(std::move(told));
}

void Client::post(Task task, const Done& done)
{
    if (!m_tasks.push(std::move(task)) && done) {
        done(core::fail("too much is waiting to be told already", "busy"));
    }
}

void Client::silence(SilenceRow silence, Done done)
{
    post(
        [this, silence = std::move(silence), done](const std::stop_token& stop) {
            const auto told = stop.stop_requested()
                                  ? core::Result<Told>(core::fail("the program ends", "stopped"))
                                  : silenceNow(silence, stop);
            m_nextPoll = m_clock.steadyNow() + kGossip;
            done(told);
        },
        done);
}

void Client::expire(const std::string& id, Done done)
{
    post(
        [this, id, done](const std::stop_token& stop) {
            const auto told = stop.stop_requested()
                                  ? core::Result<Told>(core::fail("the program ends", "stopped"))
                                  : expireNow(id, stop);
            m_nextPoll = m_clock.steadyNow() + kGossip;
            done(told);
        },
        done);
}

void Client::refresh()
{
    post([this](const std::stop_token&) { m_nextPoll = {}; }, {});
}

} // namespace cluster
