// The --url of subcommands that ask a running server.
#pragma once

#include "monitor/core/result.h"

#include <QUrl>

namespace app {

inline constexpr auto kServerUrl = "http://127.0.0.1:8000";

// http or https with a host and, on the command line where everybody can read it, without user and password.
[[nodiscard]] core::Result<QUrl> serverUrl(const QString& text);
// "http://127.0.0.1:8000", for messages.
[[nodiscard]] QString originOf(const QUrl& url);

} // namespace app
