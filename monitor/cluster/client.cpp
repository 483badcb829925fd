#include "monitor/cluster/client.h"

#include "monitor/cluster/reply_words.h"
#include "monitor/core/format.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cluster {

using metrics::ClusterPeer;
using metrics::SilenceRow;

namespace {

constexpr std::array kQuestions{"/api/v2/status", "/api/v2/alerts", "/api/v2/silences"};
constexpr auto kGossip = std::chrono::seconds(1); // until peers have told each other what is new
constexpr core::Nanos kMostPatience = std::chrono::minutes(5);

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
        m_kept = m_book.load();
        m_ledger = readLedger(m_kept, m_spec.peers);
    }
    while (!stop.stop_requested()) {
        if (m_clock.steadyNow() >= m_nextPoll) {
            poll(stop);
            tend(stop);
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
    if (!m_ledger.acks.empty()) {
        spdlog::info("{} acknowledgements at Alertmanagers are renewed no longer, and end by {}",
                     m_ledger.acks.size(), core::isoUtc(lastEnd()));
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
            std::ranges::count_if(m_ledger.debts, [i](const Debt& debt) { return debt.peers.contains(i); }));
    }
    auto view = std::make_shared<metrics::ClusterView>(merged(m_peers));
    for (metrics::ClusterSilence& row : view->silences) {
        row.renewed = std::ranges::any_of(m_ledger.acks,
                                          [&row](const Ack& ack) { return isOf(row.silence, ack.silence); });
    }
    view->ackSpan = m_spec.ackSpan;
    view->troubles = troubles();
    m_view.set(std::move(view));
}

void Client::post(Act act, Done done)
{
    const bool queued = m_tasks.push([this, act = std::move(act), done](const std::stop_token& stop) {
        const auto told =
            stop.stop_requested() ? core::Result<Told>(core::fail("the program ends", "stopped")) : act(stop);
        m_nextPoll = m_clock.steadyNow() + kGossip;
        publish(); // what is owed and kept up; the rest with the next round
        done(told);
    });
    if (!queued) {
        done(core::fail("too much is waiting to be told already", "busy"));
    }
}

void Client::silence(SilenceRow silence, Done done)
{
    post([this,
          silence = std::move(silence)](const std::stop_token& stop) { return silenceNow(silence, stop); },
         std::move(done));
}

void Client::expire(const std::string& id, Done done)
{
    post([this, id](const std::stop_token& stop) { return expireNow(id, stop); }, std::move(done));
}

void Client::acknowledge(AckWish wish, Done done)
{
    post([this, wish = std::move(wish)](const std::stop_token& stop) { return acknowledgeNow(wish, stop); },
         std::move(done));
}

void Client::withdraw(metrics::Labels labels, Done done)
{
    post(
        [this, labels = std::move(labels)](const std::stop_token& stop) { return withdrawNow(labels, stop); },
        std::move(done));
}

void Client::refresh()
{
    (void)m_tasks.push([this](const std::stop_token&) { m_nextPoll = {}; });
}

} // namespace cluster
