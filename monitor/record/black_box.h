// The last minutes, always there: takes each tick's picture at once, keeps it on a thread of its own, and makes
// recordings of it.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/metrics/recording_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/record/shelf.h"
#include "monitor/record/tape_writer.h"
#include "monitor/series/reader.h"
#include "monitor/store/file_lock.h"
#include "monitor/store/records.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace record {

class BoxFile;

struct BoxOptions {
    std::filesystem::path folder;  // recordings; empty: in memory, and nothing is saved by itself
    std::filesystem::path history; // history.db; empty: there is none
    const series::Reader* samples = nullptr; // outlives the box
    core::Nanos keep = std::chrono::minutes(15);
    std::uint64_t maxBytes = std::uint64_t{64} << 20;  // of the box
    std::uint64_t heldBytes = std::uint64_t{1} << 30; // while something is being recorded
    std::size_t mostWaiting = 600; // pictures that are held while the disk is slow
    bool onIncident = true; // an alert that fires saves its own
    core::Nanos after = kSavedAfter;
    ShelfLimits shelf;
    Facts facts; // of every recording: "version"
    // On the box's thread: a recording was saved by itself, or could not be.
    std::function<void(const core::Result<std::filesystem::path>&)> onSaved = {};
};

using metrics::RecordingState;

// Thread-safe. Whatever the disk does, nothing waits for it: pictures are held, then dropped and counted.
class BlackBox {
public:
    explicit BlackBox(BoxOptions options);
    ~BlackBox(); // stop()
    BlackBox(const BlackBox&) = delete;
    BlackBox& operator=(const BlackBox&) = delete;

    // Each tick, after the rules. The rules' states belong to it when wantsMemory() says so.
    void take(metrics::SnapshotPtr snapshot, std::string memory);
    [[nodiscard]] bool wantsMemory() const noexcept { return m_untilMemory.load() <= 0; }
    void note(const store::Record& record);
    // The files in force from now on.
    void useRules(RuleTexts rules);
    // An alert fired: its recording is saved in a while, together with those that follow meanwhile.
    void incident(const std::string& rule, core::WallTime at);

    // What is asked for by hand. start() is refused while one goes on; the end of it is told to `done`, on the box's
    // thread.
    [[nodiscard]] core::Result<void> start();
    using Done = std::function<void(const core::Result<std::filesystem::path>&)>;
    [[nodiscard]] core::Result<void> save(const std::filesystem::path& file, Done done);
    // From the past: `from` … `to`, ms since the epoch. Frames are there as far back as the box goes.
    [[nodiscard]] core::Result<void> saveRange(std::int64_t from, std::int64_t to, const std::filesystem::path& file,
                                               Done done);
    // Gives up what goes on or is being written.
    void cancel();
    [[nodiscard]] RecordingState state() const;
    [[nodiscard]] std::uint64_t dropped() const { return m_frames.dropped(); }
    [[nodiscard]] bool savesIncidents() const noexcept { return m_options.onIncident && !m_options.folder.empty(); }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return m_options.folder; }

    // Saves an incident that waits, then ends. Nothing is taken any more.
    void stop();

private:
    struct Taken {
        metrics::SnapshotPtr snapshot;
        std::string memory;
    };
    struct Job {
        std::int64_t from = 0;
        std::int64_t to = 0;
        std::filesystem::path file;
        Facts facts;
        Done done;
    };
    struct Waiting {
        std::string title;
        std::int64_t fired = 0; // ms
        core::SteadyTime due = {};
    };

    void run(const std::stop_token& stop);
    void open();
    void keep(std::vector<Taken> taken);
    void expire(std::int64_t newest);
    void runJobs();
    void saveIncident(const Waiting& incident);
    [[nodiscard]] core::Result<void> write(const Job& job);
    [[nodiscard]] core::Result<void> post(Job job) REQUIRES(m_mutex);

    const BoxOptions m_options;
    core::BoundedQueue<Taken> m_frames{m_options.mostWaiting};
    core::BoundedQueue<store::Record> m_records{10'000};
    core::BoundedQueue<RuleTexts> m_rules{100};
    std::atomic<int> m_untilMemory{0};
    std::atomic<std::int64_t> m_newest{0}; // of what was taken; ms

    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    RecordingState m_state GUARDED_BY(m_mutex);
    std::int64_t m_holdFrom GUARDED_BY(m_mutex) = 0; // of the recording that goes on; 0: none
    std::int64_t m_holdTo GUARDED_BY(m_mutex) = 0;   // where it ended by itself; 0: it goes on
    std::deque<Job> m_jobs GUARDED_BY(m_mutex);
    std::optional<Waiting> m_waiting GUARDED_BY(m_mutex);
    std::stop_source m_cancel GUARDED_BY(m_mutex);

    // The thread's own.
    store::FileLock m_lock;
    std::unique_ptr<BoxFile> m_file;
    class Encoder;
    std::unique_ptr<Encoder> m_encoder;
    std::jthread m_thread; // last: joins first
};

} // namespace record
