// What GET /pool/advice answers, as text for people.
#pragma once

#include "monitor/core/result.h"

#include <QByteArray>
#include <QString>

namespace app {

// The sentence, what it rests on, and a line a size: all up to the first without waits, today's and the
// suggested one. Total: any bytes are fine. The error is the server's own reason, or what is wrong with its
// answer.
[[nodiscard]] core::Result<QString> adviceText(const QByteArray& json);

} // namespace app
