// Notes on the desktop by D-Bus: org.freedesktop.Notifications 1.2.
#pragma once

#include "monitor/notify/notifier.h"

#include <QString>

namespace app {

// Shows notes through the session bus (or the bus at `address`); a note of the same key replaces the one
// before. Without a bus, or with nobody on it who shows notes, a try fails with the reason and is worth
// another. Thread-safe; waits at most 3 s.
[[nodiscard]] notify::DesktopSink makeDesktopNotes(const QString& address = {});

} // namespace app
