// What a statement looks like without its values: shown, logged and counted instead of the text as sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pg {

// The statement with every literal replaced ('…', 42 → ?), comments dropped, one line, at most maxChars characters.
// Total: any bytes give a text, never a throw, in linear time; what cannot be parsed is lexed; an open quote hides
// everything after it. Thread-safe.
[[nodiscard]] std::string redact(std::string_view sql, std::size_t maxChars = 200);

struct Fingerprint {
    std::uint64_t id = 0; // equal for statements that differ in values only
    std::string text;     // normalised, literals hidden, lists collapsed
};
// libpg-query's fingerprint; statements it cannot parse are fingerprinted by the redacted text. Thread-safe.
[[nodiscard]] Fingerprint fingerprint(std::string_view sql);

} // namespace pg
