// --data-dir and --config of the commands that read what a Poolscope keeps.
#pragma once

#include "monitor/core/result.h"
#include "monitor/engine/config.h"

#include <QCommandLineParser>

#include <filesystem>

namespace app {

void addDataOptions(QCommandLineParser& parser);

// Where a Poolscope of this configuration keeps its history.
[[nodiscard]] std::filesystem::path historyOf(const engine::Config& config);
// The history of the data folder that --data-dir or the file of --config names (by default the usual one), or
// where that file places it. Errors are those of the file, with its line.
[[nodiscard]] core::Result<std::filesystem::path> historyOf(const QCommandLineParser& parser);

} // namespace app
