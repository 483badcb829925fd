// The tables of the history, as numbered steps: `PRAGMA user_version` says how many a file has taken.
#pragma once

#include "monitor/store/database.h"

#include <filesystem>
#include <string>

namespace store {

// How many steps there are.
[[nodiscard]] int schemaVersion();

// Brings the file up to `version`; an older one is copied to "<file>.before-<its version>" first. Throws
// SqlFailure. False when the file is newer than this program: it may be read.
[[nodiscard]] bool upgradeSchema(Database& database, const std::filesystem::path& file,
                                 int version = schemaVersion());

} // namespace store
