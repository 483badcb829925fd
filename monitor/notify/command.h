// A program of the user: no shell, the webhook body on its standard input.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind commandKind();

} // namespace notify
