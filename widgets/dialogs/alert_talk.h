// Acknowledge and snooze, wherever an alert is shown.
#pragma once

#include "widgets/alert_commands.h"

#include <QPoint>

class QWidget;

namespace widgets {

// Each opens at once and returns; nothing happens for an alert that is not firing, or without commands.
void askAcknowledge(const AlertCommands* commands, const metrics::AlertRow& alert, QWidget* parent);
// `at` in global coordinates: where the menu opens.
void askSnooze(const AlertCommands* commands, const metrics::AlertRow& alert, QPoint at, QWidget* parent);

} // namespace widgets
