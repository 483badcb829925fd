// What lasts between ticks and ends up in every snapshot: banners by id, marks of the last hour, notices for the window.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/snapshot.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace engine {

// Thread-safe. A banner keeps its `since` as long as it stands, whatever its text becomes.
class BannerBoard {
public:
    explicit BannerBoard(const core::Clock& clock) : m_clock(clock) {}
    void raise(metrics::Banner banner);
    void clear(const std::string& id);
    [[nodiscard]] std::vector<metrics::Banner> all() const; // critical ones first

private:
    const core::Clock& m_clock;
    mutable core::Mutex m_mutex; // guards m_banners
    std::map<std::string, metrics::Banner> m_banners GUARDED_BY(m_mutex);
};

// Thread-safe. Keeps an hour, at most 1000 marks, and the notes people wrote (the newest 200) as long as the program runs.
class MarkBook {
public:
    explicit MarkBook(const core::Clock& clock) : m_clock(clock) {}
    void add(metrics::Mark::Kind kind, std::string text);
    // At a moment of the past, between those that stand already.
    void note(core::WallTime at, std::string text);
    // As it is, in its place by time; observers see it.
    void put(const metrics::Mark& mark);
    // A note's new text; an empty one: the note goes. Nobody observes it.
    void rewrite(const metrics::Mark& note, const std::string& text);
    [[nodiscard]] std::shared_ptr<const std::vector<metrics::Mark>> all() const;
    // Called with each mark, on the thread that adds it; must not block. Set before anybody adds.
    void observe(std::function<void(const metrics::Mark&)> observer) { m_observer = std::move(observer); }

private:
    void forget(core::WallTime now) REQUIRES(m_mutex);

    const core::Clock& m_clock;
    std::function<void(const metrics::Mark&)> m_observer;
    mutable core::Mutex m_mutex; // guards what follows
    std::deque<metrics::Mark> m_marks GUARDED_BY(m_mutex);
    mutable std::shared_ptr<const std::vector<metrics::Mark>> m_frozen GUARDED_BY(m_mutex);
};

} // namespace engine
