// Alertmanager itself (API v2): every peer is told, again each minute, as a Prometheus does.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind alertmanagerKind();

} // namespace notify
