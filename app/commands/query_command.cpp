#include "app/commands/query_command.h"

#include "app/commands/command.h"
#include "app/commands/http_get.h"
#include "app/commands/query_answer.h"
#include "app/commands/query_text.h"
#include "app/commands/server_url.h"
#include "monitor/core/result.h"
#include "monitor/engine/config.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QFile>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPatience = 30s;

struct Query {
    QUrl url; // with path and parameters
    HttpHeaders headers;
    QString format;
    QString help; // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Evaluates a PromQL expression over the history of a running Poolscope.");
    parser.addPositionalArgument("EXPR", "The expression, in one argument: 'rate(db_slow_query_total[5m])'.");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    addServerOptions(parser, "The server (http://127.0.0.1:8000); any Prometheus-compatible one will do.");
    parser.addOptions({
        {"bearer-file", "A file whose first line is the token the server wants.", "FILE"},
        {"tenant", "X-Scope-OrgID, of servers that keep several tenants apart (Mimir, Cortex).", "NAME"},
        {"format", "table, csv or json (table).", "FORMAT", "table"},
        {"last", "Every value over this time until now, instead of the present one.", "SPAN"},
        {"step", "With --last: time between two values (a hundredth of it, at least 1s).", "SPAN"},
    });
}

core::Result<std::chrono::duration<double>> spanOf(const QCommandLineParser& parser, const QString& name)
{
    const auto span = engine::parseSpan(parser.value(name).toStdString());
    if (!span || *span <= core::Nanos(0)) {
        const std::string reason = span ? "it must be more than nothing" : span.error().message;
        return core::fail("--" + name.toStdString() + ": " + reason);
    }
    return std::chrono::duration<double>(*span);
}

// Path and parameters of the request.
core::Result<QUrl> requestOf(const QCommandLineParser& parser, QUrl url, const QString& expression)
{
    QUrlQuery parameters;
    // Percent-encoded here: QUrlQuery leaves '+' alone, which servers read as a blank.
    parameters.addQueryItem("query", QString::fromLatin1(QUrl::toPercentEncoding(expression)));
    const bool range = parser.isSet("last");
    if (range) {
        const auto last = spanOf(parser, "last");
        const auto step = parser.isSet("step") ? spanOf(parser, "step")
                          : last ? core::Result(std::max(std::chrono::duration<double>(1s), *last / 100))
                                 : last;
        if (!last || !step) {
            return core::Unexpected{last ? step.error() : last.error()};
        }
        const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
        parameters.addQueryItem("start", QString::number(now - last->count(), 'f', 3));
        parameters.addQueryItem("end", QString::number(now, 'f', 3));
        parameters.addQueryItem("step", QString::number(step->count(), 'f', 3));
    }
    QString path = url.path();
    path.chop(path.endsWith('/') ? 1 : 0);
    url.setPath(path + (range ? "/api/v1/query_range" : "/api/v1/query"));
    url.setQuery(parameters);
    return url;
}

// Of servers that want to know who asks; secrets come from files, never from the command line.
core::Result<HttpHeaders> headersOf(const QCommandLineParser& parser)
{
    HttpHeaders headers;
    if (const QByteArray tenant = parser.value("tenant").toUtf8(); !tenant.isEmpty()) {
        if (tenant.contains('\n') || tenant.contains('\r')) {
            return core::fail("--tenant: one line is expected");
        }
        headers.emplace_back("X-Scope-OrgID", tenant);
    }
    if (parser.isSet("bearer-file")) {
        QFile file(parser.value("bearer-file"));
        const QByteArray token = file.open(QFile::ReadOnly) ? file.readLine(16 * 1024).trimmed() : QByteArray();
        if (token.isEmpty()) {
            return core::fail("--bearer-file: " + file.fileName().toStdString() + " cannot be read or is empty");
        }
        headers.emplace_back("Authorization", "Bearer " + token);
    }
    return headers;
}

core::Result<Query> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope query"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    if (parser.isSet("help")) {
        QString help = parser.helpText(); // there is no application yet that would have a name
        return Query{{}, {}, {}, help.replace("<executable_name>", "poolscope query")};
    }
    if (parser.positionalArguments().size() != 1) {
        return core::fail("one expression is expected, in quotes: poolscope query 'db_pool_usage'");
    }
    const QString format = parser.value("format");
    if (format != "table" && format != "csv" && format != "json") {
        return core::fail("--format: table, csv or json is expected");
    }
    const auto url = serverUrl(parser);
    if (!url) {
        return core::Unexpected{url.error()};
    }
    auto request = requestOf(parser, *url, parser.positionalArguments().constFirst());
    if (!request) {
        return core::Unexpected{request.error()};
    }
    auto headers = headersOf(parser);
    if (!headers) {
        return core::Unexpected{headers.error()};
    }
    return Query{*request, std::move(*headers), format, {}};
}

int show(const Query& query, const HttpReply& reply)
{
    const auto answer = parseQueryAnswer(reply.body);
    if (!answer) {
        const QString reason = QString::fromStdString(answer.error().message);
        return cannot(reply.status == 200 ? reason
                                          : QStringLiteral("%1 (HTTP %2)").arg(reason).arg(reply.status));
    }
    for (const QString& warning : answer->warnings) {
        std::ignore = cannot(QStringLiteral("warning: %1").arg(warning));
    }
    if (query.format == "json") {
        return printed(QString::fromUtf8(reply.body.trimmed()) + '\n');
    }
    return printed(query.format == "csv" ? queryCsv(*answer) : queryTable(*answer));
}

} // namespace

int runQuery(const QStringList& arguments)
{
    const auto query = parse(arguments);
    if (!query) {
        return cannot(QString::fromStdString(query.error().message));
    }
    if (!query->help.isEmpty()) {
        return printed(query->help);
    }
    const auto application = makeCommandApplication();
    const auto reply = httpGet(query->url, kPatience, query->headers);
    if (!reply) {
        return cannot(QStringLiteral("%1 cannot be asked: %2")
                          .arg(originOf(query->url), QString::fromStdString(reply.error().message)));
    }
    return show(*query, *reply);
}

} // namespace app
