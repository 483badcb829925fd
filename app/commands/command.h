// Subcommands: `poolscope advice`, `poolscope query …`, `poolscope rules …`. Each runs without a window and ends.
#pragma once

#include <QCoreApplication>
#include <QStringList>

#include <memory>
#include <optional>

namespace app {

// What every subcommand ends with.
inline constexpr int kWell = 0;
inline constexpr int kFinding = 1; // it ran, and found something wrong with what it was asked to look at
inline constexpr int kCannot = 2;  // wrong use, or it could not do its work; the reason is on stderr

// Runs the subcommand `arguments` (the program's name first) begin with, and gives its exit code; nullopt
// when they begin with none. Call it before any QCoreApplication is made.
[[nodiscard]] std::optional<int> runCommand(const QStringList& arguments);

// For commands that need an application (event loop, Qt Sql): named, without arguments, for Qt takes none of ours.
[[nodiscard]] std::unique_ptr<QCoreApplication> makeCommandApplication();
// Complains on stderr, prefixed with the program's name; gives kCannot.
int cannot(const QString& reason);
// Prints on stdout; kWell, or kCannot when it cannot be written.
[[nodiscard]] int printed(const QString& text);

} // namespace app
