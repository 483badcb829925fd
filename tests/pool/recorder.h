// Keeps what the pool tells, for tests to look at.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/pool/pool_observer.h"

#include <algorithm>
#include <string>
#include <vector>

namespace support {

// Thread-safe.
class Recorder final : public pool::PoolObserver {
public:
    struct Event {
        pool::EventKind kind;
        int slot;
        std::string tag, detail, sqlstate;
        core::Nanos duration;
    };
    struct Statement {
        std::string sql, sqlstate;
        bool failed;
        core::Nanos duration;
    };

    void onAcquired(core::Nanos wait, pool::Outcome outcome, const pool::PoolEvent&) noexcept override {
        const core::MutexLock lock(m_mutex);
        m_outcomes.emplace_back(outcome, wait);
    }
    void onReturned(core::Nanos use, const pool::PoolEvent&) noexcept override {
        const core::MutexLock lock(m_mutex);
        m_uses.push_back(use);
    }
    void onStatement(const pool::StatementInfo& info) noexcept override {
        const core::MutexLock lock(m_mutex);
        m_statements.push_back(
            {std::string(info.sql), std::string(info.sqlstate), info.failed, info.duration});
    }
    void onEvent(const pool::PoolEvent& event) noexcept override {
        const core::MutexLock lock(m_mutex);
        m_events.push_back({event.kind, event.slot, std::string(event.tag), std::string(event.detail),
                            std::string(event.sqlstate), event.duration});
    }

    [[nodiscard]] int count(pool::EventKind kind) const {
        const core::MutexLock lock(m_mutex);
        return static_cast<int>(std::count_if(m_events.begin(), m_events.end(),
                                              [kind](const Event& event) { return event.kind == kind; }));
    }
    [[nodiscard]] int acquired(pool::Outcome outcome) const {
        const core::MutexLock lock(m_mutex);
        return static_cast<int>(
            std::count_if(m_outcomes.begin(), m_outcomes.end(),
                          [outcome](const auto& entry) { return entry.first == outcome; }));
    }
    [[nodiscard]] std::vector<Event> events(pool::EventKind kind) const {
        const core::MutexLock lock(m_mutex);
        std::vector<Event> found;
        std::copy_if(m_events.begin(), m_events.end(), std::back_inserter(found),
                     [kind](const Event& event) { return event.kind == kind; });
        return found;
    }
    [[nodiscard]] std::vector<Event> events() const { // all, in their order
        const core::MutexLock lock(m_mutex);
        return m_events;
    }
    [[nodiscard]] std::vector<Statement> statements() const {
        const core::MutexLock lock(m_mutex);
        return m_statements;
    }
    [[nodiscard]] std::vector<std::pair<pool::Outcome, core::Nanos>> outcomes() const {
        const core::MutexLock lock(m_mutex);
        return m_outcomes;
    }
    [[nodiscard]] std::size_t returned() const {
        const core::MutexLock lock(m_mutex);
        return m_uses.size();
    }

private:
    mutable core::Mutex m_mutex; // guards what follows
    std::vector<std::pair<pool::Outcome, core::Nanos>> m_outcomes GUARDED_BY(m_mutex);
    std::vector<core::Nanos> m_uses GUARDED_BY(m_mutex);
    std::vector<Statement> m_statements GUARDED_BY(m_mutex);
    std::vector<Event> m_events GUARDED_BY(m_mutex);
};

} // namespace support
