// As whom the private PostgreSQL runs: PostgreSQL refuses root, and initdb refuses an id without a name.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/pg/child_process.h"

#include <filesystem>
#include <optional>
#include <string>

namespace pg {

struct ServerAccount {
    RunAs ids;
    std::string name;
    bool dropped = false; // true: another one than ours, to be changed to before exec

    // What spawnChild() wants.
    [[nodiscard]] std::optional<RunAs> runAs() const { return dropped ? std::optional(ids) : std::nullopt; }
};

// For a program that runs as `effective`: itself, or as root `postgres`, else `nobody`. Fails for an id without an
// entry in the passwd database. Not thread-safe against other users of getpwnam(3): uses the _r forms itself.
[[nodiscard]] core::Result<ServerAccount> serverAccount(uid_t effective, core::Lang lang);

// Whether the account may enter `folder` and all above it (mode bits only; the folder must be there).
[[nodiscard]] bool canReach(const std::filesystem::path& folder, const ServerAccount& account);

} // namespace pg
