// Silences: who may be heard, for how long, and why; with Alertmanager's rules and its JSON.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/silence_rows.h"
#include "monitor/series/matcher.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// Matchers that are ready to match; an absent label counts as "", regular expressions are RE2's, anchored at
// both ends.
class CompiledSilence {
public:
    // Fails as Alertmanager refuses it: no matchers, a bad name or expression, matchers that all match
    // nothing, an end before the start, more than 64 matchers.
    [[nodiscard]] static core::Result<CompiledSilence> make(metrics::SilenceRow row);

    [[nodiscard]] const metrics::SilenceRow& row() const noexcept { return m_row; }
    [[nodiscard]] metrics::SilenceRow& row() noexcept { return m_row; }
    [[nodiscard]] bool matches(const metrics::Labels& labels) const
    {
        return series::matchesAll(m_matchers, labels);
    }

private:
    CompiledSilence(metrics::SilenceRow row, std::vector<series::Matcher> matchers)
        : m_row(std::move(row))
        , m_matchers(std::move(matchers))
    {
    }

    metrics::SilenceRow m_row;
    std::vector<series::Matcher> m_matchers;
};

// One matcher as people write it: alertname=HighPoolUsage, pool=~"a|b", severity!="info", site!~x.*.
[[nodiscard]] core::Result<metrics::SilenceMatcher> parseMatcher(std::string_view text);
// Several of them, with or without braces, separated by commas.
[[nodiscard]] core::Result<std::vector<metrics::SilenceMatcher>> parseMatchers(std::string_view text);

// A new version 4 UUID, as Alertmanager names silences.
[[nodiscard]] std::string newSilenceId();

// A JSON object as POST /api/v2/silences takes it. Total: any bytes are fine; at most 1 MiB.
[[nodiscard]] core::Result<metrics::SilenceRow> readSilence(std::string_view json);
// A JSON array as GET /api/v2/silences gives and `amtool silence query -o json` prints it; what is no silence
// is left out and described in `problems`.
[[nodiscard]] core::Result<std::vector<metrics::SilenceRow>> readSilences(std::string_view json,
                                                                          std::vector<std::string>& problems);
[[nodiscard]] std::string silenceJson(const metrics::SilenceRow& silence, core::WallTime now);
[[nodiscard]] std::string silencesJson(std::span<const metrics::SilenceRow> silences, core::WallTime now);
// RFC 3339 with any offset and up to nanoseconds; fails on what is no time.
[[nodiscard]] core::Result<core::WallTime> parseTime(std::string_view text);

} // namespace alert
