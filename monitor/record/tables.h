// The tables a recording has beside the history's, and how its file is told from others.
#pragma once

#include "monitor/core/result.h"
#include "monitor/record/frame.h"
#include "monitor/store/database.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace record {

// The format's version; a change that older programs cannot read raises it.
inline constexpr int kFormat = 1;
// PRAGMA application_id: "PSCP", so that file(1) and we know it.
inline constexpr std::int64_t kApplicationId = 0x50534350;

// Rule files in force from `at` (ms) on, in their order.
struct RuleText {
    std::string path; // as it was given; never opened again
    std::string text;

    friend bool operator==(const RuleText&, const RuleText&) = default;
};
struct RuleTexts {
    std::int64_t at = 0;
    std::vector<RuleText> files;
};

using Facts = std::map<std::string, std::string>; // of the table `recording`

// All of this throws store::SqlFailure; inside the caller's transaction where it writes.
void makeTables(store::Database& database);
void writeFact(store::Database& database, const std::string& name, const std::string& value);
[[nodiscard]] Facts readFacts(store::Database& database);
void writeFrame(store::Database& database, const Frame& frame);
// Within [from, to], in order, until `sink` says false; from the whole frame at or before `from` on.
void readFrames(store::Database& database, std::int64_t from, std::int64_t to,
                const std::function<bool(const Frame&)>& sink);
void writeRules(store::Database& database, const RuleTexts& rules);
[[nodiscard]] std::vector<RuleTexts> readRules(store::Database& database);

} // namespace record
