#include "monitor/load/context.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace load {

namespace {

using namespace std::chrono_literals;

// The injected clock is looked at this often, so that tests can move time by hand.
constexpr core::Nanos kLook = 20ms;

core::Nanos span(double value, double unitSeconds) {
    return std::chrono::duration_cast<core::Nanos>(std::chrono::duration<double>(value * unitSeconds));
}

} // namespace

bool sleepFor(const std::stop_token& stop, core::Nanos span) {
    core::Mutex mutex;
    core::CondVar never;
    core::MutexLock lock(mutex);
    return !never.wait_for(lock, stop, span, [&stop] { return stop.stop_requested(); });
}

Context::Context(Surroundings surroundings, Parameters parameters, RunFigures& figures, std::stop_token stop)
    : m_around(std::move(surroundings))
    , m_parameters(std::move(parameters))
    , m_figures(figures)
    , m_stop(std::move(stop))
    , m_end(m_around.clock.steadyNow() + seconds("duration")) {}

double Context::number(std::string_view name) const {
    return m_parameters.find(std::string(name))->second;
}

int Context::whole(std::string_view name) const {
    return static_cast<int>(std::lround(number(name)));
}

core::Nanos Context::seconds(std::string_view name) const {
    return span(number(name), 1);
}

core::Nanos Context::millis(std::string_view name) const {
    return span(number(name), 1e-3);
}

bool Context::goesOn() const {
    return !m_stop.stop_requested() && m_around.clock.steadyNow() < m_end;
}

bool Context::pause(core::Nanos span) const {
    return pauseUntil(m_around.clock.steadyNow() + span);
}

bool Context::pauseUntil(core::SteadyTime until) const {
    while (goesOn()) {
        const core::Nanos left = until - m_around.clock.steadyNow();
        if (left <= core::Nanos(0)) {
            return true;
        }
        sleepFor(m_stop, std::min({left, kLook, core::Nanos(m_end - m_around.clock.steadyNow())}));
    }
    return false;
}

void Context::waitToEnd() const {
    while (pause(1h)) {
    }
}

void Context::setPhase(core::Text phase) {
    const core::MutexLock lock(m_figures.mutex);
    m_figures.phase = phase;
}

pool::Lease Context::take(std::stop_token stop, std::string_view tag, core::Nanos timeout,
                          pool::Priority priority, std::source_location site) {
    pool::AcquireOptions options{tag, std::nullopt, stop};
    options.priority = priority;
    if (timeout > core::Nanos(0)) {
        options.timeout = timeout;
    }
    countRequest();
    auto lease = pool().acquire(options, site);
    if (lease) {
        return std::move(lease).value();
    }
    if (!stop.stop_requested()) {
        countFailure();
    }
    return {};
}

bool Context::run(std::stop_token stop, pool::Lease& lease, const Statement& statement) {
    if (stop.stop_requested()) {
        return false;
    }
    // Gone before the lease can be: what it cancels is this statement or nothing.
    const Curfew::Lengthy lengthy(m_curfew, [&] { pool().cancelStatement(lease.slot()); });
    const auto result = lease.execute(statement.sql, {}, statement.deadline);
    if (!result && !stop.stop_requested()) {
        countFailure();
    }
    return result.has_value();
}

bool Context::request(std::stop_token stop, std::string_view tag, const Statement& statement,
                      std::source_location site) {
    pool::Lease lease = take(stop, tag, core::Nanos(0), statement.priority, site);
    return lease.valid() && run(stop, lease, statement);
}

core::Unexpected<core::Error> Context::fail(core::Text text, std::string_view cause) const {
    std::string message(text.in(lang()));
    if (!cause.empty()) {
        message += lang() == core::Lang::Chinese ? "：" : ": ";
        message += cause;
    }
    return core::fail(std::move(message), "scenario");
}

} // namespace load
