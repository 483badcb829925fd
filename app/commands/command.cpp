#include "app/commands/command.h"

#include "app/commands/advice_command.h"
#include "app/commands/check_command.h"
#include "app/commands/export_command.h"
#include "app/commands/query_command.h"
#include "app/commands/record_command.h"
#include "app/commands/replay_command.h"
#include "app/commands/report_command.h"
#include "app/commands/rules_command.h"
#include "app/commands/targets_command.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace app {

namespace {

struct Command {
    const char* name;
    int (*run)(const QStringList& arguments); // those after the name
};

constexpr std::array kCommands{Command{"advice", runAdvice}, Command{"check", runCheck},
                               Command{"export", runExport}, Command{"query", runQuery},
                               Command{"record", runRecord}, Command{"replay", runReplay},
                               Command{"report", runReport}, Command{"rules", runRules},
                               Command{"targets", runTargets}};

} // namespace

std::optional<int> runCommand(const QStringList& arguments)
{
    const QString name = arguments.value(1);
    const auto command = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& candidate) {
        return name == QLatin1String(candidate.name);
    });
    return command != kCommands.end() ? std::optional(command->run(arguments.mid(2))) : std::nullopt;
}

std::unique_ptr<QCoreApplication> makeCommandApplication()
{
    static int argc = 1; // Qt keeps references to both
    static char name[] = "poolscope";
    static char* argv[] = {name, nullptr};
    return std::make_unique<QCoreApplication>(argc, argv);
}

int cannot(const QString& reason)
{
    std::fprintf(stderr, "poolscope: %s\n", reason.toUtf8().constData());
    return kCannot;
}

int printed(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    const bool written = std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout) ==
                         static_cast<std::size_t>(bytes.size());
    return written && std::fflush(stdout) == 0 ? kWell
                                               : cannot(QStringLiteral("the output cannot be written"));
}

} // namespace app
