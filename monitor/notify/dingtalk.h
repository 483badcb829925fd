// DingTalk custom robots (open.dingtalk.com, "custom robot access"): signature, keyword, 20 messages a
// minute.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind dingtalkKind();

} // namespace notify
