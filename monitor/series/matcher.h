// A condition on one label, as in foo{bar=~"a|b"}.
#pragma once

#include "monitor/core/result.h"
#include "monitor/series/label_ops.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace series {

enum class MatchOp { Equal, NotEqual, Regex, NotRegex };

// An immutable value; matches() is thread-safe. Regular expressions are RE2's (as Prometheus'), anchored at
// both ends; they run in linear time, so a hostile one cannot hang the reader.
class Matcher {
public:
    // Fails on a regular expression that is none; the message is the library's reason.
    [[nodiscard]] static core::Result<Matcher> make(MatchOp op, std::string name, std::string value);
    [[nodiscard]] static Matcher equal(std::string name, std::string value);

    [[nodiscard]] MatchOp op() const noexcept { return m_op; }
    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] const std::string& value() const noexcept { return m_value; }
    [[nodiscard]] bool matches(std::string_view value) const;
    // name="value" as Prometheus prints it.
    [[nodiscard]] std::string text() const;

private:
    Matcher(MatchOp op, std::string name, std::string value) noexcept;

    MatchOp m_op;
    std::string m_name;
    std::string m_value;
    std::shared_ptr<const re2::RE2> m_regex; // of Regex and NotRegex
};

// The matcher that names the metric, as nearly every selector has one; nullptr when any metric may match.
[[nodiscard]] const Matcher* findName(std::span<const Matcher> matchers) noexcept;

// True when every matcher accepts the labels; an absent label counts as "".
[[nodiscard]] bool matchesAll(std::span<const Matcher> matchers, const Labels& labels);

} // namespace series
