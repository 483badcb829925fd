// Prometheus' own tool, which our reading of its files is held against.
#pragma once

#include <QString>
#include <QStringList>

namespace promtool {

struct Outcome {
    bool started = false; // false: the program is not there
    int exitCode = -1;
    QString output; // both streams
};

// Runs POOLSCOPE_PROMTOOL (from the environment) or promtool, at most 30 s.
[[nodiscard]] Outcome run(const QStringList& arguments, const QString& folder = {});

} // namespace promtool
