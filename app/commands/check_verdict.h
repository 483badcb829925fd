// What a monitoring plugin says of a pool, from the answers of the endpoint.
#pragma once

#include "app/commands/http_get.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace app {

// A plugin's exit codes (Monitoring Plugins Development Guidelines, "Plugin Return Codes").
enum class CheckCode { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };

// Limits of the usage in percent of what the pool may have; beyond one is worse. Unset: the endpoint's own
// word.
struct CheckLimits {
    std::optional<double> warning;
    std::optional<double> critical;
};

struct CheckVerdict {
    CheckCode code = CheckCode::Unknown;
    QString line; // "POOLSCOPE OK - … | usage=6.7%;80;90;0;100 …", one line, no line end
};

// `health` is the answer of /health/db, `status` of /pool/status, `firing` what fires as "severity name".
// Total: any bytes give a verdict, Unknown when they make no sense.
[[nodiscard]] CheckVerdict verdictOf(const HttpReply& health, const HttpReply& status,
                                     const QStringList& firing, const CheckLimits& limits);
// The alerts that fire, as "severity name", from the answer of /api/v1/alerts.
[[nodiscard]] QStringList firingOf(const QByteArray& alerts);
// For what cannot be asked.
[[nodiscard]] CheckVerdict unknownVerdict(const QString& reason);

} // namespace app
