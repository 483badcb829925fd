// Rows of a finished statement, owned; no PGresult outside this room.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct pg_result;

namespace pg {

// Move-only. Text format; indices are checked by assert. NULL reads as an empty text with isNull() true.
class ResultSet {
public:
    ResultSet() = default;
    explicit ResultSet(pg_result* owned) : m_result(owned) {}

    [[nodiscard]] int rows() const noexcept;
    [[nodiscard]] int columns() const noexcept;
    [[nodiscard]] int column(std::string_view name) const noexcept; // -1 when there is none
    [[nodiscard]] std::string_view text(int row, int column) const noexcept;
    [[nodiscard]] bool isNull(int row, int column) const noexcept;
    [[nodiscard]] std::string_view commandTag() const noexcept; // "SELECT 3"
    [[nodiscard]] std::uint64_t affected() const noexcept;

private:
    struct Clear {
        void operator()(pg_result* result) const noexcept;
    };
    std::unique_ptr<pg_result, Clear> m_result;
};

} // namespace pg
