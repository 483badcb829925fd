// Any web server: the body Alertmanager sends to its webhooks, version 4.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind webhookKind();

} // namespace notify
