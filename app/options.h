// The command line.
#pragma once

#include "app/logging.h"
#include "monitor/core/result.h"
#include "monitor/engine/config.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <string>

namespace app {

enum class Action { Run, Help, Version, PrintConfig, ListMetrics, ListScenarios, Screenshots };

struct Options {
    Action action = Action::Run;
    bool headless = false;
    bool langGiven = false;
    bool markdown = false; // for the lists
    engine::Config config;
    LogOptions log;
    std::filesystem::path screenshots; // folder, for Action::Screenshots
    QStringList panels;                // of them; empty: all
    std::string helpText;              // for Action::Help
};

// Reads arguments and the configuration file they name; looks at no display. An error is one clear line.
[[nodiscard]] core::Result<Options> parseOptions(const QStringList& arguments);

// Where data live unless --data-dir says otherwise: $XDG_DATA_HOME/poolscope, ~/.local/share/poolscope, and for a root
// without a home /var/lib/poolscope.
[[nodiscard]] std::filesystem::path defaultDataDir();
// A file of resources/, from the installed place or the source tree.
[[nodiscard]] std::filesystem::path resourceFile(const std::string& relative);

} // namespace app
