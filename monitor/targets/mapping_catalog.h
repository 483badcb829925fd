// Every mapping there is: those that come with the program, and the user's.
#pragma once

#include "monitor/targets/mapping.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace targets {

struct BuiltinMapping {
    std::string_view name;
    std::string_view text;
};
// The files of resources/sources as they were compiled in.
[[nodiscard]] std::span<const BuiltinMapping> builtinMappings() noexcept;

struct MappingCatalog {
    std::vector<Mapping> mappings;     // the user's first, so that they may know better
    std::vector<std::string> problems; // files that were left out: "name.yml:3: reason"
};
// *.yml of the folder by name, then the built-in ones of other names. A folder that is not there is no
// problem.
[[nodiscard]] MappingCatalog loadMappings(const std::filesystem::path& folder);

// What a page is, said once for each scrape.
struct Recognised {
    const Mapping* mapping = nullptr; // nullptr: none of them knows it
    std::vector<PoolFigures> pools;
};
// All that know the page: a program may have more than one kind of pool. A pool named as one of an earlier
// mapping is the same pool told twice and left out. Thread-safe.
[[nodiscard]] std::vector<Recognised> recognise(std::span<const Mapping> mappings, const Page& page);

} // namespace targets
