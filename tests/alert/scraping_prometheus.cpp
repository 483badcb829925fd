#include "scraping_prometheus.h"

#include "monitor/series/label_ops.h"
#include "tests/support/http_client.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace documents {

namespace {

std::uint16_t freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    std::uint16_t port = 0;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
        port = ntohs(address.sin_port);
    }
    ::close(fd);
    return port;
}

bool write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
}

metrics::Labels labelsOf(const QJsonObject& object)
{
    metrics::Labels labels;
    for (auto at = object.begin(); at != object.end(); ++at) {
        series::setLabel(labels, at.key().toStdString(), at.value().toString().toStdString());
    }
    return labels;
}

} // namespace

ScrapingPrometheus::ScrapingPrometheus(std::uint16_t target, std::chrono::milliseconds interval)
    : m_target(target)
    , m_interval(interval)
{
}

ScrapingPrometheus::~ScrapingPrometheus()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool ScrapingPrometheus::setRules(const std::map<QString, QString>& files)
{
    QByteArray list;
    for (const auto& [name, text] : files) {
        if (!write(m_folder.filePath(name), text.toUtf8())) {
            return false;
        }
        list += (list.isEmpty() ? "" : ", ") + name.toUtf8();
    }
    const QByteArray interval = QByteArray::number(qlonglong(m_interval.count())) + "ms";
    const QByteArray config =
        "global: {scrape_interval: " + interval + ", scrape_timeout: " + interval +
        ", evaluation_interval: " + interval + "}\nrule_files: [" + list +
        "]\nscrape_configs: [{job_name: poolscope, static_configs: [{targets: ['127.0.0.1:" +
        QByteArray::number(m_target) + "']}]}]\n";
    if (!write(m_folder.filePath(QStringLiteral("prometheus.yml")), config)) {
        return false;
    }
    return m_process.state() == QProcess::NotRunning || call("POST", "/-/reload").contains(" 200 ");
}

bool ScrapingPrometheus::start()
{
    m_port = freePort();
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_folder.filePath(QStringLiteral("log")));
    m_process.start(QStringLiteral("prometheus"),
                    {QStringLiteral("--config.file=") + m_folder.filePath(QStringLiteral("prometheus.yml")),
                     QStringLiteral("--storage.tsdb.path=") + m_folder.filePath(QStringLiteral("data")),
                     QStringLiteral("--web.enable-lifecycle"),
                     QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port)});
    return m_process.waitForStarted();
}

bool ScrapingPrometheus::ready() const
{
    return call("GET", "/-/ready").contains(" 200 ");
}

QByteArray ScrapingPrometheus::call(const QByteArray& method, const QByteArray& pathAndQuery) const
{
    // HTTP/1.0: no chunks.
    const QByteArray request = method + ' ' + pathAndQuery + " HTTP/1.0\r\nContent-Length: 0\r\n\r\n";
    return QByteArray::fromStdString(
        support::httpRaw(m_port, request.toStdString(), std::chrono::seconds(30)));
}

QJsonObject ScrapingPrometheus::ask(const QByteArray& pathAndQuery) const
{
    const QByteArray answer = call("GET", pathAndQuery);
    const qsizetype body = answer.indexOf("\r\n\r\n");
    return body < 0 ? QJsonObject() : QJsonDocument::fromJson(answer.mid(body + 4)).object();
}

Samples ScrapingPrometheus::samples(const QByteArray& selector) const
{
    Samples samples;
    const QByteArray expression = selector + "[2h]";
    const QJsonObject answer = ask("/api/v1/query?query=" + expression.toPercentEncoding());
    for (const auto series : answer[QLatin1String("data")][QLatin1String("result")].toArray()) {
        const metrics::Labels labels = labelsOf(series[QLatin1String("metric")].toObject());
        for (const auto point : series[QLatin1String("values")].toArray()) {
            const std::int64_t at = std::llround(point[0].toDouble() * 1000);
            const std::string text = point[1].toString().toStdString();
            samples[at][labels] = std::strtod(text.c_str(), nullptr);
        }
    }
    return samples;
}

} // namespace documents
