// Asks every Alertmanager that is configured what fires and what is silenced, and tells them what people here
// say.
#pragma once

#include "monitor/cluster/debt.h"
#include "monitor/cluster/merge.h"
#include "monitor/cluster/spec.h"
#include "monitor/core/bounded_queue.h"
#include "monitor/core/clock.h"
#include "monitor/core/latest.h"
#include "monitor/core/result.h"
#include "monitor/http/http.h"

#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace cluster {

// Looks a reference up: "keyring:NAME"; may take seconds.
using SecretLookup = std::function<core::Result<std::string>(const std::string& reference)>;

// What became of a silence.
struct Told {
    std::string id;                   // at the first that took it; empty of one that was ended
    std::vector<std::string> peers;   // that took it; their cluster hears it from them
    std::vector<std::string> owed;    // not there now: told as soon as they are back, once
    std::vector<std::string> refused; // "host:9093: why"
};

// Who acknowledges what, in their own words.
struct AckWish {
    metrics::Labels labels; // of the alert: what has them is hidden
    std::string by;
    std::string note;
};

// Thread-safe; nothing waits for a network but the thread `cluster`, which this owns. A peer that hangs costs
// the others the timeout once a round, and nobody else anything.
class Client {
public:
    using Done = std::function<void(const core::Result<Told>&)>; // called on the client's thread, once

    // `spec` has no problem. Without a book what is owed is forgotten with the program.
    Client(Spec spec, SecretLookup secret, DebtBook book = {},
           const core::Clock& clock = core::SystemClock::instance());
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Of the last round; never null.
    [[nodiscard]] metrics::ClusterViewPtr view() const { return m_view.get(); }
    // A new one, at every cluster: at any peer of each, for they tell each other, and at each peer that has
    // no cluster. Fails when nobody took it. What is owed is told once: not when it has come there by another
    // way.
    void silence(metrics::SilenceRow silence, Done done);
    // Ends it, by any of its ids, wherever the same was told; peers that are away hear it when they are back.
    void expire(const std::string& id, Done done);
    // A silence as above that is kept up while the alert fires, and ended when it has been over for
    // spec.ackOver, a later incident fires instead, or somebody ended it there by hand. Not told twice.
    void acknowledge(AckWish wish, Done done);
    // Ends every acknowledgement of what has these labels, ours and others'.
    void withdraw(metrics::Labels labels, Done done);
    // Now, not with the next round.
    void refresh();

private:
    enum class Try { Took, Refused, Failed };
    using Task = std::function<void(const std::stop_token&)>;
    using Act = std::function<core::Result<Told>(const std::stop_token&)>;

    // client.cpp: the thread, and what peers say
    void run(const std::stop_token& stop);
    void poll(const std::stop_token& stop);
    void take(std::size_t peer, const std::vector<http::Reply>& replies);
    void publish();
    void post(Act act, Done done);
    [[nodiscard]] http::Request requestTo(std::size_t peer, std::string method,
                                          const std::string& path) const;
    void lookSecretsUp();
    [[nodiscard]] std::string redacted(std::string text) const;

    // client_telling.cpp: silences at every cluster
    [[nodiscard]] std::vector<std::vector<std::size_t>> groups() const; // who is there comes first
    [[nodiscard]] bool isUp(std::size_t peer) const;
    [[nodiscard]] bool isSettled(std::size_t peer) const;
    [[nodiscard]] bool knows(std::size_t peer, const metrics::SilenceRow& silence,
                             const std::stop_token& stop) const;
    [[nodiscard]] Try tryPeer(std::size_t peer, const metrics::SilenceRow& silence, Told& told,
                              const std::stop_token& stop);
    [[nodiscard]] bool tellGroup(const std::vector<std::size_t>& peers, const metrics::SilenceRow& silence,
                                 Told& told, const std::stop_token& stop);
    [[nodiscard]] core::Result<Told> tellAll(const metrics::SilenceRow& silence, std::vector<Debt>& owed,
                                             const std::stop_token& stop);
    [[nodiscard]] core::Result<Told> silenceNow(const metrics::SilenceRow& silence,
                                                const std::stop_token& stop);
    [[nodiscard]] core::Result<Told> expireNow(const std::string& id, const std::stop_token& stop);
    [[nodiscard]] bool endAt(std::size_t peer, const metrics::SilenceRow& silence,
                             const std::stop_token& stop);
    [[nodiscard]] Told endEverywhere(const metrics::SilenceRow& silence, const std::stop_token& stop);
    void forget(const std::string& id, core::WallTime now);
    void owe(Debt debt);
    [[nodiscard]] bool pay(const Debt& debt, std::size_t peer, const std::stop_token& stop);
    void payDebts(const std::stop_token& stop);
    void keepBook();

    // client_acks.cpp: silences that are kept up
    void tend(const std::stop_token& stop);
    void tendAcks(const std::stop_token& stop);
    void renew(Ack& ack, const std::stop_token& stop);
    [[nodiscard]] bool isOver(Ack& ack, const std::vector<int>& groups) const;
    [[nodiscard]] bool isWithdrawnThere(const Ack& ack) const;
    [[nodiscard]] core::Result<Told> acknowledgeNow(const AckWish& wish, const std::stop_token& stop);
    [[nodiscard]] core::Result<Told> withdrawNow(const metrics::Labels& labels, const std::stop_token& stop);
    [[nodiscard]] core::Nanos renewAhead() const;
    [[nodiscard]] core::WallTime lastEnd() const;
    [[nodiscard]] std::vector<std::string> troubles() const;

    static constexpr std::size_t kQueued = 64;

    const Spec m_spec;
    const SecretLookup m_secret;
    const DebtBook m_book;
    const core::Clock& m_clock;
    core::Latest<metrics::ClusterView> m_view;
    core::BoundedQueue<Task> m_tasks{kQueued};

    // The thread's alone.
    std::vector<PeerNews> m_peers;
    std::vector<core::SteadyTime> m_notBefore; // of each: it asked for patience
    Bonds m_bonds;
    Ledger m_ledger;
    std::string m_kept;        // as the book has it
    std::string m_bookProblem; // why it has not the newest
    std::string m_endRefusal;  // of the last one that was to be ended
    std::string m_token, m_password, m_secretProblem;
    bool m_secretsKnown = false;
    core::SteadyTime m_nextPoll = {};
    std::jthread m_thread; // last: joins first
};

} // namespace cluster
