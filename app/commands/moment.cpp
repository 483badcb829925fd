#include "app/commands/moment.h"

#include "monitor/engine/config.h"

#include <QDateTime>

#include <chrono>

namespace app {

namespace {

std::int64_t millisOf(core::Nanos span)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

core::Unexpected<core::Error> strange(const QString& text)
{
    return core::fail('"' + text.toStdString() +
                      "\" is no moment: 2026-11-20T09:12, 2026-11-20T09:12:07Z, -15m or now is expected");
}

} // namespace

core::Result<std::int64_t> parseMoment(const QString& text, std::int64_t now)
{
    const QString given = text.trimmed();
    if (given == QLatin1String("now")) {
        return now;
    }
    if (given.startsWith(QLatin1Char('-'))) {
        const auto span = engine::parseSpan(given.mid(1).toStdString());
        return span ? core::Result(now - millisOf(*span)) : core::Result<std::int64_t>(strange(text));
    }
    bool number = false;
    const double seconds = given.toDouble(&number);
    if (number && seconds > 1e8 && seconds < 1e11) {
        return static_cast<std::int64_t>(seconds * 1000);
    }
    QString iso = given;
    if (iso.size() > 10 && iso.at(10) == QLatin1Char(' ')) {
        iso[10] = QLatin1Char('T');
    }
    const QDateTime moment = QDateTime::fromString(iso, Qt::ISODateWithMs);
    if (!moment.isValid()) {
        return strange(text);
    }
    return moment.toMSecsSinceEpoch();
}

void addRangeOptions(QCommandLineParser& parser)
{
    parser.addOptions({
        {"from", "Where the range begins: 2026-11-20T09:12 (your zone, or with one), or -2h.", "TIME"},
        {"to", "Where it ends (now).", "TIME"},
        {"last", "Instead: this span until now (1h).", "SPAN"},
    });
}

core::Result<std::pair<std::int64_t, std::int64_t>> rangeOf(const QCommandLineParser& parser)
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    if (parser.isSet("last") && (parser.isSet("from") || parser.isSet("to"))) {
        return core::fail("--last and --from, --to exclude each other");
    }
    const auto last = engine::parseSpan(parser.isSet("last") ? parser.value("last").toStdString() : "1h");
    if (!last || *last <= core::Nanos(0)) {
        return core::fail("--last: " + (last ? "it must be more than nothing" : last.error().message));
    }
    const auto to = parser.isSet("to") ? parseMoment(parser.value("to"), now) : core::Result(now);
    if (!to) {
        return core::fail("--to: " + to.error().message);
    }
    const auto from =
        parser.isSet("from") ? parseMoment(parser.value("from"), now) : core::Result(*to - millisOf(*last));
    if (!from) {
        return core::fail("--from: " + from.error().message);
    }
    if (*from >= *to) {
        return core::fail("--from must be before --to");
    }
    return std::pair{*from, *to};
}

} // namespace app
