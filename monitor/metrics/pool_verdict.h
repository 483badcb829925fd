// What is wrong with the pool, in a sentence with its cause: the same words in window and HTTP.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/pool_rows.h"

#include <string>
#include <string_view>

namespace metrics {

// "Held, not working: all 30 in use, 2 run a statement, 25 idle in a transaction. Mostly orders (24); the
// longest for 31 s at orders.cpp:42 load." `error` is what is told of the last error while the pool, or the database, is down:
// the caller decides how much of it may be seen. Pure.
[[nodiscard]] std::string verdictSentence(const PoolView& pool, std::string_view error, core::Lang lang);

// Of the moment an autopsy shows. Pure.
[[nodiscard]] std::string verdictSentence(const AutopsyRow& autopsy, core::Lang lang);

// What goes on and should not: suspected leaks and long uses that last, with place, holder and time; empty
// when there are none. Pure.
[[nodiscard]] std::string concernSentence(const PoolView& pool, core::Lang lang);

} // namespace metrics
