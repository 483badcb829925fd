// The pool's settings by name, in one table: configuration file, window and HTTP change them through it.
#pragma once

#include "monitor/core/result.h"
#include "monitor/pool/pool_config.h"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace engine {

// Durations are seconds; switches are 0 or 1; idle_order and reset are the index of their enum.
struct PoolKnob {
    std::string_view name; // "pool_timeout", as in /pool/status and db_pool_config{key}
    double minimum;
    double maximum;
    double (*get)(const pool::PoolConfig&);
    void (*set)(pool::PoolConfig&, double);
};

[[nodiscard]] std::span<const PoolKnob> poolKnobs();

// `base` with these changes, or why not: unknown name, out of range, or an unsound whole (pool::problemOf).
[[nodiscard]] core::Result<pool::PoolConfig> withKnobs(const pool::PoolConfig& base,
                                                       const std::map<std::string, double>& changes);

} // namespace engine
