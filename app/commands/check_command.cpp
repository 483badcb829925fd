#include "app/commands/check_command.h"

#include "app/commands/check_verdict.h"
#include "app/commands/command.h"
#include "app/commands/http_get.h"
#include "app/commands/server_url.h"
#include "monitor/engine/config.h"

#include <QCommandLineParser>
#include <QUrl>

#include <chrono>

namespace app {

namespace {

struct Check {
    QUrl url; // without a path
    CheckLimits limits;
    std::chrono::milliseconds timeout{0};
    bool alerts = true;
    QString help; // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Looks once at a running Poolscope, as a monitoring plugin does: one line with performance\n"
        "data; exit code 0 OK, 1 warning, 2 critical, 3 unknown.");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    addServerOptions(parser, "The endpoint (http://127.0.0.1:8000).");
    parser.addOptions({
        {{"w", "warning"}, "Usage beyond which it warns (the endpoint's own verdict).", "PERCENT"},
        {{"c", "critical"}, "Usage beyond which it is critical.", "PERCENT"},
        {{"t", "timeout"}, "How long it waits for an answer (10s).", "SPAN", "10s"},
        {"no-alerts", "Leave the alerts that fire out of account."},
    });
}

core::Result<std::optional<double>> percentOf(const QCommandLineParser& parser, const QString& name)
{
    if (!parser.isSet(name)) {
        return std::optional<double>();
    }
    QString text = parser.value(name);
    text.remove('%');
    bool number = false;
    const double percent = text.toDouble(&number);
    if (!number || !(percent >= 0 && percent <= 100)) {
        return core::fail("--" + name.toStdString() + ": a percentage from 0 to 100 is expected");
    }
    return std::optional(percent);
}

core::Result<Check> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope check"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    Check check;
    if (parser.isSet("help")) {
        check.help = parser.helpText().replace("<executable_name>", "poolscope check");
        return check;
    }
    if (!parser.positionalArguments().isEmpty()) {
        return core::fail("no argument is expected, only options");
    }
    const auto url = serverUrl(parser);
    if (!url) {
        return core::Unexpected{url.error()};
    }
    check.url = *url;
    const auto warning = percentOf(parser, "warning");
    const auto critical = percentOf(parser, "critical");
    const auto timeout = engine::parseSpan(parser.value("timeout").toStdString());
    if (!warning || !critical) {
        return core::Unexpected{warning ? critical.error() : warning.error()};
    }
    if (!timeout || *timeout <= core::Nanos(0)) {
        return core::fail("--timeout: a time like 10s is expected");
    }
    if (*warning && *critical && **warning > **critical) {
        return core::fail("--warning is above --critical");
    }
    check.limits = {*warning, *critical};
    check.timeout = std::chrono::ceil<std::chrono::milliseconds>(*timeout);
    check.alerts = !parser.isSet("no-alerts");
    return check;
}

core::Result<HttpReply> ask(const Check& check, const char* path)
{
    QUrl url = check.url;
    QString base = url.path();
    base.chop(base.endsWith('/') ? 1 : 0);
    url.setPath(base + QLatin1String(path));
    return httpGet(url, check.timeout);
}

CheckVerdict look(const Check& check)
{
    const auto health = ask(check, "/health/db");
    const auto status = health ? ask(check, "/pool/status") : health;
    const auto alerts = status && check.alerts ? ask(check, "/api/v1/alerts") : status;
    if (!alerts) {
        return unknownVerdict(QString::fromStdString(alerts.error().message));
    }
    return verdictOf(*health, *status, check.alerts ? firingOf(alerts->body) : QStringList(), check.limits);
}

int tell(const CheckVerdict& verdict)
{
    const int written = printed(verdict.line + '\n');
    return static_cast<int>(written == kWell ? verdict.code : CheckCode::Unknown);
}

} // namespace

int runCheck(const QStringList& arguments)
{
    const auto check = parse(arguments);
    if (!check) {
        return tell(unknownVerdict(QString::fromStdString(check.error().message)));
    }
    if (!check->help.isEmpty()) {
        return printed(check->help);
    }
    const auto application = makeCommandApplication();
    return tell(look(*check));
}

} // namespace app
