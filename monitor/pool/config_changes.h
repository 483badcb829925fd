// What a new configuration changes, in words.
#pragma once

#include "monitor/pool/pool_config.h"

#include <string>

namespace pool {

// "pool_size 10 → 12, pool_timeout 30 s → 5 s, reset rollback → clean"; empty when nothing changes.
[[nodiscard]] std::string changesOf(const PoolConfig& before, const PoolConfig& after);

} // namespace pool
