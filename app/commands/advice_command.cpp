#include "app/commands/advice_command.h"

#include "app/commands/advice_answer.h"
#include "app/commands/command.h"
#include "app/commands/http_get.h"
#include "app/commands/server_url.h"

#include <QCommandLineParser>
#include <QUrlQuery>

#include <chrono>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPatience = 30s;

struct Question {
    QUrl url;
    QString format;
    QString help; // set: print it and end
};

core::Result<Question> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        "Says what pools of other sizes would have done with the requests a running Poolscope has recorded.");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    addServerOptions(parser, "The server (http://127.0.0.1:8000).");
    parser.addOptions({
        {"last", "Requests of this time only, 15m (all that are known, an hour at most).", "SPAN"},
        {"format", "table or json (table).", "FORMAT", "table"},
    });
    if (!parser.parse(QStringList{"poolscope advice"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    if (parser.isSet("help")) {
        QString help = parser.helpText(); // there is no application yet that would have a name
        return Question{{}, {}, help.replace("<executable_name>", "poolscope advice")};
    }
    const QString format = parser.value("format");
    if (!parser.positionalArguments().isEmpty() || (format != "table" && format != "json")) {
        return core::fail(parser.positionalArguments().isEmpty() ? "--format: table or json is expected"
                                                                 : "advice takes options only");
    }
    auto url = serverUrl(parser);
    if (!url) {
        return core::Unexpected{url.error()};
    }
    QString path = url->path();
    path.chop(path.endsWith('/') ? 1 : 0);
    url->setPath(path + "/pool/advice");
    if (parser.isSet("last")) {
        QUrlQuery parameters;
        parameters.addQueryItem("window", QString::fromLatin1(QUrl::toPercentEncoding(parser.value("last"))));
        url->setQuery(parameters);
    }
    return Question{*url, format, {}};
}

} // namespace

int runAdvice(const QStringList& arguments)
{
    const auto question = parse(arguments);
    if (!question) {
        return cannot(QString::fromStdString(question.error().message));
    }
    if (!question->help.isEmpty()) {
        return printed(question->help);
    }
    const auto application = makeCommandApplication();
    const auto reply = httpGet(question->url, kPatience);
    if (!reply) {
        return cannot(QStringLiteral("%1 cannot be asked: %2")
                          .arg(originOf(question->url), QString::fromStdString(reply.error().message)));
    }
    const auto text = adviceText(reply->body);
    if (!text) {
        return cannot(QString::fromStdString(text.error().message));
    }
    return printed(question->format == "json" ? QString::fromUtf8(reply->body.trimmed()) + '\n' : *text);
}

} // namespace app
