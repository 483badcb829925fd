// What a person can say to other people's Alertmanagers. Filled in by app/wiring; every call returns at once,
// to whom it was told comes as a toast.
#pragma once

#include "monitor/metrics/cluster_rows.h"
#include "monitor/metrics/silence_rows.h"
#include "widgets/alert_commands.h"

#include <QString>

#include <functional>

namespace widgets {

struct ClusterCommands {
    std::function<metrics::ClusterViewPtr()> view; // of the last round; null: no Alertmanager is watched
    std::function<void(const metrics::SilenceRow& silence)> silence;
    std::function<void(const QString& id)> expire;
    // A silence that is kept up while what has these labels fires; and the end of all such.
    std::function<void(const metrics::Labels& labels, const QString& by, const QString& note)> acknowledge;
    std::function<void(const metrics::Labels& labels)> withdraw;
    std::function<void()> refresh; // now, not with the next round
    std::function<SilencePreview(const QString& matchers)> preview;
};

} // namespace widgets
