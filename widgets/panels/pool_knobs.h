// The settings of the pool as the window offers them: one row each, in the order they are shown.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <QString>

#include <span>

namespace widgets {

struct PoolKnob {
    enum class Kind { Whole, Seconds, Switch, Choice };

    const char* name;  // as Commands::configurePool and db_pool_config{key} spell it
    const char* title; // QT_TRANSLATE_NOOP("widgets::PoolKnobs", …)
    const char* help;  // QT_TRANSLATE_NOOP("widgets::PoolKnobs", …)
    Kind kind;
    double minimum; // seconds for Kind::Seconds
    double maximum;
    std::span<const char* const> choices = {}; // Kind::Choice: QT_TRANSLATE_NOOP texts by value
};

[[nodiscard]] std::span<const PoolKnob> poolKnobs();
// What the pool says it has now; NaN when it does not say.
[[nodiscard]] double knobValue(const PoolKnob& knob, const metrics::Snapshot& snapshot);
// "30 s", "10", "on", "first in, first out"; "–" for NaN.
[[nodiscard]] QString knobText(const PoolKnob& knob, double value);
[[nodiscard]] QString knobTitle(const PoolKnob& knob);
[[nodiscard]] QString knobHelp(const PoolKnob& knob);

} // namespace widgets
