#include "monitor/load/own_session.h"

#include <fmt/format.h>

namespace load {

core::Result<std::unique_ptr<pg::Connection>> openOwnSession(pg::ConnInfo info, core::Nanos atMost,
                                                             std::stop_token stop) {
    info.set("application_name", kOwnApplication);
    const pg::Deadline deadline = pg::Deadline::in(atMost);
    auto opened = pg::Connection::open(info, deadline, std::move(stop));
    if (!opened) {
        return opened;
    }
    const auto millis = std::chrono::ceil<core::Millis>(atMost).count();
    const auto set = (*opened)->execute(
        fmt::format("SET statement_timeout = {}; SET lock_timeout = {}; SET client_min_messages = warning",
                    millis, std::min<long long>(millis, 1000)),
        {}, deadline);
    if (!set) {
        return core::fail(set.error().message, set.error().code);
    }
    return opened;
}

} // namespace load
