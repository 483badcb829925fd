// A window fed with the demo's snapshots, and what was asked of it.
#pragma once

#include "app/main_window.h"
#include "models/log_model.h"
#include "tests/support/demo_flow.h"

#include <QStringList>

namespace window_test {

// Every warning fails a test, but for what Qt's own offscreen plugin says of itself.
inline const QString kWarnings = QStringLiteral("^(?!This plugin does not support)");

struct Fixture {
    explicit Fixture(const QString& settingsFile = {}, core::Lang lang = core::Lang::English,
                     std::vector<const metrics::QuerySource*> sources = {})
        : flow([lang] {
            demo::FlowOptions options;
            options.lang = lang;
            return options;
        }())
    {
        commands.stopScenario = [this](const QString& name) { asked << QStringLiteral("stop ") + name; };
        commands.startScenario = [this](const QString& name, const QMap<QString, double>& values,
                                        bool consent) {
            asked << QStringLiteral("start ") + name +
                         QStringLiteral(" %1 %2").arg(values.size()).arg(consent);
        };
        commands.retryNow = [this] { asked << QStringLiteral("retry"); };
        commands.reloadRules = [this] { asked << QStringLiteral("reload"); };
        commands.readConfiguration = [this] { asked << QStringLiteral("read"); };
        commands.configurePool = [this](const QMap<QString, double>& knobs) {
            for (auto knob = knobs.begin(); knob != knobs.end(); ++knob) {
                asked << knob.key() + QLatin1Char('=') + QString::number(knob.value());
            }
        };
        commands.terminateBackend = [this](int slot) { asked << QStringLiteral("terminate %1").arg(slot); };
        commands.cancelStatement = [this](int slot) { asked << QStringLiteral("cancel %1").arg(slot); };
        commands.recycleSlot = [this](int slot) { asked << QStringLiteral("recycle %1").arg(slot); };
        commands.suspendPool = [this](bool fail) {
            asked << (fail ? QStringLiteral("suspend, fail") : QStringLiteral("suspend, hold"));
        };
        commands.resumePool = [this] { asked << QStringLiteral("resume"); };
        commands.drainPool = [this] { asked << QStringLiteral("drain"); };
        commands.respond = [this](const metrics::ResponseCommand& command) {
            asked << QStringLiteral("respond %1 %2").arg(static_cast<int>(command.kind)).arg(command.value);
        };
        widgets::PanelContext context;
        context.querier = &flow.querier();
        context.commands = &commands;
        context.log = &log;
        context.sources = std::move(sources);
        app::WindowOptions options;
        options.settingsFile = settingsFile;
        options.lang = lang;
        window = std::make_unique<app::MainWindow>(context, options);
    }
    void show(int seconds)
    {
        last = flow.runUntil(std::chrono::seconds(seconds));
        window->showSnapshot(last);
    }

    demo::Flow flow;
    models::LogModel log;
    widgets::Commands commands;
    QStringList asked;
    metrics::SnapshotPtr last;
    std::unique_ptr<app::MainWindow> window; // last: goes first, the rest outlives it
};

} // namespace window_test
