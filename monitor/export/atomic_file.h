// A file that is either the old one or the whole new one, whatever happens in between.
#pragma once

#include "monitor/core/result.h"

#include <filesystem>
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

// "cannot write FILE: No space left on device", for all of this folder.
[[nodiscard]] core::Unexpected<core::Error> fileError(std::string_view verb,
                                                      const std::filesystem::path& file, int error);

} // namespace exporting
