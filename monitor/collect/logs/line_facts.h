// What a log line says: how bad it is, what it tells, of which session. Text lines of any make and JSON
// lines.
#pragma once

#include "monitor/collect/logs/log_spec.h"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace collect {

enum class LineLevel { None, Trace, Debug, Info, Warning, Error, Critical };

struct LineFacts {
    LineLevel level = LineLevel::None;
    bool error = false;
    std::string text;    // the message of a JSON line, else the whole line
    std::string session; // what names the session or thread; empty when nothing does
};

// The level a text line gives itself: the first known word that stands in capitals, in brackets or behind
// "level=", within its first 200 bytes. None when there is none.
[[nodiscard]] LineLevel levelOfText(std::string_view line) noexcept;
// "error", "ERR", "50" (pino, bunyan), "FATAL" …; None when unknown.
[[nodiscard]] LineLevel levelOfWord(std::string_view word) noexcept;

// Thread-safe. Total: any line is fine.
class LineReader {
public:
    // `spec` was found sound by problemOf().
    explicit LineReader(const LogSpec& spec);
    ~LineReader();
    LineReader(LineReader&&) noexcept;

    [[nodiscard]] LineFacts read(std::string_view line) const;

private:
    [[nodiscard]] bool readJson(std::string_view line, LineFacts& facts) const;
    [[nodiscard]] std::string keyOf(std::string_view line) const;

    std::unique_ptr<const re2::RE2> m_errors; // null: by level
    std::unique_ptr<const re2::RE2> m_key;    // null: found by itself
};

} // namespace collect
