#include "monitor/store/tail_reader.h"

#include "monitor/store/open_block.h"
#include "monitor/store/sample_writer.h"

#include <string>
#include <utility>

namespace store {

namespace {

OpenBlock blockOf(Database& database)
{
    OpenBlock block;
    QSqlQuery& rows = database.rows("SELECT at, changes FROM tail ORDER BY at", {});
    while (rows.next() && block.replay(rows.value(0).toLongLong(), bytesOf(rows.value(1).toByteArray()))) {
    }
    rows.finish();
    return block;
}

series::LabelsPtr labelsOf(Database& database, std::int64_t id)
{
    QSqlQuery& rows = database.rows("SELECT name, labels FROM series WHERE id = ?", {qint64(id)});
    series::Labels labels;
    const bool found = rows.next() && readLabelsJson(rows.value(0).toString().toStdString(),
                                                     rows.value(1).toString().toStdString(), labels);
    rows.finish();
    return found ? std::make_shared<const series::Labels>(std::move(labels)) : nullptr;
}

series::SeriesData samplesOf(const OpenBlock& block, const OpenBlock::Column& column,
                             series::LabelsPtr labels)
{
    series::SeriesData data{std::move(labels), {}};
    const std::vector<std::int64_t>& times = block.times();
    for (std::size_t i = 0; i < column.values.size() && column.first + i < times.size(); ++i) {
        if (!series::isGap(column.values[i])) {
            data.samples.push_back({times[column.first + i], column.values[i]});
        }
    }
    return data;
}

} // namespace

std::vector<series::SeriesData> readTail(Database& database)
{
    // One picture of the file: the writer may be sealing the block.
    database.execute(QStringLiteral("BEGIN"));
    std::vector<series::SeriesData> all;
    try {
        const OpenBlock block = blockOf(database);
        for (const OpenBlock::Column& column : block.columns()) {
            if (series::LabelsPtr labels = labelsOf(database, column.series)) {
                series::SeriesData data = samplesOf(block, column, std::move(labels));
                if (!data.samples.empty()) {
                    all.push_back(std::move(data));
                }
            }
        }
    } catch (const SqlFailure&) {
        database.execute(QStringLiteral("ROLLBACK"));
        throw;
    }
    database.execute(QStringLiteral("COMMIT"));
    return all;
}

} // namespace store
