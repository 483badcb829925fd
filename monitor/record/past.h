// Recordings of what was kept on disk, whether a Poolscope runs there or not.
#pragma once

#include "monitor/core/result.h"
#include "monitor/record/tape_writer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace record {

class BoxFile;

// Where a Poolscope keeps what it remembers.
struct KeptFiles {
    std::filesystem::path history; // history.db
    std::filesystem::path box;     // black-box.db; there may be none
};
// In a data folder whose configuration says nothing else.
[[nodiscard]] KeptFiles keptIn(const std::filesystem::path& dataDir);
inline constexpr const char* kBoxName = "black-box.db";

struct PastRequest {
    KeptFiles kept;
    std::filesystem::path file;
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    std::vector<std::filesystem::path> rules; // used when the data folder does not say what was in force
    Facts facts;
    Statements statements = Statements::WithoutLiterals;
    std::function<void(double)> progress = {};
    std::stop_token stop = {};
};

// Samples and records from history.db, frames from the black box as far as it goes. Waits for the disk.
[[nodiscard]] core::Result<void> recordPast(const PastRequest& request);

// A Poolscope writes this history now.
[[nodiscard]] bool isRunning(const std::filesystem::path& history);

// When the newest sample was taken that the history tells already; ms since the epoch, 0: none. What happened before
// that moment is told, too.
[[nodiscard]] std::int64_t newestSample(const std::filesystem::path& history);

// Copies a running one's frames as time goes on, so that a recording may be longer than its black box.
class Follower {
public:
    explicit Follower(std::filesystem::path box);
    ~Follower();

    // What is new since the last time. Call it every few minutes at least, and once more at the end.
    void follow();
    // As recordPast(), with the frames that were followed.
    [[nodiscard]] core::Result<void> record(const PastRequest& request);

private:
    const std::filesystem::path m_black;
    const std::filesystem::path m_copy;
    std::unique_ptr<BoxFile> m_box;
    std::int64_t m_last = 0;
};

} // namespace record
