// A real Prometheus of its own: a folder, a port, an end with the object.
#pragma once

#include "monitor/prometheus/client.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>

#include <fmt/format.h>

namespace support {

// Free when it was asked; 0: none is.
[[nodiscard]] inline quint16 freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

// Not thread-safe.
class PrometheusServer {
public:
    PrometheusServer() = default;
    ~PrometheusServer()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000)) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    PrometheusServer(const PrometheusServer&) = delete;
    PrometheusServer& operator=(const PrometheusServer&) = delete;

    [[nodiscard]] QString dataFolder() const { return m_folder.filePath(QStringLiteral("data")); }
    [[nodiscard]] QString file(const QString& name) const { return m_folder.filePath(name); }
    // Blocks of these samples in OpenMetrics; before start().
    [[nodiscard]] bool fill(const QString& openMetrics) const
    {
        QProcess tool;
        tool.start(QStringLiteral("promtool"), {QStringLiteral("tsdb"), QStringLiteral("create-blocks-from"),
                                                QStringLiteral("openmetrics"), openMetrics, dataFolder()});
        return tool.waitForFinished(300'000) && tool.exitCode() == 0;
    }
    // kill -9; start() begins again with what it had.
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    // Whether the expression finds something now.
    [[nodiscard]] bool serves(const std::string& expression) const
    {
        prometheus::Client client(spec());
        const auto found =
            client.instant(expression, core::epochMillis(core::SystemClock::instance().wallNow()));
        return found && !found->series.empty();
    }
    // False when it is not there or does not answer within a minute.
    [[nodiscard]] bool start(const QString& config)
    {
        QFile file(m_folder.filePath(QStringLiteral("prometheus.yml")));
        if (!file.open(QFile::WriteOnly) || file.write(config.toUtf8()) < 0) {
            return false;
        }
        file.close();
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral("prometheus"),
                        {QStringLiteral("--config.file=") + file.fileName(),
                         QStringLiteral("--storage.tsdb.path=") + dataFolder(),
                         QStringLiteral("--storage.tsdb.retention.time=10y"),
                         QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port),
                         QStringLiteral("--log.level=error")});
        if (!m_process.waitForStarted()) {
            return false;
        }
        for (const QDeadlineTimer limit(60'000); !limit.hasExpired();) {
            prometheus::Client client(spec());
            if (client.labelNames()) {
                return true;
            }
            m_process.waitForFinished(100); // it ends early when something is wrong
        }
        return false;
    }
    [[nodiscard]] prometheus::ServerSpec spec() const
    {
        prometheus::ServerSpec spec;
        spec.url = fmt::format("http://127.0.0.1:{}", m_port);
        spec.name = "central";
        return spec;
    }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    int m_port = freePort();
};

} // namespace support
