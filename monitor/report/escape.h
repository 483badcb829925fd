// Text of others on its way into a document.
#pragma once

#include <string>
#include <string_view>

namespace report {

// For HTML and SVG, in text and in double-quoted attributes: & < > " ' are entities, control characters and
// bytes that are no UTF-8 are replaced, so that nothing in it can become markup.
[[nodiscard]] std::string escaped(std::string_view text);
// One line of at most `most` characters; an ellipsis says that there was more.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

} // namespace report
