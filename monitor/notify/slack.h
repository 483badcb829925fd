// Slack incoming webhooks (api.slack.com/messaging/webhooks).
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind slackKind();

} // namespace notify
