// Prometheus' file-based discovery (configuration, <file_sd_config>): JSON or YAML files with lists of
// addresses and labels.
#pragma once

#include "monitor/core/result.h"
#include "monitor/targets/target_spec.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace targets {

// [{"targets": ["host:port", …], "labels": {…}}, …]. Of the labels __scheme__, __metrics_path__,
// __scrape_interval__ (as Prometheus has them), `environment` (or `env`) and `name` count; each other one
// becomes a tag "label=value", but for those that begin with __. Errors: "file:line: reason".
[[nodiscard]] core::Result<std::vector<TargetSpec>> parseFileSd(std::string_view text, std::string_view file);

// Watches files whose names may have a * in the last part of their path. Not thread-safe.
class FileDiscovery {
public:
    explicit FileDiscovery(std::vector<std::filesystem::path> patterns)
        : m_patterns(std::move(patterns))
    {
    }
    // Looks at the files (stat) and reads those that changed; true when there is anything new to take. A file
    // that cannot be read or understood keeps what it said before, as in Prometheus; one that is gone says
    // nothing.
    [[nodiscard]] bool refresh();
    [[nodiscard]] std::vector<TargetSpec> targets() const;
    [[nodiscard]] std::vector<std::string> problems() const;

private:
    struct Seen {
        std::filesystem::file_time_type changed = {};
        std::uintmax_t size = 0;
        std::vector<TargetSpec> specs;
        std::string problem;
    };
    [[nodiscard]] std::vector<std::filesystem::path> files() const;

    std::vector<std::filesystem::path> m_patterns;
    std::map<std::filesystem::path, Seen> m_seen;
};

} // namespace targets
