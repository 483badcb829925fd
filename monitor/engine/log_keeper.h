// The watched logs of the program, and the place in each at which the next run goes on.
#pragma once

#include "monitor/collect/logs/log_watch.h"
#include "monitor/engine/file_writer.h"

#include <filesystem>
#include <memory>
#include <string>

namespace engine {

// Used by its owner; remember() on the sampler's thread.
class LogKeeper {
public:
    // `folder` is the data folder: the places are kept in its log-positions.json.
    LogKeeper(std::filesystem::path folder, collect::LogWatcherOptions options);
    ~LogKeeper(); // stop()
    void start() { m_watcher->start(); }
    void stop(); // and writes the places down
    void setFiles(const std::vector<collect::LogSpec>& files) { m_watcher->setFiles(files); }
    [[nodiscard]] const collect::LogWatcher& watcher() const noexcept { return *m_watcher; }
    // Every 15 s, by way of the writer's thread, so that a kill costs little.
    void remember(core::SteadyTime now, FileWriter& writer);

private:
    void save() const;

    const std::filesystem::path m_file;
    core::SteadyTime m_nextSave = {};
    std::unique_ptr<collect::LogWatcher> m_watcher; // never null
};

// A file that is missing, cut off or somebody else's gives no places. Total.
[[nodiscard]] std::map<std::string, collect::LogPosition> parseLogPositions(std::string_view json);
[[nodiscard]] std::string logPositionsText(const std::map<std::string, collect::LogPosition>& positions);

} // namespace engine
