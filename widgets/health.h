// How well everything is, in one word: what the pill, the title, the tray and the severity strip show.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/theme.h"

#include <QString>

namespace widgets {

struct Health {
    StatusLevel level = StatusLevel::NoData;
    QString value;          // "83.3 %", or why there is none
    QString cause;          // the alert or what is wrong; empty when well
    core::WallTime since{}; // of the cause; 0 when there is none
};

// The same count everywhere: navigation, Overview, Alerts. What a stronger alert covers is not one more
// trouble.
struct AlertCounts {
    int firing = 0;  // not inhibited
    int covered = 0; // firing, but a stronger one speaks for it
    int pending = 0;
    int resolved = 0;
};
// What people are to look at: our alerts, and those that a Prometheus owns. Shadows only with Shadows::Too.
enum class Shadows { LeftOut, Too };
[[nodiscard]] std::vector<metrics::AlertRow> shownAlerts(const metrics::Snapshot& snapshot,
                                                         Shadows shadows = Shadows::LeftOut);
[[nodiscard]] AlertCounts countAlerts(const std::vector<metrics::AlertRow>& alerts) noexcept;

// The worst of: the server's state, the pool's state, firing alerts that nothing stronger speaks for, the
// pool's usage (over 80 % warning, over 90 % critical: the contract's health rules), pending alerts.
[[nodiscard]] Health healthOf(const metrics::Snapshot& snapshot);
// NoData < Ok < Pending < Warning < Error < Critical.
[[nodiscard]] int rankOf(StatusLevel level) noexcept;

} // namespace widgets
