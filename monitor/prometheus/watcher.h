// Looks at what a server watches itself: its rules with their alerts, and its targets.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/remote_rows.h"
#include "monitor/prometheus/client.h"

#include <memory>
#include <stop_token>
#include <string>
#include <thread>

namespace prometheus {

// Two questions a round (spec.watch between two), within the client's pace and pauses. A server that answers
// but does not know a question (Thanos without rulers, Mimir has no targets) says so in a note; half an
// answer, garbage and no answer are Away: what was known then stays, and is of `heard`. Thread-safe; nothing
// waits for a network but the thread "prom-watch", which this owns.
class Watcher {
public:
    // `client` outlives it; its spec.watch is not 0.
    explicit Watcher(Client& client, const core::Clock& clock = core::SystemClock::instance());
    ~Watcher(); // ends a question that is under way
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    // Of the last round; never null.
    [[nodiscard]] std::shared_ptr<const metrics::RemoteServer> view() const { return m_view.get(); }
    // Now, not with the next round.
    void refresh();

private:
    void run(const std::stop_token& stop);
    void look(const std::stop_token& stop);
    // Whether the error means that the server cannot be believed now; else it only does not know the
    // question.
    [[nodiscard]] bool isAway(const core::Error& error) const;

    Client& m_client;
    const core::Clock& m_clock;
    core::Latest<metrics::RemoteServer> m_view;
    core::Mutex m_mutex; // guards m_wanted
    core::CondVar m_asked;
    bool m_wanted GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; // last: joins first
};

} // namespace prometheus
