// A snapshot as Prometheus reads it. Pure functions: same snapshot, same bytes.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/metrics/snapshot.h"

#include <string>
#include <string_view>

namespace metrics {

enum class Format {
    Text,       // text format 0.0.4
    OpenMetrics // OpenMetrics 1.0.0: families of counters without _total, exemplars, # EOF
};

// Every family that has a series, in the snapshot's order. Values are spelled as the reference spells them
// ("10.0", le="1.0"), label values and HELP escaped, invalid UTF-8 replaced. Families with def == nullptr are
// left out. The language concerns HELP only (see helpText). Thread-safe; any values and labels are fine.
[[nodiscard]] std::string expose(const Snapshot& snapshot, Format format,
                                 core::Lang lang = core::Lang::English);

// "text/plain; version=0.0.4; charset=utf-8" or OpenMetrics' own.
[[nodiscard]] std::string_view contentType(Format format) noexcept;

// The HELP text in a language. The reference's metrics have the reference's text in every language (it is
// part of the contract and Chinese); all others `help` in English and their title in Chinese.
[[nodiscard]] std::string_view helpText(const MetricDef& def, core::Lang lang) noexcept;

// An exemplar's labels may have 128 characters together (OpenMetrics 1.0, "Exemplars"); more would make a
// strict parser refuse the whole page.
inline constexpr std::size_t kMaxExemplarChars = 128;

} // namespace metrics
