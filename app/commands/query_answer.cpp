#include "app/commands/query_answer.h"

#include "monitor/series/label_ops.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace app {

namespace {

// [seconds, "value"].
std::optional<QueryPoint> pointOf(const QJsonValue& json)
{
    const QJsonArray pair = json.toArray();
    if (pair.size() != 2 || !pair.at(0).isDouble() || !pair.at(1).isString()) {
        return std::nullopt;
    }
    return QueryPoint{pair.at(0).toDouble(), pair.at(1).toString()};
}

std::optional<QuerySeries> seriesOf(const QJsonObject& json)
{
    QuerySeries series;
    const QJsonObject labels = json.value(QStringLiteral("metric")).toObject();
    for (auto label = labels.begin(); label != labels.end(); ++label) { // sorted by name
        series.labels.emplace_back(label.key(), label.value().toString());
    }
    QJsonArray points = json.value(QStringLiteral("values")).toArray();
    if (json.contains(QStringLiteral("value"))) {
        points.append(json.value(QStringLiteral("value")));
    }
    for (const QJsonValue& point : points) {
        const auto read = pointOf(point);
        if (!read) {
            return std::nullopt;
        }
        series.points.push_back(*read);
    }
    return series;
}

core::Unexpected<core::Error> strange()
{
    return core::fail("the answer is not that of a Prometheus-compatible server");
}

} // namespace

core::Result<QueryAnswer> parseQueryAnswer(const QByteArray& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonObject root = document.object();
    const QString status = root.value(QStringLiteral("status")).toString();
    if (status == QStringLiteral("error")) {
        const QString reason = root.value(QStringLiteral("error")).toString();
        return core::fail(
            (reason.isEmpty() ? QStringLiteral("the server gives no reason") : reason).toStdString());
    }
    const QJsonObject data = root.value(QStringLiteral("data")).toObject();
    QueryAnswer answer;
    answer.type = data.value(QStringLiteral("resultType")).toString();
    const QJsonValue result = data.value(QStringLiteral("result"));
    if (status != QStringLiteral("success") || answer.type.isEmpty() || !result.isArray()) {
        return strange();
    }
    for (const QJsonValue& warning : root.value(QStringLiteral("warnings")).toArray()) {
        answer.warnings << warning.toString();
    }
    if (answer.type == QStringLiteral("scalar") || answer.type == QStringLiteral("string")) {
        const auto point = pointOf(result);
        if (!point) {
            return strange();
        }
        answer.series.push_back({{}, {*point}});
        return answer;
    }
    for (const QJsonValue& one : result.toArray()) {
        auto series = seriesOf(one.toObject());
        if (!one.isObject() || !series) {
            return strange();
        }
        answer.series.push_back(std::move(*series));
    }
    return answer;
}

QString seriesName(const QuerySeries& series)
{
    metrics::Labels labels;
    for (const auto& [name, value] : series.labels) {
        labels.emplace_back(name.toStdString(), value.toStdString());
    }
    return QString::fromStdString(series::labelsText(labels));
}

} // namespace app
