#include "monitor/load/steps/headroom.h"

#include "monitor/load/own_session.h"

#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace load::steps {

namespace {

using namespace std::chrono_literals;

constexpr int kLeftForOthers = 3;

// Connections still free, as the server, the database and the role allow. Ours is counted out: it is about to
// close. superuser_reserved_connections and (since 16) reserved_connections are never ours to take.
constexpr const char* kFree = R"(
WITH used AS (
    SELECT count(*) AS everyone,
           count(*) FILTER (WHERE datname = current_database()) AS here,
           count(*) FILTER (WHERE usename = current_user) AS mine
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())
SELECT least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int - everyone,
    (SELECT CASE WHEN datconnlimit < 0 THEN 1000000 ELSE datconnlimit - here END
     FROM pg_database WHERE datname = current_database()),
    (SELECT CASE WHEN rolconnlimit < 0 THEN 1000000 ELSE rolconnlimit - mine END
     FROM pg_roles WHERE rolname = current_user))
FROM used)";

core::Result<int> freeConnections(const Context& context) {
    auto session = openOwnSession(context.connInfo(), 3s, context.stop());
    if (!session) {
        return context.fail({"the server cannot be asked", "无法查询服务器"}, session.error().message);
    }
    const auto rows = (*session)->execute(kFree, {}, pg::Deadline::in(3s));
    if (!rows) {
        return context.fail({"the server cannot be asked", "无法查询服务器"}, rows.error().message);
    }
    const std::string_view text = rows->text(0, 0);
    int free = 0;
    std::from_chars(text.data(), text.data() + text.size(), free);
    return free;
}

} // namespace

core::Result<void> requireHeadroom(const Context& context) {
    const pool::PoolCounts counts = context.pool().counts();
    if (counts.maxConnections < 0) {
        return context.fail({"the pool has no limit (max_overflow -1), so it cannot be exhausted",
                             "连接池没有上限（max_overflow 为 -1），无法耗尽"});
    }
    const auto free = freeConnections(context);
    if (!free) {
        return core::fail(free.error().message, free.error().code);
    }
    const int wanted = counts.maxConnections - counts.total;
    if (wanted + kLeftForOthers <= *free) {
        return {};
    }
    return core::fail(
        context.lang() == core::Lang::Chinese
            ? fmt::format("服务器只剩 {} 个可用连接，连接池还需要 {} 个，并须为其他用户保留 {} 个", *free,
                          wanted, kLeftForOthers)
            : fmt::format("the server has only {} connections left; the pool would take {} more and {} "
                          "must stay free for others",
                          *free, wanted, kLeftForOthers),
        "headroom");
}

} // namespace load::steps
