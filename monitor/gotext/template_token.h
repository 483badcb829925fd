// The words of a template: texts and actions in turn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gotext {

struct TemplateToken {
    enum class Kind { End, Word, Field, Variable, Dot, String, Number, Char, Sign } kind = Kind::End;
    std::string text;
    bool spaced = false; // a blank stood before it
};

struct TemplateItem {
    bool action = false;
    std::string text;                  // of a text
    std::vector<TemplateToken> tokens; // of an action
    int line = 1;
};

// Comments and trimmed blanks are gone. Throws TemplateError.
[[nodiscard]] std::vector<TemplateItem> templateItems(std::string_view text);
// Throws TemplateError: "<line>: <reason>".
[[noreturn]] void failAtLine(int line, const std::string& reason);

} // namespace gotext
