// Keyed values on disk: what must outlive a kill -9. One line of the file is one change, whole or not at all.
#pragma once

#include "monitor/core/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

// Values set (or, without a value, forgotten) together.
using Change = std::vector<std::pair<std::string, std::optional<std::string>>>;

// A write-ahead file: `crc32 json` lines appended, the newest value of a key counts. Rewritten (temporary
// file, fsync, rename) when most of it is past. Not thread-safe: one owner.
class Journal {
public:
    enum class Durability { Synced, Lazy }; // Lazy outlives the process, not a power cut

    // Without a file: in memory only.
    Journal() = default;
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Reads what is there (a cut-off or broken line is passed over, any bytes are fine) and holds the file
    // (flock, mode 0600). An error means: memory only, with the reason.
    [[nodiscard]] core::Result<void> open(const std::filesystem::path& file);
    // Applied in memory in any case; an error says that the disk did not take it.
    [[nodiscard]] core::Result<void> commit(const Change& change, Durability durability = Durability::Synced);

    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const noexcept
    {
        return m_values;
    }
    [[nodiscard]] std::uint64_t brokenLines() const noexcept { return m_broken; }
    // Bytes of the file now.
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    void read(std::string_view bytes);
    void apply(const Change& change);
    [[nodiscard]] core::Result<void> rewrite();

    std::filesystem::path m_file;
    int m_fd = -1;
    int m_lock = -1;
    std::map<std::string, std::string, std::less<>> m_values;
    std::uint64_t m_live = 0; // bytes of keys and values
    std::uint64_t m_size = 0;
    std::uint64_t m_broken = 0;
};

} // namespace notify
