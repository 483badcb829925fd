#include "models/table_csv.h"

#include "models/roles.h"
#include "models/table_model.h"
#include "monitor/core/format.h"

#include <QAbstractProxyModel>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <cmath>

namespace models {

namespace {

const TableModel* sourceOf(const QAbstractItemModel& table)
{
    const QAbstractItemModel* model = &table;
    while (const auto* proxy = qobject_cast<const QAbstractProxyModel*>(model)) {
        model = proxy->sourceModel();
    }
    return qobject_cast<const TableModel*>(model);
}

QString headTextOf(const QAbstractItemModel& table, int column)
{
    const TableModel* source = sourceOf(table);
    return source ? source->csvHead(column) : table.headerData(column, Qt::Horizontal).toString();
}

QByteArray headOf(const QAbstractItemModel& table, int column)
{
    return csvField(headTextOf(table, column));
}

// Numbers stay numbers, what is not finite is missing.
QJsonValue jsonOf(const QModelIndex& index)
{
    const QVariant raw = index.data(RawRole);
    switch (raw.typeId()) {
    case QMetaType::Double:
        return std::isfinite(raw.toDouble()) ? QJsonValue(raw.toDouble()) : QJsonValue();
    case QMetaType::Int:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
        return raw.toDouble();
    default:
        return raw.isValid() ? QJsonValue(raw.toString()) : QJsonValue();
    }
}

QByteArray cellOf(const QModelIndex& index)
{
    const QVariant raw = index.data(RawRole);
    if (raw.typeId() == QMetaType::Double) {
        const double value = raw.toDouble();
        return std::isnan(value) ? QByteArray() : QByteArray::fromStdString(core::numberText(value));
    }
    if (raw.typeId() == QMetaType::Int || raw.typeId() == QMetaType::ULongLong) {
        return raw.toString().toLatin1();
    }
    return raw.isValid() ? csvField(raw.toString()) : QByteArray();
}

} // namespace

QByteArray csvField(const QString& text)
{
    QString field = text;
    if (!field.isEmpty() && QStringView(u"=+-@\t\r").contains(field.front())) {
        field.prepend(QLatin1Char('\''));
    }
    const bool quote = field.contains(QLatin1Char('"')) || field.contains(QLatin1Char(',')) ||
                       field.contains(QLatin1Char('\n')) || field.contains(QLatin1Char('\r'));
    if (quote) {
        field.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        field = QLatin1Char('"') + field + QLatin1Char('"');
    }
    return field.toUtf8();
}

QByteArray tableCsv(const QAbstractItemModel& table)
{
    QByteArray out;
    for (int row = -1; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            out += column > 0 ? QByteArray(",") : QByteArray();
            out += row < 0 ? headOf(table, column) : cellOf(table.index(row, column));
        }
        out += "\r\n";
    }
    return out;
}

QByteArray tableJson(const QAbstractItemModel& table, JsonForm form)
{
    QByteArray out = form == JsonForm::Array ? QByteArray("[") : QByteArray();
    for (int row = 0; row < table.rowCount(); ++row) {
        QJsonObject object;
        for (int column = 0; column < table.columnCount(); ++column) {
            const QJsonValue value = jsonOf(table.index(row, column));
            if (!value.isNull()) {
                object.insert(headTextOf(table, column), value);
            }
        }
        const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact);
        if (form == JsonForm::Array) {
            out += row > 0 ? ",\n" : "\n";
        }
        out += line;
        out += form == JsonForm::Lines ? "\n" : "";
    }
    return form == JsonForm::Array ? QByteArray(out + "\n]\n") : out;
}

QByteArray tableFile(const QAbstractItemModel& table, const QString& path)
{
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        return tableJson(table, JsonForm::Array);
    }
    const bool lines = path.endsWith(QLatin1String(".jsonl"), Qt::CaseInsensitive) ||
                       path.endsWith(QLatin1String(".ndjson"), Qt::CaseInsensitive);
    return lines ? tableJson(table, JsonForm::Lines) : tableCsv(table);
}

core::Result<void> saveFile(const QString& path, const QByteArray& content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        return core::fail(path.toStdString() + ": " + file.errorString().toStdString());
    }
    return {};
}

} // namespace models
