#include "monitor/pg/fingerprint.h"

#include "monitor/core/format.h"
#include "monitor/pg/statement_walk.h"

#include <optional>
#include <pg_query.h>

namespace pg {
namespace {

constexpr std::size_t kMostParsed = 16 << 10; // longer ones are worth no parse tree
constexpr std::size_t kMostNesting = 100;     // the parser recurses
constexpr std::size_t kMostTextChars = 2000;

// A piece for people; `…` in brackets stands for a list.
void appendShown(std::string& out, const Piece& piece)
{
    if (piece.spaceBefore && !out.empty()) {
        out += ' ';
    }
    switch (piece.kind) {
    case PieceKind::Plain:
    case PieceKind::Quoted:
        out += piece.text;
        break;
    case PieceKind::String:
    case PieceKind::Number:
    case PieceKind::Hidden:
    case PieceKind::Rest:
        out += '?';
        break;
    case PieceKind::List:
        out += piece.text == "(" ? "(\u2026)" : "[\u2026]";
        break;
    case PieceKind::End:
        break;
    }
}

// A piece for the parser: values become constants of their kind, so that nothing of a value can matter.
void appendCanonical(std::string& out, const Piece& piece)
{
    if (piece.spaceBefore || piece.kind != PieceKind::Plain) {
        out += ' ';
    }
    switch (piece.kind) {
    case PieceKind::Plain:
    case PieceKind::Quoted:
        out += piece.text;
        break;
    case PieceKind::String:
        out += "'' ";
        break;
    case PieceKind::Number:
    case PieceKind::Hidden:
    case PieceKind::Rest:
        out += "1 ";
        break;
    case PieceKind::List:
        out += piece.text == "(" ? "(1) " : "[1] ";
        break;
    case PieceKind::End:
        break;
    }
}

// FNV-1a, 64 bits; words in lower case, blanks as one mark, so that layout does not matter.
class TokenHash {
public:
    void add(const Piece& piece) noexcept
    {
        mix(static_cast<unsigned char>(piece.kind));
        const bool fold = piece.kind == PieceKind::Plain;
        for (const char c : piece.text) {
            mix(static_cast<unsigned char>(fold && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
        }
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return m_hash; }

private:
    void mix(unsigned char byte) noexcept { m_hash = (m_hash ^ byte) * 1099511628211ULL; }

    std::uint64_t m_hash = 14695981039346656037ULL;
};

// How deep brackets, CASEs and NOTs nest, generously counted.
class Nesting {
public:
    void add(const Piece& piece) noexcept
    {
        if (piece.kind != PieceKind::Plain) {
            return;
        }
        const bool opens = piece.text == "(" || piece.text == "[" || equalsIgnoringCase(piece.text, "case") ||
                           equalsIgnoringCase(piece.text, "not");
        const bool closes = piece.text == ")" || piece.text == "]" || equalsIgnoringCase(piece.text, "end");
        m_depth += opens ? 1 : 0;
        m_depth -= closes && m_depth > 0 ? 1 : 0;
        m_deepest = m_depth > m_deepest ? m_depth : m_deepest;
    }
    [[nodiscard]] std::size_t deepest() const noexcept { return m_deepest; }

private:
    std::size_t m_depth = 0;
    std::size_t m_deepest = 0;
};

// Thread-safe: libpg_query keeps its memory per thread and frees it when the thread ends.
std::optional<std::uint64_t> parsedId(const std::string& canonical)
{
    const PgQueryFingerprintResult result = pg_query_fingerprint(canonical.c_str());
    std::optional<std::uint64_t> id;
    if (result.error == nullptr) {
        id = result.fingerprint;
    }
    pg_query_free_fingerprint_result(result);
    return id;
}

} // namespace

std::string redact(std::string_view sql, std::size_t maxChars)
{
    const std::size_t enough = maxChars * 4 + 4; // bytes: no character has more than four
    std::string shown;
    StatementWalk walk(sql, Lists::AsTheyAre);
    for (Piece piece = walk.next(); piece.kind != PieceKind::End && shown.size() < enough; piece = walk.next()) {
        piece.text = piece.text.substr(0, enough);
        appendShown(shown, piece);
    }
    return core::oneLine(shown, maxChars);
}

Fingerprint fingerprint(std::string_view sql)
{
    std::string shown;
    std::string canonical;
    TokenHash hash;
    Nesting nesting;
    bool whole = true;
    StatementWalk walk(sql, Lists::Collapsed);
    for (Piece piece = walk.next(); piece.kind != PieceKind::End; piece = walk.next()) {
        hash.add(piece);
        nesting.add(piece);
        whole = whole && piece.kind != PieceKind::Rest;
        if (canonical.size() <= kMostParsed) {
            appendCanonical(canonical, piece);
        }
        if (shown.size() < kMostTextChars * 4) {
            piece.text = piece.text.substr(0, kMostTextChars * 4);
            appendShown(shown, piece);
        }
    }
    Fingerprint made{hash.value(), core::oneLine(shown, kMostTextChars)};
    if (whole && canonical.size() <= kMostParsed && nesting.deepest() <= kMostNesting) {
        made.id = parsedId(canonical).value_or(made.id);
    }
    return made;
}

} // namespace pg
