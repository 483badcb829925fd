// Values of the flow as texts of the window.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/units.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/metrics/diary.h"
#include "monitor/metrics/log_entry.h"
#include "monitor/metrics/pool_rows.h"
#include "monitor/metrics/scenario_rows.h"
#include "monitor/metrics/snapshot.h"

#include <QString>

namespace models {

// Any bytes are fine: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] QString text(const std::string& utf8);
// The window's language, for sentences made by the core.
[[nodiscard]] core::Lang lang();
// "83.3 %", "412 ms"; NaN is "–".
[[nodiscard]] QString valueText(double value, core::Unit unit);
// "1.2 %", below 0.1 % "0.04 %": for shares that are small when all is well.
[[nodiscard]] QString shareText(double ratio);
// "1m 12s"; 0 is "–", which stands for "not so".
[[nodiscard]] QString spanText(core::Nanos span);
// "> 80 %"; empty without a threshold.
[[nodiscard]] QString thresholdText(const std::string& op, const std::optional<double>& threshold,
                                    core::Unit unit);

// State words in the window's language. The untranslated ones of files and HTTP are metrics::…Name().
[[nodiscard]] QString word(metrics::SlotState state);
[[nodiscard]] QString word(metrics::AlertState state);
[[nodiscard]] QString word(metrics::Severity severity);
[[nodiscard]] QString word(metrics::ScenarioState state);
[[nodiscard]] QString word(metrics::SourceState state);
[[nodiscard]] QString word(metrics::Mark::Kind kind);
// "console not running"
[[nodiscard]] QString word(metrics::GapReason reason);
// A mark's own words: its text, of a gap its reason.
[[nodiscard]] QString text(const metrics::Mark& mark);
// "DEBUG", "WARNING" …: as in the log file, in every language.
[[nodiscard]] QString word(metrics::LogLevel level);

} // namespace models
