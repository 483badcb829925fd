#include "monitor/pg/result.h"

#include <libpq-fe.h>

#include <cassert>
#include <charconv>

namespace pg {

void ResultSet::Clear::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

int ResultSet::rows() const noexcept {
    return m_result ? PQntuples(m_result.get()) : 0;
}

int ResultSet::columns() const noexcept {
    return m_result ? PQnfields(m_result.get()) : 0;
}

// Compared byte for byte: PQfnumber() would fold the case of the name.
int ResultSet::column(std::string_view name) const noexcept {
    for (int i = 0; i < columns(); ++i) {
        if (name == PQfname(m_result.get(), i)) {
            return i;
        }
    }
    return -1;
}

std::string_view ResultSet::text(int row, int column) const noexcept {
    assert(row >= 0 && row < rows() && column >= 0 && column < columns());
    return {PQgetvalue(m_result.get(), row, column),
            static_cast<std::size_t>(PQgetlength(m_result.get(), row, column))};
}

bool ResultSet::isNull(int row, int column) const noexcept {
    assert(row >= 0 && row < rows() && column >= 0 && column < columns());
    return PQgetisnull(m_result.get(), row, column) == 1;
}

std::string_view ResultSet::commandTag() const noexcept {
    return m_result ? std::string_view(PQcmdStatus(m_result.get())) : std::string_view();
}

std::uint64_t ResultSet::affected() const noexcept {
    std::uint64_t count = 0;
    if (m_result) {
        const std::string_view digits = PQcmdTuples(m_result.get());
        std::from_chars(digits.data(), digits.data() + digits.size(), count);
    }
    return count;
}

} // namespace pg
