#include "monitor/engine/pool_knobs.h"

#include "monitor/core/clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace engine {

namespace {

using pool::PoolConfig;

constexpr double kDay = 86400;

template <int PoolConfig::*Member>
constexpr PoolKnob wholeKnob(std::string_view name, double minimum, double maximum)
{
    return {name, minimum, maximum, [](const PoolConfig& config) { return static_cast<double>(config.*Member); },
            [](PoolConfig& config, double value) { config.*Member = static_cast<int>(std::lround(value)); }};
}

template <core::Nanos PoolConfig::*Member>
constexpr PoolKnob timeKnob(std::string_view name, double minimum, double maximum)
{
    return {name, minimum, maximum, [](const PoolConfig& config) { return core::seconds(config.*Member); },
            [](PoolConfig& config, double value) {
                config.*Member = std::chrono::round<core::Nanos>(std::chrono::duration<double>(value));
            }};
}

constexpr std::array kKnobs{
    wholeKnob<&PoolConfig::size>("pool_size", 0, 10000),
    wholeKnob<&PoolConfig::maxOverflow>("max_overflow", -1, 10000),
    timeKnob<&PoolConfig::timeout>("pool_timeout", 0.001, 3600),
    timeKnob<&PoolConfig::recycle>("pool_recycle", 0, 365 * kDay),
    PoolKnob{"pre_ping", 0, 1, [](const PoolConfig& config) { return config.prePing ? 1.0 : 0.0; },
             [](PoolConfig& config, double value) { config.prePing = value >= 0.5; }},
    PoolKnob{"idle_order", 0, 1, [](const PoolConfig& config) { return static_cast<double>(config.idleOrder); },
             [](PoolConfig& config, double value) {
                 config.idleOrder = value >= 0.5 ? pool::IdleOrder::Lifo : pool::IdleOrder::Fifo;
             }},
    timeKnob<&PoolConfig::overflowLinger>("overflow_linger", 0, kDay),
    wholeKnob<&PoolConfig::minIdle>("min_idle", 0, 10000),
    wholeKnob<&PoolConfig::maxWaiters>("max_waiters", 0, 1000000),
    PoolKnob{"reset", 0, 3, [](const PoolConfig& config) { return static_cast<double>(config.reset); },
             [](PoolConfig& config, double value) {
                 config.reset = static_cast<pool::ResetMode>(std::lround(value));
             }},
    timeKnob<&PoolConfig::connectTimeout>("connect_timeout", 0.05, 600),
    timeKnob<&PoolConfig::validateAfter>("validate_after", 0, kDay),
    timeKnob<&PoolConfig::validateTimeout>("validate_timeout", 0.01, 600),
    timeKnob<&PoolConfig::resetTimeout>("reset_timeout", 0.01, 600),
    timeKnob<&PoolConfig::slowAcquire>("slow_acquire", 0, 3600),
    timeKnob<&PoolConfig::slowQuery>("slow_query", 0, 3600),
    timeKnob<&PoolConfig::longUse>("long_use", 0, kDay),
    timeKnob<&PoolConfig::leakAfter>("leak_after", 0.1, kDay),
};

} // namespace

std::span<const PoolKnob> poolKnobs()
{
    return kKnobs;
}

core::Result<PoolConfig> withKnobs(const PoolConfig& base, const std::map<std::string, double>& changes)
{
    PoolConfig config = base;
    for (const auto& [name, value] : changes) {
        const auto knob = std::find_if(kKnobs.begin(), kKnobs.end(), [&](const PoolKnob& k) { return k.name == name; });
        if (knob == kKnobs.end()) {
            return core::fail(fmt::format("unknown pool setting \"{}\"", name));
        }
        if (!std::isfinite(value) || value < knob->minimum || value > knob->maximum) {
            return core::fail(
                fmt::format("{} is {:g}, it must be between {:g} and {:g}", name, value, knob->minimum, knob->maximum));
        }
        knob->set(config, value);
    }
    if (std::string problem = pool::problemOf(config); !problem.empty()) {
        return core::fail(std::move(problem));
    }
    return config;
}

} // namespace engine
