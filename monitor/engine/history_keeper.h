// The long memory as the machine uses it: fed each tick, read together with the head, its troubles a banner.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/lang.h"
#include "monitor/engine/boards.h"
#include "monitor/metrics/incident.h"
#include "monitor/pool/pool_config.h"
#include "monitor/pool/pool_observer.h"
#include "monitor/series/head.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/history.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace engine {

// Thread-safe as far as its parts are; onTick() belongs to the sampler's thread. `head` and `banners` outlive
// it.
class HistoryKeeper {
public:
    HistoryKeeper(store::StoreOptions options, series::Head& head, BannerBoard& banners,
                  std::function<core::Lang()> lang);
    // Before start(): told what the file says about the time before this run, once, on the reader's thread.
    void onPast(std::function<void(const metrics::Mark&)> tell) { m_tellPast = std::move(tell); }
    ~HistoryKeeper(); // stop()

    // What is kept is told here too, on any thread; must not block. Before anything is kept.
    void tap(std::function<void(const store::Record&)> listener) { m_tap = std::move(listener); }
    // Opens the file, or goes on trying. Until then nothing is kept.
    void start();

    // Takes the head's newest samples. Returns at once.
    void onTick();
    void retryNow()
    {
        if (m_history) {
            m_history->retryNow();
        }
    }

    // What happened; each returns at once, on any thread.
    void keepMark(const metrics::Mark& mark);
    void keepSlowStatement(const pool::StatementInfo& statement);
    void keepSettings(const pool::PoolConfig& before, const pool::PoolConfig& after);
    // As they are when the program starts: changes with nothing before, so that the past can tell what held.
    void keepStart(const pool::PoolConfig& config);
    void keepServer(const metrics::ServerView& server);
    // Of alerts and incidents.
    [[nodiscard]] metrics::IncidentSink alertSink();
    // Of runs that have ended since the last tick; the sampler's thread.
    void keepScenarios(const std::vector<metrics::ScenarioRow>& rows);
    // Of any other kind.
    void keep(store::Record record)
    {
        if (m_tap) {
            m_tap(record);
        }
        if (m_history) {
            m_history->record(std::move(record));
        }
    }
    [[nodiscard]] const store::HistoryReader& records() const noexcept { return m_disk; }
    // Writes what is waiting. Reading finds memory only afterwards.
    void stop();

    // Memory and disk as one. Waits for the disk: not for the window's thread.
    [[nodiscard]] const series::Reader& reader() const noexcept { return m_merged; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return m_options.file; }
    [[nodiscard]] store::StoreStatus status() const
    {
        return m_history ? m_history->status() : store::StoreStatus();
    }

private:
    void onState(const store::StoreStatus& status);
    void show(const store::StoreStatus& status);
    void loadPast(store::ReadSession& session);
    void tellPast(store::ReadSession& session) const;

    series::Head& m_head;
    BannerBoard& m_banners;
    const std::function<core::Lang()> m_lang;
    std::map<std::string, metrics::ScenarioState> m_scenarios; // at the last tick; the sampler's thread only
    std::function<void(const metrics::Mark&)> m_tellPast;
    core::WallTime m_started = {};
    bool m_opened = false;                                     // once; the store's thread only
    store::DiskReader m_disk;
    series::MergedReader m_merged;
    store::StoreOptions m_options;
    std::function<void(const store::Record&)> m_tap;
    std::unique_ptr<store::History> m_history; // last: its thread calls the above; null before start()
};

// What the history tells about itself.
class HistoryCollector final : public collect::Collector {
public:
    // `status` may be empty: then there is no history.
    explicit HistoryCollector(std::function<store::StoreStatus()> status)
        : m_status(std::move(status))
    {
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "history"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override;
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    const std::function<store::StoreStatus()> m_status;
};

} // namespace engine
