// A machine made of files: what the collectors read, under a temporary folder.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/collect/host/host_paths.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace support {

class HostRoot {
public:
    // `text` becomes the file's content; its folders are made.
    void write(std::string_view path, std::string_view text) const {
        const std::filesystem::path file = base() / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    void remove(std::string_view path) const { std::filesystem::remove_all(base() / path); }
    void folder(std::string_view path) const { std::filesystem::create_directories(base() / path); }

    [[nodiscard]] std::filesystem::path base() const { return m_folder.path().toStdString(); }
    [[nodiscard]] collect::HostPaths paths() const { return {base() / "proc", base() / "sys", base()}; }

private:
    QTemporaryDir m_folder;
};

// Collects into the snapshot as one tick at `steady`; true when the collector was content.
[[nodiscard]] inline bool collectInto(collect::Collector& collector, metrics::Snapshot& snapshot,
                                      core::Nanos steady = {}) {
    snapshot = metrics::Snapshot{};
    snapshot.steady = core::SteadyTime(steady);
    metrics::SampleBuilder out(snapshot);
    return collector.collect(out).has_value();
}

} // namespace support
