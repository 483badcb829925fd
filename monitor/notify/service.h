// Telling people: events in, messages out, and what the window and the endpoint ask.
#pragma once

#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/notify/desk.h"
#include "monitor/notify/figures.h"
#include "monitor/notify/secret_keeper.h"
#include "monitor/notify/sender.h"
#include "monitor/notify/setup_file.h"

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace notify {

struct ServiceOptions {
    std::filesystem::path folder;                // notify.journal, notify.yml, secrets.yml
    std::vector<metrics::ChannelSetup> channels; // of the configuration file
    Surroundings around;
    std::shared_ptr<KeyRing> keyRing; // for secrets typed into the window; null: they go into secrets.yml
};

// Thread-safe; nothing here waits for a disk or a network. Threads: `notify`, which owns journal, groups and
// queues, one for each channel that sends, and `secrets` (see SecretKeeper).
class Service {
public:
    using Done = std::function<void(const core::Result<void>&)>; // called on a thread of the service's

    explicit Service(ServiceOptions options);
    // What is queued stays on disk and is sent after the next start.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // Dropped and counted when too many wait.
    void push(const metrics::AlertEvent& event);
    // Incidents that were acknowledged; cheap when nothing changed.
    void setAcked(std::set<std::string> incidents);
    // How many events were pushed so far; waitTaken() of it returns when all of these are in the journal (or false
    // after `most`). What must not be on disk before them waits there. Blocks: not for the evaluating thread.
    [[nodiscard]] std::uint64_t pushed() const;
    [[nodiscard]] bool waitTaken(std::uint64_t upTo, core::Nanos most);
    // Once, after the rules took up their memory: the incidents they know to have told of. See Desk::setKnown().
    void setKnown(std::set<std::string> incidents);
    // Alerts are open here that the rules do not know of: setAlive() is wanted each tick (by fingerprint).
    [[nodiscard]] bool hasOrphans() const noexcept { return m_orphans.load(std::memory_order_relaxed); }
    void setAlive(std::set<std::uint64_t> alerts);

    // The configuration file's channels from now on; the window's stay. What is queued is sent by the new settings.
    void setChannels(std::vector<metrics::ChannelSetup> channels);

    [[nodiscard]] Figures figures() const;
    [[nodiscard]] std::vector<metrics::ChannelSetup> setups() const;
    // Why notify.yml or the journal cannot be used; empty when they can.
    [[nodiscard]] std::string problem() const;
    // A channel of the window's, new or changed. `secrets`: setting → value, for the key ring or
    // secrets.yml. Refused at once when it cannot work or the configuration file has one of that name; the rest comes to `done`.
    [[nodiscard]] core::Result<void> save(metrics::ChannelSetup setup,
                                          std::map<std::string, std::string> secrets, Done done);
    // With its secrets, but for those the configuration file or another channel names.
    void remove(const std::string& name, Done done);
    [[nodiscard]] metrics::SecretPlace secretPlace() const noexcept { return m_secrets.place(); }
    // For what else is typed into the window as a secret.
    [[nodiscard]] SecretKeeper& secrets() noexcept { return m_secrets; }
    // One message now, one try, whatever queues and hours say.
    void test(metrics::ChannelSetup setup, std::map<std::string, std::string> secrets, Done done);
    // As it is set up; an error of code "unknown" when there is none.
    void test(const std::string& name, Done done);
    [[nodiscard]] core::Result<metrics::ChannelPreview> preview(const metrics::ChannelSetup& setup) const;

private:
    struct Shown {
        std::vector<metrics::ChannelSetup> setups;
        std::vector<metrics::ChannelRow> rows;
        std::string problem;
    };
    using Task = std::function<void()>;

    void run(const std::stop_token& stop);
    void open();
    void reconfigure();
    [[nodiscard]] std::vector<metrics::ChannelSetup> configured() const;
    void publish();
    void post(Task task);
    void start(const Job& job);
    [[nodiscard]] core::Result<ReadyChannel> ready(const metrics::ChannelSetup& setup) const;
    [[nodiscard]] core::Result<void> saveNow(metrics::ChannelSetup setup);
    [[nodiscard]] core::Result<void> removeNow(const std::string& name);
    void testNow(const metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets,
                 const Done& done);
    [[nodiscard]] std::filesystem::path setupFile() const { return m_options.folder / "notify.yml"; }

    static constexpr std::size_t kQueued = 4096;

    const ServiceOptions m_options;
    core::Latest<Shown> m_shown;
    std::atomic<bool> m_orphans{false};
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_wake;
    core::CondVar m_journaled;
    std::deque<metrics::AlertEvent> m_events GUARDED_BY(m_mutex);
    std::deque<Task> m_tasks GUARDED_BY(m_mutex);
    std::uint64_t m_dropped GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_pushed GUARDED_BY(m_mutex) = 0;
    std::uint64_t m_taken GUARDED_BY(m_mutex) = 0; // of these, in the journal
    std::set<std::string> m_acked GUARDED_BY(m_mutex);
    std::vector<metrics::ChannelSetup> m_channels GUARDED_BY(m_mutex); // of the configuration file

    // The notify thread's alone.
    Journal m_journal;
    std::unique_ptr<Desk> m_desk;
    std::vector<metrics::ChannelSetup> m_own; // of notify.yml
    std::string m_problem;
    std::map<std::string, std::unique_ptr<Sender>> m_senders;
    std::vector<std::unique_ptr<Sender>> m_tests;
    SecretKeeper m_secrets;
    std::jthread m_thread; // last: joins first
};

} // namespace notify
