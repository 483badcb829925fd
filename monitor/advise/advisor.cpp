#include "monitor/advise/advisor.h"

#include "monitor/advise/demand.h"
#include "monitor/advise/replay.h"

#include <algorithm>
#include <utility>

namespace advise {

namespace {

using metrics::AdviceVerdict;
using metrics::PoolAdvice;
using metrics::RequestFate;
using metrics::SizeForecast;

constexpr int kNoLimit = 1'000'000;
constexpr int kTenth = 10; // of what is slow: where p95 should stay below

// What the trace itself says, before anything is replayed.
void tellRecorded(const metrics::RequestTrace& trace, PoolAdvice& advice)
{
    std::vector<core::Nanos> waits;
    waits.reserve(trace.requests.size());
    for (const metrics::RequestRecord& request : trace.requests) {
        if (request.fate != RequestFate::QueueFull) {
            waits.push_back(request.waited);
        }
        advice.recordedTimeouts += request.fate == RequestFate::TimedOut ? 1 : 0;
    }
    advice.recorded = figuresOf(waits);
    advice.requests = trace.requests.size();
    advice.at = trace.at;
    advice.excluded = trace.excluded;
    advice.missed = trace.missed;
    advice.resized = trace.resized;
    if (!trace.requests.empty()) {
        advice.span = std::max(core::Nanos(0), core::Nanos(trace.end - trace.requests.front().arrival));
    }
}

// A smaller pool loses overflow first, a larger one keeps more.
int keptOf(int places, const Today& today)
{
    if (today.size == 0) {
        return places;
    }
    const int kept = std::min(places, today.size);
    return today.maxOverflow < 0 ? kept : std::max(kept, places - today.maxOverflow);
}

ReplayPool poolWith(int places, const metrics::RequestTrace& trace, const Today& today)
{
    ReplayPool pool;
    pool.places = places;
    pool.kept = keptOf(places, today);
    pool.minIdle = today.minIdle;
    pool.openAtStart = trace.fromBirth ? 0 : std::min(pool.kept, today.open);
    pool.maxWaiters = today.maxWaiters;
    pool.linger = today.linger;
    pool.connects = trace.connects;
    return pool;
}

// Whether every larger pool does the same: neither its places nor what it keeps were ever used up.
bool isRoomy(const SizeForecast& forecast, const ReplayPool& pool, const ReplayPool& largest)
{
    return forecast.peakOpen < pool.places && pool.openAtStart == largest.openAtStart &&
           (forecast.peakOpen <= pool.kept || pool.kept == largest.kept);
}

// Every size, and today's; false when it was stopped.
bool playAll(const Demand& demand, const metrics::RequestTrace& trace, const Today& today, PoolAdvice& advice,
             const std::stop_token& stop)
{
    std::vector<int> sizes;
    for (int places = 1; places <= kMostPlaces; ++places) {
        sizes.push_back(places);
    }
    const int now = advice.places == 0 ? kNoLimit : advice.places;
    if (now > kMostPlaces) {
        sizes.push_back(now);
    }
    const ReplayPool largest = poolWith(kNoLimit, trace, today);
    std::optional<SizeForecast> roomy;
    for (const int places : sizes) {
        const ReplayPool pool = poolWith(places, trace, today);
        std::optional<SizeForecast> forecast = roomy ? roomy : replay(demand.claims, pool, stop);
        if (!forecast) {
            return false;
        }
        if (isRoomy(*forecast, pool, largest)) {
            roomy = forecast;
        }
        forecast->places = places;
        forecast->kept = pool.kept;
        if (places == now) {
            advice.today = forecast;
            advice.today->places = advice.places;
        }
        if (places != kNoLimit) {
            advice.forecasts.push_back(*forecast);
        }
    }
    return true;
}

bool servesWell(const SizeForecast& forecast, const SizeForecast& largest, core::Nanos slow)
{
    return forecast.timeouts <= largest.timeouts && forecast.queueFull <= largest.queueFull &&
           forecast.wait.p99 <= slow && forecast.wait.p95 <= slow / kTenth;
}

void judge(PoolAdvice& advice)
{
    const SizeForecast& largest = advice.forecasts.back();
    const auto good =
        std::find_if(advice.forecasts.begin(), advice.forecasts.end(), [&](const SizeForecast& forecast) {
            return servesWell(forecast, largest, advice.slow);
        });
    if (good == advice.forecasts.end()) {
        advice.verdict = AdviceVerdict::NoSizeHelps;
        return;
    }
    advice.suggested = *good;
    advice.verdict =
        advice.places != 0 && good->places > advice.places ? AdviceVerdict::Grow : AdviceVerdict::Enough;
}

} // namespace

std::optional<int> serverLimit(const metrics::ServerView& server, int open)
{
    if (server.maxConnections <= 0 || server.otherSessions < 0 || server.ownSessions < 0) {
        return std::nullopt;
    }
    const int watchers = std::max(0, server.ownSessions - std::max(0, open));
    return std::max(0, server.maxConnections - server.reservedConnections - server.otherSessions - watchers);
}

std::optional<PoolAdvice> advise(const metrics::RequestTrace& trace, const Today& today,
                                 const std::stop_token& stop)
{
    const core::SteadyTime begin = core::SystemClock::instance().steadyNow();
    PoolAdvice advice;
    advice.places = today.maxOverflow < 0 ? 0 : today.size + today.maxOverflow;
    advice.kept = today.size;
    advice.timeout = today.timeout;
    advice.slow = today.slow;
    advice.serverLimit = serverLimit(today.server, today.open);
    tellRecorded(trace, advice);
    if (trace.requests.empty()) {
        return advice;
    }
    const Demand demand = demandOf(trace, today.timeout);
    advice.estimated = demand.estimated;
    if (!demand.holdsKnown) {
        advice.verdict = AdviceVerdict::HoldsUnknown;
        return advice;
    }
    if (trace.requests.size() < kFewestRequests) {
        advice.verdict = AdviceVerdict::TooFew;
        return advice;
    }
    if (!playAll(demand, trace, today, advice, stop)) {
        return std::nullopt;
    }
    judge(advice);
    advice.cost = core::SystemClock::instance().steadyNow() - begin;
    return advice;
}

} // namespace advise
