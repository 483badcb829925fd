// Telling people, as part of the program: events of the rules in, rows for the snapshot and metrics out.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/mutex.h"
#include "monitor/engine/config.h"
#include "monitor/notify/service.h"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace engine {

struct NotifyOptions {
    std::function<core::Lang()> lang;
    std::function<std::string()> endpoint; // "http://127.0.0.1:8000" or ""
};

// Thread-safe.
class NotifyKeeper {
public:
    NotifyKeeper(const Config& config, NotifyOptions options);

    [[nodiscard]] notify::Service& service() noexcept { return *m_service; }
    [[nodiscard]] std::unique_ptr<collect::Collector> collector() const;
    // Who shows notes on the desktop from now on; an empty one: nobody does.
    void setDesktop(notify::DesktopSink sink);
    // On the sampler's thread, after the rules: how the channels fare goes in, who was acknowledged is taken out.
    void fill(metrics::Snapshot& snapshot) const;
    // A function that waits (a few ms; five seconds at most) until every event pushed before this call is in the
    // journal.
    [[nodiscard]] std::function<void()> barrier() const;

private:
    mutable core::Mutex m_mutex; // guards m_desktop
    notify::DesktopSink m_desktop GUARDED_BY(m_mutex);
    std::unique_ptr<notify::Service> m_service; // last: its threads use the above
};

} // namespace engine
