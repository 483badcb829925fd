// What is to be watched of a log file: settings, as plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <filesystem>
#include <string>

namespace collect {

struct LogSpec {
    std::string name; // the label "file" of its metrics: [A-Za-z0-9_.-]{1,64}, unique
    std::filesystem::path path;
    std::string encoding = "auto";
    std::string errors =
        {}; // regular expression (RE2) of a line that is an error; empty: by the line's level
    std::string sessionKey =
        {}; // regular expression with one group: what names the session; empty: found by itself
    std::string sessionCreated = "Creating new database session";
    std::string sessionClosed = "Closing database session";
    std::string sessionFailed = "Database session error";
    core::Nanos leakAfter = std::chrono::seconds(60); // 1 s … 1 d: a session not closed by then is suspected

    friend bool operator==(const LogSpec&, const LogSpec&) = default;
};

// The first thing wrong, in one sentence that names the setting: name, path, encoding, an expression that is
// none, an empty text.
[[nodiscard]] core::Result<void> problemOf(const LogSpec& spec);

} // namespace collect
