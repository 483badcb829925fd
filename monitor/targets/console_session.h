// A PgBouncer's admin console asked again and again, on a session that is kept. Inside of this room only.
#pragma once

#include "monitor/targets/mapping_catalog.h"
#include "monitor/targets/scrape.h"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <thread>

namespace pg {
class Connection;
}

namespace targets {

// Used by one thread.
class ConsoleSession {
public:
    explicit ConsoleSession(const TargetSpec& spec);
    ~ConsoleSession();
    ConsoleSession(const ConsoleSession&) = delete;
    ConsoleSession& operator=(const ConsoleSession&) = delete;

    // Logs in when there is no session, asks, and gives up after the target's timeout; a session that failed
    // is closed. Total.
    [[nodiscard]] Scrape ask(std::span<const Mapping> mappings, const std::stop_token& stop);

private:
    [[nodiscard]] core::Result<void> open(const std::stop_token& stop);

    const TargetSpec m_spec;
    std::unique_ptr<pg::Connection> m_console;
};

// A thread of its own ("console") for each: libpq waits, and nobody else must.
class ConsoleLane {
public:
    using Done =
        std::function<void(std::shared_ptr<const Scrape> scrape, core::Nanos late)>; // on the lane's thread

    // `mappings` must outlive it.
    ConsoleLane(std::shared_ptr<const TargetSpec> spec, const MappingBook& mappings, Done done);
    [[nodiscard]] const std::shared_ptr<const TargetSpec>& spec() const noexcept { return m_spec; }
    // The destructor stops it; that takes at most some 50 ms.
    void stopSoon() { m_thread.request_stop(); }

private:
    void run(const std::stop_token& stop);

    const std::shared_ptr<const TargetSpec> m_spec;
    const MappingBook& m_mappings;
    const Done m_done;
    std::jthread m_thread; // last: joins first
};

} // namespace targets
