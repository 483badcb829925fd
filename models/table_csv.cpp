#include "models/table_csv.h"

#include "models/roles.h"
#include "models/table_model.h"
#include "monitor/core/format.h"

#include <QAbstractProxyModel>
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

QByteArray headOf(const QAbstractItemModel& table, int column)
{
    const TableModel* source = sourceOf(table);
    return csvField(source ? source->csvHead(column) : table.headerData(column, Qt::Horizontal).toString());
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

core::Result<void> saveFile(const QString& path, const QByteArray& content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        return core::fail(path.toStdString() + ": " + file.errorString().toStdString());
    }
    return {};
}

} // namespace models
