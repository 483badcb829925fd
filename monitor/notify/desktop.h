// The desktop: a note, shown by whoever owns a window.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind desktopKind();

} // namespace notify
