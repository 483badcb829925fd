#include "monitor/export/csv.h"

#include "monitor/core/format.h"

#include <charconv>
#include <cmath>
#include <utility>

namespace exporting {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool isNumber(std::string_view text)
{
    double value = 0;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && std::isfinite(value) &&
           (digits.size() == text.size() || (digits.front() >= '0' && digits.front() <= '9') ||
            digits.front() == '.');
}

// Spreadsheets run cells that begin with one of these (OWASP, "CSV Injection").
bool looksLikeFormula(std::string_view text)
{
    constexpr std::string_view starters = "=+-@\t\r";
    return !text.empty() && starters.find(text.front()) != std::string_view::npos && !isNumber(text);
}

} // namespace

CsvWriter::CsvWriter(Bom bom)
{
    if (bom == Bom::With) {
        m_text = kBom;
    }
}

void CsvWriter::separate()
{
    if (m_rowBegun) {
        m_text += ',';
    }
    m_rowBegun = true;
}

CsvWriter& CsvWriter::cell(std::string_view text)
{
    separate();
    std::string valid = core::validUtf8(text);
    if (looksLikeFormula(valid)) {
        valid.insert(0, 1, '\'');
    }
    const bool blankEnds = !valid.empty() && (valid.front() == ' ' || valid.back() == ' ');
    if (!blankEnds && valid.find_first_of(",\"\r\n") == std::string::npos) {
        m_text += valid;
        return *this;
    }
    m_text += '"';
    for (const char letter : valid) {
        m_text += letter;
        if (letter == '"') {
            m_text += '"';
        }
    }
    m_text += '"';
    return *this;
}

CsvWriter& CsvWriter::cell(double value)
{
    separate();
    if (std::isinf(value)) {
        m_text += value > 0 ? "inf" : "-inf"; // what float() and pandas read
    } else if (!std::isnan(value)) {
        m_text += core::numberText(value);
    }
    return *this;
}

CsvWriter& CsvWriter::cell(long long value)
{
    separate();
    m_text += std::to_string(value);
    return *this;
}

CsvWriter& CsvWriter::empty()
{
    separate();
    return *this;
}

CsvWriter& CsvWriter::endRow()
{
    m_text += "\r\n";
    m_rowBegun = false;
    return *this;
}

std::vector<std::string> parseLine(std::string_view line)
{
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char letter = line[at];
        const bool doubled = quoted && letter == '"' && at + 1 < line.size() && line[at + 1] == '"';
        if (doubled) {
            cells.back() += '"';
            ++at;
        } else if (letter == '"') {
            quoted = !quoted;
        } else if (letter == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += letter;
        }
    }
    return cells;
}

std::string tableCsv(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
                     Bom bom)
{
    CsvWriter csv(bom);
    for (const std::string& head : heads) {
        csv.cell(std::string_view(head));
    }
    csv.endRow();
    for (const std::vector<std::string>& row : rows) {
        for (std::size_t column = 0; column < heads.size(); ++column) {
            if (column < row.size()) {
                csv.cell(std::string_view(row[column]));
            } else {
                csv.empty();
            }
        }
        csv.endRow();
    }
    return csv.take();
}

} // namespace exporting
