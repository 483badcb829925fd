// The long memory: takes samples at once and writes them on a thread of its own, whatever the disk does.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/core/mutex.h"
#include "monitor/store/options.h"
#include "monitor/store/records.h"
#include "monitor/store/sample_writer.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace store {

class WriteSession;
struct SqlFailure;

// Thread-safe. One transaction about a second: a process killed at any moment loses no more than that. When
// the file cannot be written (a full disk, a read-only folder, another instance), ticks are held, and the
// oldest of them dropped and counted; it is tried again and again.
class History final : public HistoryWriter {
public:
    explicit History(StoreOptions options);
    ~History() override; // stop()
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    // Returns at once. False when the tick was dropped.
    bool append(TickSamples tick);
    bool record(Record record) override;
    // Tries at once what is failing.
    void retryNow();
    // Writes what is waiting, seals, closes. Nothing is taken any more.
    void stop();

    [[nodiscard]] StoreStatus status() const;
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return m_options.file; }

private:
    void run(std::stop_token stop);
    void take(std::vector<TickSamples> ticks);
    void lose(std::int64_t at);
    void step();
    void writeWaiting();
    void failed(const SqlFailure& failure);
    void setAside() const;
    void say(StoreState state, std::string problem);
    void account();
    [[nodiscard]] bool due(core::SteadyTime now) const;

    const StoreOptions m_options;
    core::BoundedQueue<TickSamples> m_queue;
    core::BoundedQueue<Record> m_records;
    std::atomic<bool> m_retry{false};
    mutable core::Mutex m_mutex; // guards m_status; nothing slow under it
    StoreStatus m_status GUARDED_BY(m_mutex);

    // The thread's own.
    std::deque<TickSamples> m_waiting;
    std::deque<Record> m_waitingRecords;
    std::unique_ptr<WriteSession> m_session;
    core::SteadyTime m_lastCommit = {};
    core::SteadyTime m_nextTry = {};
    std::uint64_t m_samples = 0; // of sessions that have ended
    std::optional<Annotation> m_lost; // the ticks that were dropped since the last transaction
    std::uint64_t m_dropped = 0;
    std::uint64_t m_recordsDropped = 0;
    int m_refusals = 0;    // in a row, of what is waiting
    std::jthread m_thread; // last: joins first
};

} // namespace store
