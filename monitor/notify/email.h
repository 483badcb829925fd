// Mail by SMTP (RFC 5321), plain, STARTTLS or TLS, as text and HTML side by side.
#pragma once

#include "monitor/notify/notifier.h"

namespace notify {

[[nodiscard]] NotifierKind emailKind();

} // namespace notify
