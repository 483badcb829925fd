// Moments and ranges as people write them on a command line.
#pragma once

#include "monitor/core/result.h"

#include <QCommandLineParser>
#include <QString>

#include <cstdint>
#include <utility>

namespace app {

// "now"; "-15m", "-2h" before now; "2026-11-20", "2026-11-20 09:12", "2026-11-20T09:12:07.742Z", with or
// without a zone (then the machine's); seconds since the epoch. In ms since the epoch.
[[nodiscard]] core::Result<std::int64_t> parseMoment(const QString& text, std::int64_t now);

// --from, --to, --last.
void addRangeOptions(QCommandLineParser& parser);
// From, to; by default the last hour. Errors name the option.
[[nodiscard]] core::Result<std::pair<std::int64_t, std::int64_t>> rangeOf(const QCommandLineParser& parser);

} // namespace app
