// An answer as text for people, spreadsheets and programs.
#pragma once

#include "app/commands/query_answer.h"

#include <QString>

namespace app {

// Columns in line: series, value, and the time (UTC) where points of several times are shown. Control
// characters are escaped: a label must not move the cursor of a terminal.
[[nodiscard]] QString queryTable(const QueryAnswer& answer);
// RFC 4180: a column for each label name that occurs, then time (seconds since the epoch) and value; a row a
// point.
[[nodiscard]] QString queryCsv(const QueryAnswer& answer);

} // namespace app
