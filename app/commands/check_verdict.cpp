#include "app/commands/check_verdict.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace app {

namespace {

constexpr double kWarning = 80; // those of /health/db
constexpr double kCritical = 90;

const char* wordOf(CheckCode code)
{
    switch (code) {
    case CheckCode::Ok:
        return "OK";
    case CheckCode::Warning:
        return "WARNING";
    case CheckCode::Critical:
        return "CRITICAL";
    case CheckCode::Unknown:
        return "UNKNOWN";
    }
    return "";
}

// A bar would begin the figures, a line end the long text.
QString plain(QString text)
{
    text.replace('|', '/');
    return text.simplified().left(300);
}

CheckVerdict verdict(CheckCode code, const QString& text, const QString& figures)
{
    const QString line = QStringLiteral("POOLSCOPE %1 - %2").arg(QLatin1String(wordOf(code)), plain(text));
    return {code, figures.isEmpty() ? line : line + " | " + figures};
}

QString number(double value)
{
    return QString::number(value, 'g', 12);
}

struct Figures {
    double usage = 0; // percent
    int inUse = 0;
    int idle = 0;
    int overflow = 0;
    int most = 0;
    int waiting = 0;
};

std::optional<Figures> figuresOf(const QByteArray& status)
{
    const QJsonObject pool =
        QJsonDocument::fromJson(status).object().value(QStringLiteral("pool")).toObject();
    if (!pool.value(QStringLiteral("usage")).isDouble() ||
        !pool.value(QStringLiteral("checked_out")).isDouble()) {
        return std::nullopt;
    }
    const auto count = [&](const char* name) { return pool.value(QLatin1String(name)).toInt(); };
    return Figures{pool.value(QStringLiteral("usage")).toDouble() * 100,
                   count("checked_out"),
                   count("checked_in"),
                   count("overflow"),
                   count("max_connections"),
                   count("waiting")};
}

// 'label'=value[unit];warning;critical;minimum;maximum
QString performanceData(const Figures& figures, double warning, double critical)
{
    return QStringLiteral(
               "usage=%1%;%2;%3;0;100 checked_out=%4;;;0;%5 checked_in=%6;;;0 overflow=%7;;;0 waiting=%8;;;0")
        .arg(QString::number(figures.usage, 'f', 1), number(warning), number(critical))
        .arg(figures.inUse)
        .arg(figures.most)
        .arg(figures.idle)
        .arg(figures.overflow)
        .arg(figures.waiting);
}

CheckCode codeOfHealth(const QString& status)
{
    if (status == QStringLiteral("healthy")) {
        return CheckCode::Ok;
    }
    return status == QStringLiteral("warning") ? CheckCode::Warning : CheckCode::Critical;
}

CheckCode codeOfUsage(double usage, double warning, double critical)
{
    if (usage > critical) {
        return CheckCode::Critical;
    }
    return usage > warning ? CheckCode::Warning : CheckCode::Ok;
}

CheckCode codeOfAlerts(const QStringList& firing)
{
    if (firing.isEmpty()) {
        return CheckCode::Ok;
    }
    const bool critical = std::any_of(firing.begin(), firing.end(), [](const QString& alert) {
        return alert.startsWith(QStringLiteral("critical "));
    });
    return critical ? CheckCode::Critical : CheckCode::Warning;
}

} // namespace

CheckVerdict unknownVerdict(const QString& reason)
{
    return verdict(CheckCode::Unknown, reason, {});
}

QStringList firingOf(const QByteArray& alerts)
{
    QStringList firing;
    const QJsonObject data =
        QJsonDocument::fromJson(alerts).object().value(QStringLiteral("data")).toObject();
    for (const QJsonValue& alert : data.value(QStringLiteral("alerts")).toArray()) {
        const QJsonObject labels = alert[QStringLiteral("labels")].toObject();
        if (alert[QStringLiteral("state")].toString() == QStringLiteral("firing")) {
            firing << labels.value(QStringLiteral("severity")).toString(QStringLiteral("warning")) + ' ' +
                          labels.value(QStringLiteral("alertname")).toString();
        }
    }
    return firing;
}

CheckVerdict verdictOf(const HttpReply& health, const HttpReply& status, const QStringList& firing,
                       const CheckLimits& limits)
{
    const QJsonObject said = QJsonDocument::fromJson(health.body).object();
    const auto figures = figuresOf(status.body);
    const double critical = limits.critical.value_or(std::max(kCritical, limits.warning.value_or(0)));
    const double warning = limits.warning.value_or(std::min(kWarning, critical));
    const QString data = figures ? performanceData(*figures, warning, critical) : QString();
    if (health.status == 503) {
        return verdict(CheckCode::Critical, said.value(QStringLiteral("detail")).toString(), data);
    }
    const QString word = said.value(QStringLiteral("status")).toString();
    if (health.status != 200 || word.isEmpty() || !figures) {
        return unknownVerdict(
            QStringLiteral("the answer is not that of Poolscope (HTTP %1)").arg(health.status));
    }
    const bool own = limits.warning || limits.critical;
    const CheckCode pool = own ? codeOfUsage(figures->usage, warning, critical) : codeOfHealth(word);
    QString text = QStringLiteral("%1 of %2 in use (%3 %), %4 waiting")
                       .arg(figures->inUse)
                       .arg(figures->most)
                       .arg(figures->usage, 0, 'f', 1)
                       .arg(figures->waiting);
    if (!firing.isEmpty()) {
        text += QStringLiteral("; firing: ") + firing.join(QStringLiteral(", "));
    }
    return verdict(std::max(pool, codeOfAlerts(firing)), text, data);
}

} // namespace app
