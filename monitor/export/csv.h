// CSV as RFC 4180 has it, safe to open in a spreadsheet and the same in every locale.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exporting {

enum class Bom { Without, With };

// Builds rows: CRLF at the end of each, cells with a comma, quote, CR or LF in quotes, quotes doubled. Texts
// that a spreadsheet would run as a formula (beginning with = + - @ TAB CR, numbers exempt) get an apostrophe
// in front; what is no UTF-8 is replaced. Not thread-safe.
class CsvWriter {
public:
    // With: the three bytes by which Excel knows UTF-8 come first.
    explicit CsvWriter(Bom bom = Bom::Without);

    CsvWriter& cell(std::string_view text);
    // Shortest text that reads back to the same double; NaN is an empty cell, infinities are "inf" and
    // "-inf".
    CsvWriter& cell(double value);
    CsvWriter& cell(long long value);
    CsvWriter& empty();
    CsvWriter& endRow();

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    [[nodiscard]] std::string take() noexcept { return std::move(m_text); }

private:
    void separate();

    std::string m_text;
    bool m_rowBegun = false;
};

// The cells of one line, quotes undone; the apostrophe of the formula guard stays. Total: bad quoting gives
// odd cells.
[[nodiscard]] std::vector<std::string> parseLine(std::string_view line);

// Any table: one row of heads, then the rows; short rows are filled with empty cells, long ones cut.
[[nodiscard]] std::string tableCsv(const std::vector<std::string>& heads,
                                   const std::vector<std::vector<std::string>>& rows, Bom bom = Bom::Without);

} // namespace exporting
