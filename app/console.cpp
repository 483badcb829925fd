#include "app/console.h"

#include "app/commands/replay_command.h"
#include "app/console_session.h"
#include "app/display.h"
#include "app/replay_session.h"
#include "app/signals.h"

#include <QApplication>
#include <QMessageBox>
#include <QTimer>

#include <cstdio>

namespace app {

namespace {

WindowOptions windowOptions(const Options& options)
{
    WindowOptions window;
    window.settingsFile = QString::fromStdString((options.config.dataDir / "window.ini").string());
    if (options.langGiven) {
        window.lang = options.config.lang;
    }
    return window;
}

int giveUp(const std::string& reason)
{
    std::fprintf(stderr, "poolscope: %s\n", reason.c_str());
    QMessageBox::critical(nullptr, QStringLiteral("Poolscope"), QString::fromStdString(reason));
    return 2;
}

int finish(const engine::Engine& core, const engine::Config& config)
{
    if (config.csvFile.empty() || config.csvAppend) {
        return 0;
    }
    const auto written = core.writeCsv(config.csvFile);
    if (!written) {
        std::fprintf(stderr, "poolscope: %s\n", written.error().message.c_str());
    }
    return written ? 0 : 2;
}

} // namespace

int runConsole(const Options& options, const std::shared_ptr<LogTap>& tap)
{
    UnixSignals signals;
    ConsoleSession session(options, tap, windowOptions(options));
    session.window().show();
    if (const auto started = session.start(); !started) {
        return giveUp(started.error().message);
    }
    QObject::connect(&signals, &UnixSignals::terminateRequested, qApp, &QApplication::quit);
    QObject::connect(&signals, &UnixSignals::reloadRequested, qApp, [&] { session.readConfiguration(); });
    if (options.config.duration > core::Nanos(0)) {
        QTimer::singleShot(std::chrono::ceil<std::chrono::milliseconds>(options.config.duration), qApp,
                           &QApplication::quit);
    }
    QApplication::exec();
    return finish(session.core(), options.config);
}

std::optional<int> runRecordingWindow(int argc, char** argv, const WindowRecording& recording)
{
    auto display = std::make_unique<DisplayProbe>(argc, argv);
    if (!display->usable()) {
        return std::nullopt;
    }
    const QApplication application(argc, argv);
    display.reset();
    QCoreApplication::setApplicationName(QStringLiteral("poolscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(POOLSCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.poolscope.Poolscope"));
    WindowOptions options;
    options.settingsFile = QString::fromStdString((defaultDataDir() / "window.ini").string());
    options.lang = recording.lang;
    const auto session = ReplaySession::open(recording.file.toStdString(), options, ReplaySession::Live::None);
    if (!session) {
        return giveUp(session.error().message);
    }
    const UnixSignals signals;
    QObject::connect(&signals, &UnixSignals::terminateRequested, qApp, &QApplication::quit);
    (*session)->window().show();
    return QApplication::exec();
}

} // namespace app
