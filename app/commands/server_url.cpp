#include "app/commands/server_url.h"

namespace app {

core::Result<QUrl> serverUrl(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != "http" && url.scheme() != "https") || url.host().isEmpty()) {
        return core::fail("--url: http://HOST:PORT is expected");
    }
    if (!url.userInfo().isEmpty()) {
        return core::fail(
            "--url: no user or password on the command line, everybody on this machine can read it");
    }
    return url;
}

QString originOf(const QUrl& url)
{
    return url.toString(QUrl::RemovePath | QUrl::RemoveQuery);
}

} // namespace app
