// Any table as CSV and JSON: RFC 4180, UTF-8, raw values in base units with the unit in the head, the same in every
// locale.
#pragma once

#include "models/text_sink.h"

#include <QByteArray>
#include <QStringList>
#include <QVariant>

#include <vector>

class QAbstractItemModel;

namespace models {

// One field: quoted where RFC 4180 wants it. A text that a spreadsheet would take for a formula (= + - @,
// tab, CR at its beginning) gets a leading apostrophe; numbers stay numbers.
[[nodiscard]] QByteArray csvField(const QString& text);

// What a table shows at one moment, in the order shown: taken on the main thread, made text of on any.
struct TableContent {
    QStringList heads;
    std::vector<QVariant> cells; // raw values, row by row
};
// Works on our models and on proxies over them.
[[nodiscard]] TableContent contentOf(const QAbstractItemModel& table);

// CSV: head first, lines ended by CRLF. JSON: objects, a line each, in one array or as JSON Lines; empty cells are left out.
enum class TableForm { Csv, Json, JsonLines };
// By the end of the file's name: .json, .jsonl or .ndjson, else CSV.
[[nodiscard]] TableForm tableFormOf(const QString& path);
// False when `sink` wanted no more.
bool writeTable(const TableContent& table, TableForm form, const TextSink& sink);
// The whole text at once, for the clipboard.
[[nodiscard]] QByteArray tableCsv(const QAbstractItemModel& table);

} // namespace models
