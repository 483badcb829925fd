// One log file as it grows, through everything that is done to log files: renamed and made anew, copied and
// truncated, deleted, replaced behind a symlink, rewritten in place.
#pragma once

#include "monitor/collect/logs/line_decoder.h"
#include "monitor/metrics/log_rows.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace collect {

// Where reading stopped, for the next start.
struct LogPosition {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t offset = 0; // of the first byte not read
    std::string before;       // the bytes in front of it, at most kSignature

    friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

// Not thread-safe. Polled: works the same on every file system. Only regular files are read (a FIFO or a
// device would block or never end).
class Tail {
public:
    static constexpr std::size_t kSignature = 64;
    // Looks at a file that has left its place before it is let go: its writer may have a last word.
    static constexpr int kGrace = 3;
    // Further behind than this, it goes to the end and counts what it has left out.
    static constexpr std::uint64_t kMostBehind = 64 * 1024 * 1024;

    Tail(std::filesystem::path path, const std::string& encoding);
    ~Tail();
    Tail(const Tail&) = delete;
    Tail& operator=(const Tail&) = delete;

    // Before the first poll(): go on there, if the file is still the same; else a file that exists is read
    // from its end.
    void resume(LogPosition position) { m_resume = std::move(position); }
    // Reads what is new, at most `most` bytes, and looks whether the path means another file by now. A file
    // that comes to be later is read from its beginning.
    void poll(std::size_t most, const LineSink& sink);

    [[nodiscard]] metrics::LogFileState state() const noexcept { return m_state; }
    [[nodiscard]] const std::string& reason() const noexcept { return m_reason; } // of Unreadable
    [[nodiscard]] const std::string& encoding() const noexcept { return m_decoder.encoding(); }
    [[nodiscard]] std::optional<LogPosition>
    position() const; // at the last whole line; nullopt without a file
    [[nodiscard]] std::uint64_t rotations() const noexcept { return m_rotations; } // other files in its place
    [[nodiscard]] std::uint64_t truncations() const noexcept
    {
        return m_truncations;
    } // the same, shorter or rewritten
    [[nodiscard]] std::uint64_t skipped() const noexcept { return m_skipped; }   // bytes
    [[nodiscard]] std::uint64_t cut() const noexcept { return m_decoder.cut(); } // lines

private:
    enum class From { Beginning, End };
    [[nodiscard]] bool open();
    void closeFile();
    void fail(int error);
    void start(From from, std::uint64_t size);
    [[nodiscard]] bool resumed(std::uint64_t size);
    void rewind();
    [[nodiscard]] bool changedBehindUs(std::uint64_t size) const;
    [[nodiscard]] std::size_t read(std::size_t most, const LineSink& sink);
    void lookAtPath(const LineSink& sink);
    void remember(std::string_view bytes);

    const std::filesystem::path m_path;
    LineDecoder m_decoder;
    int m_file = -1;
    int m_leaving = 0;         // looks since the path no longer meant this file
    bool m_seenBefore = false; // the path was looked at once: what comes now is new
    metrics::LogFileState m_state = metrics::LogFileState::Waiting;
    std::string m_reason;
    std::uint64_t m_device = 0;
    std::uint64_t m_inode = 0;
    std::uint64_t m_offset = 0;
    std::string m_before; // the last bytes read: what must still stand there
    std::optional<LogPosition> m_resume;
    std::uint64_t m_rotations = 0;
    std::uint64_t m_truncations = 0;
    std::uint64_t m_skipped = 0;
};

} // namespace collect
