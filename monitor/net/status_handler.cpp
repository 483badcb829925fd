#include "monitor/net/status_handler.h"

#include "monitor/core/format.h"
#include "monitor/metrics/pool_verdict.h"
#include "monitor/net/status_traces.h"
#include "monitor/net/public_text.h"
#include "monitor/net/responses_handler.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace net {

namespace {

using nlohmann::json;

constexpr core::Text kNoSample{"there is no sample yet", "尚无采样数据"};
constexpr std::size_t kHistory = 60;
constexpr std::size_t kAutopsies = 5; // the newest

// Whole seconds as an integer (the reference's 30 and 3600), others with their fraction.
json secondsJson(core::Nanos span)
{
    const double value = core::seconds(span);
    return value == std::floor(value) ? json(static_cast<long long>(value)) : json(value);
}

json configJson(const metrics::PoolConfigView& config)
{
    return {{"pool_size", config.size},
            {"max_overflow", config.maxOverflow},
            {"timeout", secondsJson(config.timeout)},
            {"recycle", secondsJson(config.recycle)},
            {"pre_ping", config.prePing},
            {"order", config.lifo ? "lifo" : "fifo"},
            {"slow_acquire", secondsJson(config.slowAcquire)},
            {"slow_query", secondsJson(config.slowQuery)},
            {"long_use", secondsJson(config.longUse)},
            {"leak_after", secondsJson(config.leakAfter)}};
}

json poolJson(const metrics::PoolView& pool)
{
    return {{"size", pool.config.size},
            {"checked_in", pool.checkedIn},
            {"checked_out", pool.checkedOut},
            {"overflow", pool.overflow},
            {"status", poolSentence(pool)},
            {"total", pool.total},
            {"max_connections", pool.maxConnections},
            {"usage", pool.usage},
            {"waiting", pool.waiting},
            {"oldest_wait_seconds", core::seconds(pool.oldestWait)},
            {"peak_checked_out", pool.peakCheckedOut},
            {"peak_waiting", pool.peakWaiting},
            {"checkouts", pool.checkouts},
            {"checkins", pool.checkins},
            {"connects", pool.connects},
            {"errors", pool.errors},
            {"timeouts", pool.timeouts}};
}

json slotJson(const metrics::SlotRow& slot)
{
    return {{"slot", slot.slot},
            {"state", metrics::slotStateName(slot.state)},
            {"overflow", slot.overflow},
            {"long_use", slot.longUse},
            {"backend_pid", slot.backendPid},
            {"age_seconds", core::seconds(slot.age)},
            {"uses", slot.uses},
            {"held_seconds", core::seconds(slot.heldFor)},
            {"idle_held_seconds", core::seconds(slot.idleHeldFor)},
            {"transaction_seconds", core::seconds(slot.transactionAge)},
            {"tag", slot.tag},
            {"site", slot.site},
            {"statement", slot.statement}};
}

json waiterJson(const metrics::WaiterRow& waiter)
{
    return {{"position", waiter.position},
            {"waiting_seconds", core::seconds(waiter.waitingFor)},
            {"deadline_left_seconds", core::seconds(waiter.deadlineLeft)},
            {"tag", waiter.tag},
            {"site", waiter.site},
            {"phase", waiter.phase}};
}

template <class Row, class ToJson>
json arrayOf(const std::vector<Row>& rows, ToJson toJson)
{
    json array = json::array();
    for (const Row& row : rows) {
        array.push_back(toJson(row));
    }
    return array;
}

json autopsyJson(const metrics::AutopsyRow& autopsy, core::Lang lang)
{
    return {{"number", autopsy.number},
            {"timestamp", core::isoUtcMicros(autopsy.at)},
            {"outcome", autopsy.outcome},
            {"tag", autopsy.tag},
            {"site", autopsy.site},
            {"waited_seconds", core::seconds(autopsy.waited)},
            {"checked_in", autopsy.checkedIn},
            {"checked_out", autopsy.checkedOut},
            {"opening", autopsy.opening},
            {"total", autopsy.total},
            {"max_connections", autopsy.maxConnections},
            {"waiting", autopsy.waiting},
            {"verdict", metrics::verdictSentence(autopsy, lang)},
            {"holders", arrayOf(autopsy.holders, slotJson)},
            {"waiters", arrayOf(autopsy.waiters, waiterJson)}};
}

json autopsiesJson(const metrics::PoolView& pool, core::Lang lang)
{
    json array = json::array();
    for (std::size_t i = 0; i < std::min(pool.autopsies.size(), kAutopsies); ++i) {
        array.push_back(autopsyJson(*pool.autopsies[i], lang));
    }
    return array;
}

json lastErrorJson(const metrics::PoolView& pool)
{
    if (pool.lastError.empty()) {
        return nullptr;
    }
    return {{"message", publicCause(pool.lastError)},
            {"sqlstate", pool.lastErrorSqlstate},
            {"timestamp", core::isoUtcMicros(pool.lastErrorAt)}};
}

json historyJson(const std::vector<metrics::SnapshotPtr>& history)
{
    json samples = json::array();
    for (std::size_t i = history.size() - std::min(history.size(), kHistory); i < history.size(); ++i) {
        if (const metrics::SnapshotPtr& tick = history[i]) {
            samples.push_back({{"timestamp", core::isoUtcMicros(tick->at)},
                               {"checked_in", tick->pool.checkedIn},
                               {"checked_out", tick->pool.checkedOut},
                               {"overflow", tick->pool.overflow},
                               {"usage", tick->pool.usage},
                               {"waiting", tick->pool.waiting}});
        }
    }
    return samples;
}

} // namespace

std::string poolSentence(const metrics::PoolView& pool)
{
    return fmt::format(
        "Pool size: {}  Connections in pool: {} Current Overflow: {} Current Checked out connections: {}",
        pool.config.size, pool.checkedIn, pool.overflow, pool.checkedOut);
}

Response statusResponse(const metrics::SnapshotPtr& snapshot,
                        const std::vector<metrics::SnapshotPtr>& history, core::Lang lang,
                        const metrics::PoolWitness* witness)
{
    if (!snapshot) {
        return errorResponse(503, kNoSample, lang);
    }
    const metrics::PoolView& pool = snapshot->pool;
    json body = {{"timestamp", core::isoUtcMicros(snapshot->at)},
                 {"pool", poolJson(pool)},
                 {"config", configJson(pool.config)},
                 {"state", pool.state},
                 {"state_since", core::isoUtcMicros(pool.stateSince)},
                 {"verdict", pool.verdict},
                 {"degrade", degradeJson(snapshot->responses.degrade)},
                 {"cause", metrics::verdictSentence(pool, publicCause(pool.lastError), lang)},
                 {"concern", metrics::concernSentence(pool, lang)},
                 {"last_error", lastErrorJson(pool)},
                 {"slots", arrayOf(pool.slots, slotJson)},
                 {"waiters", arrayOf(pool.waiters, waiterJson)},
                 {"autopsies", autopsiesJson(pool, lang)},
                 {"history", historyJson(history)}};
    if (witness != nullptr) {
        body["events"] = eventsJson(*witness);
        body["life_lines"] = lifeLinesJson(*witness);
    }
    return jsonResponse(200, std::move(body));
}

} // namespace net
