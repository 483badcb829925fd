// Acknowledge and snooze, wherever an alert is shown.
#pragma once

#include "widgets/alert_commands.h"
#include "widgets/cluster_commands.h"

#include <QPoint>

#include <string>

class QWidget;

namespace widgets {

// Each opens at once and returns; nothing happens for an alert that is not firing, or without commands.
void askAcknowledge(const AlertCommands* commands, const metrics::AlertRow& alert, QWidget* parent);
// `at` in global coordinates: where the menu opens.
void askSnooze(const AlertCommands* commands, const metrics::AlertRow& alert, QPoint at, QWidget* parent);

// The same of what a Prometheus tells: a silence at the Alertmanagers in the person's name, kept up while it
// fires. False when none is watched from here; nothing is opened then.
[[nodiscard]] bool askAcknowledgeThere(const ClusterCommands* commands, const std::string& name,
                                       const metrics::Labels& labels, QWidget* parent);
// A silence of one's own at the Alertmanagers, beginning with these labels. False as above.
[[nodiscard]] bool askSilenceThere(const ClusterCommands* commands, const metrics::Labels& labels,
                                   QWidget* parent);

} // namespace widgets
