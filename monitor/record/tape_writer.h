// Writes a recording: everything of a range into one new file, or nothing.
#pragma once

#include "monitor/core/result.h"
#include "monitor/record/tables.h"
#include "monitor/series/reader.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace record {

// Samples before a recording's beginning that it holds too: rules look back, and charts begin with a past. ms
inline constexpr std::int64_t kLead = 15 * 60 * 1000;

// Statements are never kept with their literals; LeftOut leaves the texts out as well.
enum class Statements { WithoutLiterals, LeftOut };

struct TapeRequest {
    std::filesystem::path file;
    std::int64_t from = 0; // ms since the epoch, both ends included
    std::int64_t to = 0;
    const series::Reader* samples = nullptr; // asked for kLead more
    store::Database* box = nullptr;          // frames, and records from its beginning on; null: there is none
    store::Database* history = nullptr;      // records before that; null: there is none
    std::vector<RuleTexts> rules;            // ascending; the newest before `from` and all later ones are kept
    Facts facts;                             // "title", "reason", "target", "version" …; others are added here
    Statements statements = Statements::WithoutLiterals;
    std::function<void(double)> progress = {}; // 0..1, on the caller's thread
    std::stop_token stop = {};
};

// On the caller's thread; takes about a second for an hour. The file appears when it is whole; on a failure (one
// line, with the path) or when stop is requested (code "canceled") there is no trace of it, and an older one of that
// name stays.
[[nodiscard]] core::Result<void> writeTape(const TapeRequest& request);

} // namespace record
