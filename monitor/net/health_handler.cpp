#include "monitor/net/health_handler.h"

#include "monitor/core/format.h"
#include "monitor/net/host_handler.h"
#include "monitor/net/public_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace net {

namespace {

constexpr core::Text kTooHigh{"Connection pool usage is too high (>90%)", "连接池使用率过高（>90%）"};
constexpr core::Text kHigh{"Connection pool usage is high (>80%)", "连接池使用率较高（>80%）"};
constexpr core::Text kNoIdle{"No idle connection", "无空闲连接"};
constexpr core::Text kFine{"The database connection is fine", "数据库连接正常"};
constexpr core::Text kFailed{"Database connection failed: ", "数据库连接失败: "};
constexpr core::Text kNoSample{"there is no sample yet", "尚无采样数据"};
constexpr core::Text kStarting{"the server is starting", "服务器正在启动"};
constexpr core::Text kNoAnswer{"the server does not answer", "服务器无响应"};
constexpr core::Text kPoolDown{"the pool gets no connection", "连接池无法获得连接"};
constexpr core::Text kPoolClosed{"the pool is closed", "连接池已关闭"};

std::string causeText(const std::string& error, const std::string& sqlstate, const core::Text& otherwise,
                      core::Lang lang)
{
    std::string cause = publicCause(error);
    if (cause.empty()) {
        cause = otherwise.in(lang);
    }
    return sqlstate.empty() ? cause : fmt::format("{} (SQLSTATE {})", cause, core::oneLine(sqlstate, 5));
}

// Why no connection is to be had; nothing when one is (or would be, were there a free place).
std::optional<std::string> outage(const metrics::SnapshotPtr& snapshot, core::Lang lang)
{
    using State = metrics::ServerView::State;
    if (!snapshot) {
        return std::string(kNoSample.in(lang));
    }
    const metrics::PoolView& pool = snapshot->pool;
    if (snapshot->server.state == State::Down) {
        return causeText(snapshot->server.error, snapshot->server.sqlstate, kNoAnswer, lang);
    }
    if (snapshot->server.state != State::Up || !pool.present) {
        return std::string(kStarting.in(lang));
    }
    if (pool.state == "down" || pool.state == "blocked") {
        return causeText(pool.lastError, pool.lastErrorSqlstate, kPoolDown, lang);
    }
    return pool.state == "closed" ? std::optional<std::string>(kPoolClosed.in(lang)) : std::nullopt;
}

} // namespace

std::string_view healthName(Health health) noexcept
{
    switch (health) {
    case Health::Healthy:
        return "healthy";
    case Health::Warning:
        return "warning";
    case Health::Critical:
        return "critical";
    }
    return "";
}

HealthVerdict judge(const metrics::PoolView& pool) noexcept
{
    if (pool.usage > 0.9) {
        return {Health::Critical, kTooHigh};
    }
    if (pool.usage > 0.8) {
        return {Health::Warning, kHigh};
    }
    if (pool.checkedIn == 0 && pool.maxConnections > 0 && pool.total >= pool.maxConnections) {
        return {Health::Warning, kNoIdle};
    }
    return {Health::Healthy, kFine};
}

Response healthResponse(const metrics::SnapshotPtr& snapshot, core::Lang lang)
{
    if (const auto cause = outage(snapshot, lang)) {
        return errorResponse(503, std::string(kFailed.in(lang)) + *cause);
    }
    const metrics::PoolView& pool = snapshot->pool;
    const HealthVerdict verdict = judge(pool);
    return jsonResponse(200, {{"status", healthName(verdict.health)},
                              {"message", verdict.message.in(lang)},
                              {"timestamp", core::isoUtcMicros(snapshot->at)},
                              {"pool",
                               {{"size", pool.config.size},
                                {"checked_in", pool.checkedIn},
                                {"checked_out", pool.checkedOut},
                                {"overflow", pool.overflow},
                                {"usage", fmt::format("{:.1f}%", pool.usage * 100)},
                                {"max_connections", pool.maxConnections}}},
                              {"system", hostJson(*snapshot)}});
}

} // namespace net
