#include "monitor/record/stand_in.h"

#include "monitor/core/clock.h"

#include <cmath>
#include <string>

namespace record {

namespace {

using metrics::Snapshot;

int wholeOf(double value, int fallback = 0) noexcept
{
    return std::isfinite(value) && std::abs(value) < 1e9 ? static_cast<int>(value) : fallback;
}

std::uint64_t countOf(double value) noexcept
{
    return value > 0 && value < 9e18 ? static_cast<std::uint64_t>(value) : 0;
}

core::Nanos spanOf(double seconds) noexcept
{
    return std::isfinite(seconds) && std::abs(seconds) < 1e9
               ? std::chrono::round<core::Nanos>(std::chrono::duration<double>(seconds))
               : core::Nanos(0);
}

double setting(const Snapshot& s, const char* key)
{
    return s.value("db_pool_config", {{"key", key}});
}

std::string poolState(const Snapshot& s)
{
    const metrics::Family* family = s.find("db_pool_state");
    for (const metrics::Series& series : family != nullptr ? family->series : std::vector<metrics::Series>()) {
        if (series.value == 1 && series.labels.size() == 1) {
            return series.labels.front().second;
        }
    }
    return {};
}

void standInPool(Snapshot& s)
{
    metrics::PoolView& pool = s.pool;
    pool.present = !std::isnan(s.value("db_pool_size"));
    pool.config.size = wholeOf(s.value("db_pool_size"));
    pool.config.maxOverflow = wholeOf(setting(s, "max_overflow"), 20);
    pool.config.timeout = spanOf(setting(s, "pool_timeout"));
    pool.config.recycle = spanOf(setting(s, "pool_recycle"));
    pool.config.slowAcquire = spanOf(setting(s, "slow_acquire"));
    pool.config.slowQuery = spanOf(setting(s, "slow_query"));
    pool.config.longUse = spanOf(setting(s, "long_use"));
    pool.config.leakAfter = spanOf(setting(s, "leak_after"));
    pool.checkedIn = wholeOf(s.value("db_pool_checked_in"));
    pool.checkedOut = wholeOf(s.value("db_pool_checked_out"));
    pool.overflow = wholeOf(s.value("db_pool_overflow"));
    pool.total = pool.checkedIn + pool.checkedOut;
    pool.maxConnections = wholeOf(s.value("db_pool_max_connections"), pool.config.size + pool.config.maxOverflow);
    pool.usage = std::isfinite(s.value("db_pool_usage")) ? s.value("db_pool_usage") : 0;
    pool.waiting = wholeOf(s.value("db_pool_waiters"));
    pool.oldestWait = spanOf(s.value("db_pool_oldest_wait_seconds"));
    pool.peakCheckedOut = wholeOf(s.value("db_pool_checked_out_peak"));
    pool.peakWaiting = wholeOf(s.value("db_pool_waiters_peak"));
    pool.state = poolState(s);
    pool.checkouts = countOf(s.value("db_connection_checkout_total"));
    pool.checkins = countOf(s.value("db_connection_checkin_total"));
    pool.connects = countOf(s.value("db_connection_connect_total"));
    pool.errors = countOf(s.value("db_connection_error_total"));
    // The finer verdicts need the places, of which nothing is known.
    pool.verdict = pool.state == "down" || pool.state == "suspended"                             ? pool.state
                   : pool.waiting > 0 && pool.checkedOut >= pool.maxConnections                  ? "exhausted"
                   : pool.maxConnections > 0 && pool.checkedOut >= 0.8 * pool.maxConnections     ? "busy"
                                                                                                 : "ok";
}

void standInServer(Snapshot& s)
{
    using State = metrics::ServerView::State;
    const double up = s.value("db_up");
    s.server.state = std::isnan(up) ? State::Unknown : up > 0 ? State::Up : State::Down;
    s.server.latency = spanOf(s.value("db_probe_latency_seconds"));
    s.server.maxConnections = wholeOf(s.value("db_server_max_connections"));
    s.server.ownSessions = wholeOf(s.value("db_server_own_sessions"), -1);
    s.server.otherSessions = wholeOf(s.value("db_server_other_sessions"), -1);
}

void standInLatency(Snapshot& s)
{
    s.latency.clear();
    for (const char* stage : {"wait", "usage", "query"}) {
        const auto quantile = [&](const char* q) {
            return s.value("db_pool_latency_seconds", {{"q", q}, {"stage", stage}});
        };
        metrics::LatencyView view;
        view.name = stage;
        view.p50 = quantile("0.5");
        view.p90 = quantile("0.9");
        view.p95 = quantile("0.95");
        view.p99 = quantile("0.99");
        view.p999 = quantile("0.999");
        view.max = quantile("1");
        view.window = std::chrono::minutes(1);
        s.latency.push_back(std::move(view));
    }
}

} // namespace

void standIn(Snapshot& snapshot)
{
    standInPool(snapshot);
    standInServer(snapshot);
    standInLatency(snapshot);
}

} // namespace record
