// Any table as CSV and JSON: RFC 4180, UTF-8, raw values in base units with the unit in the head, the same in every
// locale.
#pragma once

#include "monitor/core/result.h"

#include <QByteArray>
#include <QString>

class QAbstractItemModel;

namespace models {

// One field: quoted where RFC 4180 wants it. A text that a spreadsheet would take for a formula (= + - @,
// tab, CR at its beginning) gets a leading apostrophe; numbers stay numbers.
[[nodiscard]] QByteArray csvField(const QString& text);
// The rows in the order shown, head first, lines ended by CRLF. Works on our models and on proxies over them.
[[nodiscard]] QByteArray tableCsv(const QAbstractItemModel& table);
// The same as a list of JSON objects, a line each: one array, or JSON Lines; empty cells are left out.
enum class JsonForm { Array, Lines };
[[nodiscard]] QByteArray tableJson(const QAbstractItemModel& table, JsonForm form);
// By the end of the file's name: .json, .jsonl or .ndjson, else CSV.
[[nodiscard]] QByteArray tableFile(const QAbstractItemModel& table, const QString& path);
// Written beside the target and renamed, so that no half file is ever seen. Errors name the path and the
// reason.
[[nodiscard]] core::Result<void> saveFile(const QString& path, const QByteArray& content);

} // namespace models
