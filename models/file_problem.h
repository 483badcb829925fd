// Why a file could not be written, in the window's language.
#pragma once

#include "monitor/core/result.h"

#include <QString>

namespace models {

// "/mnt/a.csv: the disk is full" where the error's code is the name of an errno that people meet; else the
// error's own words.
[[nodiscard]] QString fileProblem(const QString& path, const core::Error& error);

} // namespace models
