// Every mapping there is: those that come with the program, and the user's.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/targets/mapping.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
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

// The user's folder, looked at again and again. Used by one thread.
class MappingFolder {
public:
    explicit MappingFolder(std::filesystem::path folder);
    // Every mapping there is, where a file came, went or changed since the last call; at first always.
    [[nodiscard]] std::optional<MappingCatalog> refresh();

private:
    struct Seen {
        std::filesystem::path file;
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        friend bool operator==(const Seen&, const Seen&) = default;
    };

    const std::filesystem::path m_folder;
    std::optional<std::vector<Seen>> m_seen;
};

// The mappings in force, which may be others while somebody reads with the old ones. Thread-safe.
class MappingBook {
public:
    using Mappings = std::shared_ptr<const std::vector<Mapping>>;

    explicit MappingBook(std::vector<Mapping> mappings);
    [[nodiscard]] Mappings now() const;
    void set(std::vector<Mapping> mappings);

private:
    mutable core::Mutex m_mutex; // guards the pointer
    Mappings m_mappings GUARDED_BY(m_mutex);
};

// What a page is, said once for each scrape.
struct Recognised {
    const Mapping* mapping = nullptr; // nullptr: none of them knows it
    std::vector<PoolFigures> pools;
};
// All that know the page: a program may have more than one kind of pool. A pool named as one of an earlier
// mapping is the same pool told twice and left out. Thread-safe.
[[nodiscard]] std::vector<Recognised> recognise(std::span<const Mapping> mappings, const Page& page);

} // namespace targets
