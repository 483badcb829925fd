#include "models/table_csv.h"

#include "models/roles.h"
#include "models/table_model.h"
#include "monitor/core/format.h"

#include <QAbstractProxyModel>
#include <QJsonDocument>
#include <QJsonObject>

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

const QVariant& cellAt(const TableContent& table, qsizetype row, qsizetype column)
{
    return table.cells[static_cast<std::size_t>(row * table.heads.size() + column)];
}

// Numbers stay numbers, what is not finite is missing.
QJsonValue jsonOf(const QVariant& raw)
{
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

QByteArray cellOf(const QVariant& raw)
{
    if (raw.typeId() == QMetaType::Double) {
        const double value = raw.toDouble();
        return std::isnan(value) ? QByteArray() : QByteArray::fromStdString(core::numberText(value));
    }
    if (raw.typeId() == QMetaType::Int || raw.typeId() == QMetaType::ULongLong) {
        return raw.toString().toLatin1();
    }
    return raw.isValid() ? csvField(raw.toString()) : QByteArray();
}

QByteArray csvRow(const TableContent& table, qsizetype row)
{
    QByteArray line;
    for (qsizetype column = 0; column < table.heads.size(); ++column) {
        line += column > 0 ? "," : "";
        line += row < 0 ? csvField(table.heads[column]) : cellOf(cellAt(table, row, column));
    }
    return line + "\r\n";
}

QByteArray jsonRow(const TableContent& table, qsizetype row)
{
    QJsonObject object;
    for (qsizetype column = 0; column < table.heads.size(); ++column) {
        const QJsonValue value = jsonOf(cellAt(table, row, column));
        if (!value.isNull()) {
            object.insert(table.heads[column], value);
        }
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// What stands before the first row, between two, and behind the last.
struct Frame {
    QByteArray before;
    QByteArray between;
    QByteArray after;
};

Frame frameOf(const TableContent& table, TableForm form, qsizetype rows)
{
    switch (form) {
    case TableForm::Csv:
        return {csvRow(table, -1), "", ""};
    case TableForm::Json:
        return {rows > 0 ? "[\n" : "[", ",\n", "\n]\n"};
    case TableForm::JsonLines:
        break;
    }
    return {"", "\n", rows > 0 ? "\n" : ""};
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

TableContent contentOf(const QAbstractItemModel& table)
{
    TableContent content;
    for (int column = 0; column < table.columnCount(); ++column) {
        content.heads += headTextOf(table, column);
    }
    content.cells.reserve(static_cast<std::size_t>(table.rowCount()) * static_cast<std::size_t>(table.columnCount()));
    for (int row = 0; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            content.cells.push_back(table.index(row, column).data(RawRole));
        }
    }
    return content;
}

TableForm tableFormOf(const QString& path)
{
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        return TableForm::Json;
    }
    const bool lines = path.endsWith(QLatin1String(".jsonl"), Qt::CaseInsensitive) ||
                       path.endsWith(QLatin1String(".ndjson"), Qt::CaseInsensitive);
    return lines ? TableForm::JsonLines : TableForm::Csv;
}

bool writeTable(const TableContent& table, TableForm form, const TextSink& sink)
{
    const qsizetype rows = table.heads.isEmpty() ? 0 : static_cast<qsizetype>(table.cells.size()) / table.heads.size();
    const Frame frame = frameOf(table, form, rows);
    const auto line = [&](std::size_t i) -> QByteArray {
        const qsizetype row = static_cast<qsizetype>(i) - 1;
        if (row < 0 || row == rows) {
            return row < 0 ? frame.before : frame.after;
        }
        return (row > 0 ? frame.between : QByteArray()) +
               (form == TableForm::Csv ? csvRow(table, row) : jsonRow(table, row));
    };
    return writeLines(static_cast<std::size_t>(rows) + 2, line, sink);
}

QByteArray tableCsv(const QAbstractItemModel& table)
{
    QByteArray text;
    writeTable(contentOf(table), TableForm::Csv, [&text](const QByteArray& piece, double) {
        text += piece;
        return true;
    });
    return text;
}

} // namespace models
