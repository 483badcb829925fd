// A recording played for a window: on a thread of its own, as fast as wished, from wherever one likes.
#pragma once

#include "monitor/core/latest.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/metrics/incident.h"
#include "monitor/metrics/querier.h"
#include "monitor/metrics/recording_rows.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/record/recorded_diary.h"
#include "monitor/record/scene.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace record {

inline constexpr double kSlowest = 0.1;
inline constexpr double kFastest = 100;

// Asks whatever stage is on. Thread-safe.
class StageQuerier final : public metrics::Querier {
public:
    void use(std::shared_ptr<Stage> stage);

    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> range(std::string_view expression, std::int64_t start,
                                                                        std::int64_t end, std::int64_t step) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view expression,
                                                                          std::int64_t at) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    rangeUntil(const std::stop_token& stop, std::string_view expression, std::int64_t start, std::int64_t end,
               std::int64_t step) const override;
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>>
    instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const override;
    [[nodiscard]] std::vector<metrics::QueryWord> words() const override;
    [[nodiscard]] core::Result<metrics::ResultType> resultType(std::string_view expression) const override;

private:
    [[nodiscard]] std::shared_ptr<Stage> stage() const;

    mutable core::Mutex m_mutex; // guards m_stage; nothing slow under it
    std::shared_ptr<Stage> m_stage GUARDED_BY(m_mutex) = std::make_shared<Stage>();
};

// Called on the playback's thread; must not block.
struct PlaybackHooks {
    std::function<void()> onSnapshot = {};
    std::function<void()> onState = {};
};

// Thread-safe; everything returns at once, but open(), which waits until the file has been looked at.
class Playback {
public:
    // Paused at the beginning. Errors as Tape::open's.
    [[nodiscard]] static core::Result<std::unique_ptr<Playback>>
    open(const std::filesystem::path& file, SceneOptions options, PlaybackHooks hooks);
    ~Playback();
    Playback(const Playback&) = delete;
    Playback& operator=(const Playback&) = delete;

    void play(); // at the end: from the beginning
    void pause();
    void setSpeed(double times); // kSlowest … kFastest
    void seek(std::int64_t at);  // ms since the epoch
    void setLang(core::Lang lang);

    [[nodiscard]] metrics::SnapshotPtr latest() const { return m_latest.get(); }
    [[nodiscard]] metrics::PlaybackState state() const;
    // Those that were recorded.
    [[nodiscard]] const std::vector<metrics::PlaybackMark>& marks() const noexcept { return m_marks; }
    // Of the recording, begun up to the moment that is shown; the newest first.
    [[nodiscard]] std::vector<metrics::Incident> incidents(const metrics::IncidentFilter& filter) const;
    [[nodiscard]] metrics::Diary& diary() noexcept { return *m_diary; }
    [[nodiscard]] const metrics::Querier& querier() const noexcept { return m_querier; }
    // What a store::DiskReader may read, for long ranges.
    [[nodiscard]] const std::filesystem::path& readable() const noexcept { return m_readable; }

private:
    struct Wishes {
        std::optional<std::int64_t> seek;
        std::optional<core::Lang> lang;
    };

    Playback(std::filesystem::path file, SceneOptions options, PlaybackHooks hooks);
    void run(const std::stop_token& stop);
    [[nodiscard]] core::Result<void> prepare(Tape& tape);
    void carryOut(Scene& scene, const Wishes& wishes);
    void playOn(Scene& scene, const std::stop_token& stop);
    [[nodiscard]] Wishes waitForWishes(const std::stop_token& stop);
    bool show(Scene& scene);
    void stopWith(const std::string& problem);
    void change(const std::function<void(metrics::PlaybackState&)>& how);

    const std::filesystem::path m_file;
    const SceneOptions m_options;
    const PlaybackHooks m_hooks;
    std::filesystem::path m_readable;                // set before open() returns, as the next three
    std::vector<metrics::PlaybackMark> m_marks;
    std::vector<metrics::Incident> m_incidents;      // ascending
    std::unique_ptr<RecordedDiary> m_diary;
    StageQuerier m_querier;
    core::Latest<metrics::Snapshot> m_latest;
    std::function<void(core::Result<void>)> m_ready; // once
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_changed;
    metrics::PlaybackState m_state GUARDED_BY(m_mutex);
    Wishes m_wishes GUARDED_BY(m_mutex);
    std::uint64_t m_version GUARDED_BY(m_mutex) = 0; // another one with each wish and each change of the pace
    std::jthread m_thread;                           // last: joins first
};

} // namespace record
