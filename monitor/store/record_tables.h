// Records into their tables and back.
#pragma once

#include "monitor/store/database.h"
#include "monitor/store/records.h"

namespace store {

// Inside the caller's transaction. Throws SqlFailure.
void writeRecord(Database& database, const Record& record);
[[nodiscard]] Page readPage(Database& database, const PageRequest& request);
// Removes those before `at` (ms); of events and statements the older ones beyond a million too.
void expireRecords(Database& database, std::int64_t at);

} // namespace store
