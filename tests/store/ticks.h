// Ticks by hand, and what the file says of them.
#pragma once

#include "monitor/series/packed_values.h"
#include "monitor/store/bucket.h"
#include "monitor/store/database.h"
#include "monitor/store/open_block.h"
#include "monitor/store/sample_writer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace support {

inline constexpr std::int64_t kStart = 1'795'161'600'000; // ms; a whole day: 2026-11-20T08:00Z is in it

inline series::LabelsPtr labelsOf(const std::string& name, series::Labels more = {})
{
    series::setLabel(more, series::kNameLabel, name);
    return std::make_shared<const series::Labels>(std::move(more));
}

using Values = std::vector<std::pair<series::LabelsPtr, double>>;

inline store::TickSamples tickAt(std::int64_t at, const Values& values)
{
    store::TickSamples tick{at, {}};
    for (const auto& [labels, value] : values) {
        tick.samples.push_back({labels, {at, value}});
    }
    return tick;
}

// Every raw sample of a series in sealed blocks, oldest first.
inline std::vector<series::Sample> rawOf(store::Database& database, std::int64_t id)
{
    std::vector<series::Sample> samples;
    QSqlQuery& rows =
        database.rows("SELECT b.times, c.data FROM block b JOIN chunk c ON c.key = (b.id << 24) + ? "
                      "ORDER BY b.first_at",
                      {qint64(id)});
    while (rows.next()) {
        std::vector<std::int64_t> times;
        store::OpenBlock::Column column;
        if (!series::unpackTimes(store::bytesOf(rows.value(0).toByteArray()), times) ||
            !store::unpackChunk(store::bytesOf(rows.value(1).toByteArray()), column)) {
            return {};
        }
        for (std::size_t i = 0; i < column.values.size(); ++i) {
            if (!series::isGap(column.values[i])) {
                samples.push_back({times.at(column.first + i), column.values[i]});
            }
        }
    }
    rows.finish();
    return samples;
}

inline std::int64_t idOf(store::Database& database, const char* name)
{
    return database.number(QStringLiteral("SELECT id FROM series WHERE name = ?"), {QString::fromUtf8(name)});
}

} // namespace support
