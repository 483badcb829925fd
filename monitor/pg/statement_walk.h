// A statement as a row of pieces with its values marked: what redact() and fingerprint() write from.
#pragma once

#include "monitor/pg/sql_lexer.h"

#include <cstdint>
#include <string_view>

namespace pg {

enum class PieceKind : std::uint8_t {
    End,
    Plain,  // may be shown as it stands
    Quoted, // may be shown; a quoted identifier, whose text may hold any character
    String, // a value
    Number, // a value, its sign included
    List,   // (…) or […] of nothing but values; only when lists are collapsed
    Hidden, // bare words that are values: what a SET gives
    Rest,   // the rest cannot be told apart from a value
};

struct Piece {
    PieceKind kind = PieceKind::End;
    std::string_view text; // of Plain and Quoted; of a List its opening bracket; empty for values
    bool spaceBefore = false;
};

enum class Lists : std::uint8_t { AsTheyAre, Collapsed };

// Not thread-safe. Goes through the text a bounded number of times altogether.
class StatementWalk {
public:
    StatementWalk(std::string_view sql, Lists lists) noexcept : m_lexer(sql), m_lists(lists) {}

    [[nodiscard]] Piece next() noexcept;

private:
    enum class SetState : std::uint8_t { StatementStart, Target, Value, None };

    [[nodiscard]] Piece pieceOf(const Token& token) noexcept;
    [[nodiscard]] Piece hiddenValue(const Token& first) noexcept;
    [[nodiscard]] bool signBefore() const noexcept;
    [[nodiscard]] bool listMayBegin(const Token& token) const noexcept;
    [[nodiscard]] bool skipList(SqlLexer& lexer, char closing) const noexcept;
    void skipFurtherRows() noexcept;
    void follow(const Token& token) noexcept;

    SqlLexer m_lexer;
    Lists m_lists;
    Token m_before; // the token before
    SetState m_set = SetState::StatementStart;
};

} // namespace pg
