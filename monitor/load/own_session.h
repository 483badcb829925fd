// A connection of the scenarios' own, outside the pool: for the schema, for head-room, for terminating
// backends.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/pg/connection.h"
#include "monitor/pg/conninfo.h"

#include <memory>
#include <stop_token>

namespace load {

inline constexpr const char* kOwnApplication = "poolscope-load"; // shown in pg_stat_activity

// Opens it with a statement timeout of `atMost` (also the bound of the attempt itself) and a short lock
// timeout, so that nothing of ours ever queues up behind the locks of others.
[[nodiscard]] core::Result<std::unique_ptr<pg::Connection>>
openOwnSession(pg::ConnInfo info, core::Nanos atMost, std::stop_token stop = {});

} // namespace load
