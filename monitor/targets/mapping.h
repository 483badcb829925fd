// From a source's own metrics to the one vocabulary: data, in PromQL over the page
// (resources/sources/README.md).
#pragma once

#include "monitor/core/result.h"
#include "monitor/targets/exposition_parser.h"
#include "monitor/targets/vocabulary.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace promql {
struct Expr;
}

namespace targets {

class PageSeries;

// Immutable; thread-safe.
struct Mapping {
    using Expression = std::shared_ptr<const promql::Expr>;

    std::string name;
    std::string title;
    Expression when;
    std::vector<std::string> poolLabels;
    std::array<Expression, kFigures> figures; // nullptr: the source does not tell it
};

// At most this many pools are taken from one page: the first by name.
inline constexpr std::size_t kMostPools = 200;

// A file of resources/sources, at most 64 KiB. Errors: "file:line: reason".
[[nodiscard]] core::Result<Mapping> parseMapping(std::string_view yaml, std::string_view file);
// Does `when` yield something? Thread-safe.
[[nodiscard]] bool knows(const Mapping& mapping, const PageSeries& page);
// The page's pools by name. A figure the page does not have, or that cannot be worked out, is unknown.
// Thread-safe.
[[nodiscard]] std::vector<PoolFigures> poolsOf(const Mapping& mapping, const PageSeries& page);

} // namespace targets
