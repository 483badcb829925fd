// What a Prometheus-compatible server answers to a query, read from its JSON.
#pragma once

#include "monitor/core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace app {

struct QueryPoint {
    double at = 0; // seconds since the epoch
    QString value; // as the server wrote it: "0.5", "NaN", "+Inf"
};

struct QuerySeries {
    std::vector<std::pair<QString, QString>>
        labels;                     // sorted by name; with __name__ where the expression keeps it
    std::vector<QueryPoint> points; // ascending
};

struct QueryAnswer {
    QString type; // "vector", "matrix", "scalar", "string"
    std::vector<QuerySeries> series;
    QStringList warnings;
};

// Total: any bytes are fine. The error is the server's own reason, or what is wrong with its answer.
[[nodiscard]] core::Result<QueryAnswer> parseQueryAnswer(const QByteArray& json);
// metric{a="b"} as PromQL writes it; "{}" without labels.
[[nodiscard]] QString seriesName(const QuerySeries& series);

} // namespace app
