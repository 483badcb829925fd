// PromQL as it is being typed: words, what may come next, where a mistake is, what unit the result has. Looks
// at the text only; whether it is an expression, the querier decides.
#pragma once

#include "monitor/core/units.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace models {

struct QueryToken {
    enum class Kind { Word, Number, String, Comment, Sign };
    Kind kind = Kind::Sign;
    int begin = 0; // UTF-16 units from the start
    int end = 0;
    bool closed = true; // strings: their closing quote is there
};

// Total: any text is fine. Blanks belong to no token.
[[nodiscard]] std::vector<QueryToken> queryTokens(const QString& text);

// What may be completed at the cursor.
struct QueryPlace {
    enum class Wants {
        Nothing,    // inside a number or a comment
        Word,       // a metric, a function, an operator's word
        LabelName,  // inside {} or after by, without, on …
        LabelValue, // inside the quotes of a matcher
        Duration    // inside []
    };
    Wants wants = Wants::Nothing;
    int begin = 0;  // of what has been typed of it; it ends at the cursor
    QString metric; // whose labels; empty when not known
    QString label;  // whose values
};
[[nodiscard]] QueryPlace queryPlace(const QString& text, int cursor);

// A mistake as the querier tells it, "1:5: parse error: unexpected end of input". Columns count bytes of
// UTF-8 from 1.
struct QueryMistake {
    int begin = 0; // UTF-16 units; the word there is underlined, at least one character
    int end = 0;
    QString reason; // without the place
};
// nullopt when the message names no place in this text.
[[nodiscard]] std::optional<QueryMistake> queryMistake(const QString& text, const QString& message);

// The unit of the result, guessed from the metrics in it: that of the first one `unitOf` knows (nullopt: it
// does not), per second under rate() and its like, none for counts and wherever two are multiplied or
// divided.
[[nodiscard]] core::Unit queryUnit(const QString& text,
                                   const std::function<std::optional<core::Unit>(const QString&)>& unitOf);

} // namespace models
