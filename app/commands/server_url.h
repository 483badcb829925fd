// --url and --config of subcommands that ask a running server.
#pragma once

#include "monitor/core/result.h"

#include <QCommandLineParser>
#include <QUrl>

namespace app {

inline constexpr auto kServerUrl = "http://127.0.0.1:8000";

void addServerOptions(QCommandLineParser& parser, const QString& help);

// http or https with a host and, on the command line where everybody can read it, without user and password.
[[nodiscard]] core::Result<QUrl> serverUrl(const QString& text);
// --url; without it the endpoint of the Poolscope whose settings --config names; without both the usual one.
[[nodiscard]] core::Result<QUrl> serverUrl(const QCommandLineParser& parser);
// "http://127.0.0.1:8000", for messages.
[[nodiscard]] QString originOf(const QUrl& url);

} // namespace app
