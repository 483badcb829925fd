#include "promtool.h"

#include <QProcess>

namespace promtool {

Outcome run(const QStringList& arguments, const QString& folder)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (!folder.isEmpty()) {
        process.setWorkingDirectory(folder);
    }
    process.start(qEnvironmentVariable("POOLSCOPE_PROMTOOL", QStringLiteral("promtool")), arguments);
    Outcome outcome;
    outcome.started = process.waitForStarted() && process.waitForFinished();
    outcome.exitCode = process.exitCode();
    outcome.output = QString::fromUtf8(process.readAll());
    return outcome;
}

} // namespace promtool
