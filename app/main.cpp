#include "app/commands/command.h"
#include "app/commands/replay_command.h"
#include "app/headless.h"
#include "app/logging.h"
#include "app/options.h"
#include "monitor/collect/metric_list.h"
#include "monitor/engine/engine.h"
#include "monitor/load/catalog.h"
#include "monitor/load/scenario_list.h"
#ifdef POOLSCOPE_WITH_GUI
#include "app/console.h"
#include "app/display.h"
#include "app/screenshots.h"

#include <QApplication>
#endif

#include <QCoreApplication>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace {

constexpr int kWrongUse = 2;

int complain(const std::string& message)
{
    std::fprintf(stderr, "poolscope: %s\n", message.c_str());
    return kWrongUse;
}

int print(const std::string& text)
{
    std::fputs(text.c_str(), stdout);
    return std::ferror(stdout) != 0 ? kWrongUse : 0;
}

QStringList argumentsOf(int argc, char** argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i) {
        arguments << QString::fromLocal8Bit(argv[i]);
    }
    return arguments;
}

std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv, app::Options& options)
{
#ifdef POOLSCOPE_WITH_GUI
    const bool pictures = options.action == app::Action::Screenshots;
    if (pictures || !options.headless) {
        const app::DisplayProbe display(argc, argv);
        if (pictures && !display.usable() && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
            qputenv("QT_QPA_PLATFORM", "offscreen");
        }
        if (pictures || display.usable()) {
            return std::make_unique<QApplication>(argc, argv);
        }
    }
#endif
    if (!options.headless) {
        std::fputs("poolscope: no display, going on headless (the endpoint serves; stop with Ctrl-C)\n", stderr);
        options.headless = true;
    }
    return std::make_unique<QCoreApplication>(argc, argv);
}

// Those of the program and those in the user's folder.
int listScenarios(const app::Options& options)
{
    const std::filesystem::path folders[] = {options.config.dataDir / "scenarios"};
    const load::Catalog catalog = load::loadCatalog(folders);
    for (const std::string& problem : catalog.problems) {
        (void)complain(problem);
    }
    return print(options.markdown ? load::scenarioTable(catalog.scenarios) : load::scenarioList(catalog.scenarios));
}

int run(int argc, char** argv, app::Options options)
{
    const std::unique_ptr<QCoreApplication> application = makeApplication(argc, argv, options);
    QCoreApplication::setApplicationName("poolscope");
    QCoreApplication::setApplicationVersion(POOLSCOPE_VERSION);
#ifdef POOLSCOPE_WITH_GUI
    QGuiApplication::setDesktopFileName("io.github.poolscope.Poolscope"); // of resources/desktop
#endif
    auto tap = app::startLogging(options.log);
    if (!tap) {
        return complain(tap.error().message);
    }
#ifdef POOLSCOPE_WITH_GUI
    if (options.action == app::Action::Screenshots) {
        return app::takeScreenshots(options, *tap);
    }
    if (!options.headless) {
        return app::runConsole(options, *tap);
    }
#endif
    return app::runHeadless(options, *tap);
}

} // namespace

int main(int argc, char** argv)
{
#ifdef POOLSCOPE_WITH_GUI
    if (const auto recording = app::windowRecording(argumentsOf(argc, argv))) {
        if (const auto code = app::runRecordingWindow(argc, argv, *recording)) {
            return *code;
        }
    }
#endif
    if (const auto code = app::runCommand(argumentsOf(argc, argv))) {
        return *code;
    }
    auto options = app::parseOptions(argumentsOf(argc, argv));
    if (!options) {
        return complain(options.error().message);
    }
    switch (options->action) {
    case app::Action::Help:
        return print(options->helpText);
    case app::Action::Version:
        return print("poolscope " POOLSCOPE_VERSION "\n");
    case app::Action::PrintConfig:
        return print(engine::defaultConfigText());
    case app::Action::ListMetrics:
        return print(options->markdown ? collect::metricTable(engine::Engine::catalog())
                                       : collect::metricList(engine::Engine::catalog()));
    case app::Action::ListScenarios:
        return listScenarios(*options);
    case app::Action::Run:
    case app::Action::Screenshots:
        break;
    }
    return run(argc, argv, std::move(*options));
}
