// One HTTP request, waited for.
#pragma once

#include "monitor/core/result.h"

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <chrono>
#include <utility>

namespace app {

struct HttpReply {
    int status = 0;
    QByteArray body; // at most kMaxReply bytes
};

inline constexpr qint64 kMaxReply = 64LL * 1024 * 1024;

using HttpHeaders = QList<std::pair<QByteArray, QByteArray>>;

// GET, redirects not followed. Needs a QCoreApplication; runs an event loop on this thread until the answer
// is there or `timeout` is over. The error says in one line what went wrong: no such host, refused, no answer
// in time.
[[nodiscard]] core::Result<HttpReply> httpGet(const QUrl& url, std::chrono::milliseconds timeout,
                                              const HttpHeaders& headers = {});

} // namespace app
