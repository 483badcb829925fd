// The rule files in use: loaded, watched for changes, the old ones kept when a new one is broken.
#pragma once

#include "monitor/alert/rule_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace alert {

// Not thread-safe.
class RuleSet {
public:
    // `userRules`: the file whose rules may stand for those of others; see rule_overrides.h.
    explicit RuleSet(std::string userRules = {})
        : m_userRules(std::move(userRules))
    {
    }

    // Takes these files from now on. When one of them is broken the files before stay in use and the error is
    // given; these are still watched, so that mending the file is enough.
    [[nodiscard]] core::Result<void, RuleFileError> load(std::vector<std::string> paths);
    // Reads again what has changed (time, size or content). True when other rules are in use now.
    bool reloadIfChanged();

    using Files = std::shared_ptr<const std::vector<RuleFile>>;
    // Never null; whoever points into it keeps it.
    [[nodiscard]] const Files& files() const noexcept { return m_files; }
    // Why the files as they are now are not in use; nullopt when they are.
    [[nodiscard]] const std::optional<RuleFileError>& problem() const noexcept { return m_problem; }

private:
    struct Stamp {
        std::int64_t modified = 0;
        std::uint64_t size = 0;
        std::uint64_t hash = 0;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };

    [[nodiscard]] static Stamp stampOf(const std::string& path);
    bool readAll();

    std::string m_userRules;
    std::vector<std::string> m_paths;
    std::vector<Stamp> m_stamps; // one a path
    Files m_files = std::make_shared<std::vector<RuleFile>>();
    std::optional<RuleFileError> m_problem;
};

} // namespace alert
