#include "app/commands/query_text.h"

#include "monitor/export/csv.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace app {

namespace {

// Series names are escaped already (quoted as PromQL does); a string answer is not.
QString printable(const QString& text)
{
    QString out;
    for (const QChar c : text) {
        const bool control = c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0);
        out += control ? QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0')) : QString(c);
    }
    return out;
}

QString timeText(double seconds)
{
    const auto millis = static_cast<qint64>(std::llround(std::clamp(seconds, -1e11, 1e11) * 1000));
    return QDateTime::fromMSecsSinceEpoch(millis, QTimeZone::utc())
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

bool isText(const QueryAnswer& answer)
{
    return answer.type == QStringLiteral("string");
}

QString nameOf(const QueryAnswer& answer, const QuerySeries& series)
{
    return answer.type == QStringLiteral("scalar") || isText(answer) ? answer.type
                                                                     : printable(seriesName(series));
}

} // namespace

QString queryTable(const QueryAnswer& answer)
{
    const bool timed = answer.type == QStringLiteral("matrix");
    qsizetype width = 6;
    for (const QuerySeries& series : answer.series) {
        width = std::max(width, nameOf(answer, series).size());
    }
    const auto line = [&](const QString& name, const QString& time, const QString& value) -> QString {
        return name.leftJustified(width) + QStringLiteral("  ") +
               (timed ? time.leftJustified(23) + QStringLiteral("  ") : QString()) + value +
               QLatin1Char('\n');
    };
    QString out = line(QStringLiteral("series"), QStringLiteral("time (UTC)"), QStringLiteral("value"));
    for (const QuerySeries& series : answer.series) {
        const QString name = nameOf(answer, series);
        for (const QueryPoint& point : series.points) {
            out += line(name, timed ? timeText(point.at) : QString(), printable(point.value));
        }
    }
    return out;
}

QString queryCsv(const QueryAnswer& answer)
{
    std::set<QString> names;
    for (const QuerySeries& series : answer.series) {
        for (const auto& label : series.labels) {
            names.insert(label.first);
        }
    }
    exporting::CsvWriter csv;
    for (const QString& name : names) {
        csv.cell(name.toStdString());
    }
    csv.cell("time").cell("value").endRow();
    for (const QuerySeries& series : answer.series) {
        for (const QueryPoint& point : series.points) {
            for (const QString& name : names) {
                const auto label =
                    std::find_if(series.labels.begin(), series.labels.end(),
                                 [&](const auto& candidate) { return candidate.first == name; });
                csv.cell(label != series.labels.end() ? label->second.toStdString() : std::string());
            }
            csv.cell(point.at);
            bool number = false;
            const double value = point.value.toDouble(&number);
            number && !isText(answer) ? csv.cell(value) : csv.cell(point.value.toStdString());
            csv.endRow();
        }
    }
    return QString::fromStdString(csv.take());
}

} // namespace app
