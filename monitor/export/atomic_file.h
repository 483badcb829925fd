// A file that is either the old one or the whole new one, whatever happens in between.
#pragma once

#include "monitor/core/result.h"
#include "monitor/export/export_watch.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace exporting {

enum class Replace { Allowed, Refused };

// Writes to a temporary file in the same folder (mode 0644 less umask), fsyncs, renames, fsyncs the folder.
// On any failure (full disk, read-only folder, …) the old file is untouched, the temporary one removed, and
// the error is one line with path and reason; code is the errno's name. A symbolic link is followed: its
// target is replaced. Devices and pipes ("/dev/stdout") are written to directly. Thread-safe.
[[nodiscard]] core::Result<void> writeAtomically(const std::filesystem::path& file, std::string_view bytes,
                                                 Replace replace = Replace::Allowed);
// The same, with progress, until it is stopped: code "CANCELED", the old file is untouched.
[[nodiscard]] core::Result<void> writeAtomically(const std::filesystem::path& file, std::string_view bytes,
                                                 const ExportWatch& watch);

// The same in pieces, for what is too long to be held. Until commit() the old file stands; without it nothing
// is left. After a failure every further call fails with the same reason. Not thread-safe.
class AtomicFile {
public:
    [[nodiscard]] static core::Result<AtomicFile> open(const std::filesystem::path& file,
                                                       Replace replace = Replace::Allowed);
    // The process' own, written to at once: what was said cannot be taken back.
    [[nodiscard]] static core::Result<AtomicFile> standardOutput();
    AtomicFile(AtomicFile&&) noexcept;
    AtomicFile& operator=(AtomicFile&&) noexcept;
    ~AtomicFile();

    [[nodiscard]] core::Result<void> write(std::string_view bytes);
    // All of it onto the disk, under the temporary name still; of several files that belong together first each of them.
    [[nodiscard]] core::Result<void> prepare();
    [[nodiscard]] core::Result<void> commit(); // once, at the end
    // False for devices and pipes, which are written to at once.
    [[nodiscard]] bool isPlain() const noexcept;

private:
    struct Impl;
    explicit AtomicFile(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

// Commits `table`, which is to become FILE, together with FILE.meta.json of this text, which goes
// first: neither before both are whole on the disk.
[[nodiscard]] core::Result<void> commitWith(AtomicFile& table, const std::filesystem::path& file, std::string_view meta);

// "cannot write FILE: No space left on device", for all of this folder.
[[nodiscard]] core::Unexpected<core::Error> fileError(std::string_view verb,
                                                      const std::filesystem::path& file, int error);

} // namespace exporting
