#include "app/headless.h"

#include "app/reload.h"
#include "app/service_manager.h"
#include "app/signals.h"
#include "monitor/engine/engine.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

#include <spdlog/spdlog.h>

namespace app {

namespace {

int finish(const engine::Engine& core, const engine::Config& config)
{
    if (config.csvFile.empty() || config.csvAppend) {
        return 0;
    }
    const auto written = core.writeCsv(config.csvFile);
    if (!written) {
        std::fprintf(stderr, "poolscope: %s\n", written.error().message.c_str());
        return 2;
    }
    return 0;
}

} // namespace

int runHeadless(const Options& options, const std::shared_ptr<LogTap>& tap)
{
    const ServiceManager manager;
    UnixSignals signals;
    engine::Engine core(options.config, [tap] { return logFigures(*tap); });
    watchLog(core, tap);
    if (const auto started = core.start(); !started) {
        std::fprintf(stderr, "poolscope: %s\n", started.error().message.c_str());
        return 2;
    }
    QObject::connect(&signals, &UnixSignals::terminateRequested, qApp, &QCoreApplication::quit);
    QObject::connect(&signals, &UnixSignals::reloadRequested, qApp, [&core, &manager] {
        manager.reloading();
        (void)reloadConfiguration(core);
        manager.ready("configuration read again");
    });
    QObject::connect(&core, &engine::Engine::noticesReady, qApp, [&core] {
        for (const engine::Notice& notice : core.takeNotices()) {
            if (notice.logged) {
                continue;
            }
            spdlog::log(notice.failed ? spdlog::level::err : spdlog::level::info, "{}", notice.text);
        }
    });
    if (options.config.duration > core::Nanos(0)) {
        QTimer::singleShot(std::chrono::ceil<std::chrono::milliseconds>(options.config.duration), qApp,
                           &QCoreApplication::quit);
    }
    manager.ready("watching");
    QCoreApplication::exec();
    manager.stopping();
    const int code = finish(core, options.config);
    core.stop();
    return code;
}

} // namespace app
