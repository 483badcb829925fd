#include "app/commands/server_url.h"

#include "monitor/engine/config.h"

#include <QHostAddress>

#include <string>

namespace app {

namespace {

// As this machine reaches it.
core::Result<QUrl> endpointOf(const QString& file)
{
    engine::Config config;
    if (auto read = engine::readConfigFile(file.toStdString(), config); !read) {
        return core::Unexpected{read.error()};
    }
    if (!config.listen || config.listen->port == 0) {
        return core::fail("--config: its \"listen\" is " + std::string(config.listen ? "any free port" : "off") +
                          "; --url says where to ask");
    }
    QString host = QString::fromStdString(config.listen->host);
    if (const QHostAddress address(host); address == QHostAddress::AnyIPv4 || address == QHostAddress::AnyIPv6) {
        host = address == QHostAddress::AnyIPv4 ? QStringLiteral("127.0.0.1") : QStringLiteral("::1");
    }
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(host);
    url.setPort(config.listen->port);
    return url;
}

} // namespace

void addServerOptions(QCommandLineParser& parser, const QString& help)
{
    parser.addOptions({
        {"url", help, "URL", kServerUrl},
        {"config", "Instead: the settings in YAML of the Poolscope that is meant.", "FILE"},
    });
}

core::Result<QUrl> serverUrl(const QCommandLineParser& parser)
{
    return parser.isSet("config") && !parser.isSet("url") ? endpointOf(parser.value("config"))
                                                          : serverUrl(parser.value("url"));
}

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
