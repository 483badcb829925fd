// Pool states and log lines for tests: no pool, no database.
#pragma once

#include "monitor/pool/pool_stats.h"

#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <string>
#include <vector>

namespace support {

// Keeps "LEVEL text" lines. Thread-safe.
class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    [[nodiscard]] std::vector<std::string> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(m_lines, {});
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const auto level = spdlog::level::to_string_view(message.level);
        m_lines.push_back(std::string(level.data(), level.size()) + " " +
                          std::string(message.payload.data(), message.payload.size()));
    }
    void flush_() override {}

private:
    std::vector<std::string> m_lines;
};

struct Log {
    std::shared_ptr<LineSink> sink = std::make_shared<LineSink>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("poolscope.pool", sink);
};

// A pool of 10 + 20 with `leased` places taken (working ones) and, as the reference's, up to ten kept open.
[[nodiscard]] inline pool::PoolStats statsWith(int leased, int idle = 0) {
    pool::PoolStats stats;
    for (int number = 0; number < leased + idle; ++number) {
        pool::SlotInfo slot;
        slot.slot = number;
        slot.phase = number < leased ? pool::SlotPhase::Leased : pool::SlotPhase::Idle;
        slot.activity = pool::LeaseActivity::Active;
        slot.backendPid = 1000 + number;
        stats.slots.push_back(slot);
    }
    stats.counts.size = stats.config.size;
    stats.counts.maxOverflow = stats.config.maxOverflow;
    stats.counts.maxConnections = stats.config.size + stats.config.maxOverflow;
    stats.counts.idle = idle;
    stats.counts.leased = leased;
    stats.counts.total = leased + idle;
    return stats;
}

} // namespace support
