#include "app/screenshots.h"

#include "app/console_session.h"
#include "app/panel_catalog.h"
#include "models/target_model.h"
#include "widgets/panels/pool/pool_tab.h"
#include "widgets/past_source.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>

#include <array>
#include <chrono>
#include <cstdio>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr QSize kStandard(1440, 900);
constexpr std::array kFurther{QSize(1280, 800), QSize(1920, 1080)};

void waitFor(std::chrono::milliseconds span)
{
    QEventLoop loop;
    QTimer::singleShot(span, &loop, &QEventLoop::quit);
    loop.exec();
}

// A run worth looking at: everyday load, slow statements, then more callers than places.
void playScenes(engine::Engine& core)
{
    struct Scene {
        const char* scenario;
        std::map<std::string, double> values;
        std::chrono::milliseconds then;
    };
    const Scene scenes[] = {{"normal", {{"duration", 240}}, 35s},
                            {"slow_query", {{"duration", 110}}, 20s},
                            {"dirty_returns", {{"duration", 90}}, 10s},
                            {"exhaustion", {{"duration", 180}}, 45s}};
    for (const Scene& scene : scenes) {
        if (const auto started = core.startScenario(scene.scenario, scene.values, false); !started) {
            std::fprintf(stderr, "poolscope: %s: %s\n", scene.scenario, started.error().message.c_str());
        }
        waitFor(scene.then);
    }
}

class Album {
public:
    // `panels`: only these, at all sizes; empty: all of them.
    Album(ConsoleSession& session, QDir folder, QStringList panels)
        : m_core(session.core())
        , m_window(session.window())
        , m_folder(std::move(folder))
        , m_panels(std::move(panels))
    {
    }

    void takeAll(core::Lang lang, widgets::ThemeMode theme)
    {
        m_window.setLanguage(lang);
        m_window.setThemeMode(theme);
        m_suffix = QStringLiteral("-%1-%2").arg(theme == widgets::ThemeMode::Dark ? "dark" : "light",
                                                lang == core::Lang::Chinese ? "zh" : "en");
        m_window.resize(kStandard);
        for (const PanelEntry& panel : panelCatalog()) {
            if (wants(QString::fromLatin1(panel.id))) {
                take(panel.id, panel.id + m_suffix);
            }
        }
        if (wants(QStringLiteral("pool"))) {
            takePoolTabs();
        }
        const QStringList further = m_panels.isEmpty() ? QStringList{"overview", "pool"} : m_panels;
        for (const QSize& size : kFurther) {
            m_window.resize(size);
            const QString end = m_suffix + QStringLiteral("-%1x%2").arg(size.width()).arg(size.height());
            for (const QString& panel : further) {
                take(panel, panel + end);
            }
            takeTargets(end);
            takeServers(end);
        }
    }
    [[nodiscard]] bool whole() const noexcept { return m_whole; }

private:
    [[nodiscard]] bool wants(const QString& panel) const { return m_panels.isEmpty() || m_panels.contains(panel); }
    void takePoolTabs()
    {
        for (const widgets::PoolTabEntry& tab : widgets::poolTabs()) {
            take("pool", QStringLiteral("pool-") + QLatin1String(tab.id) + m_suffix, QString::fromLatin1(tab.id));
        }
        m_window.openPanel(QStringLiteral("pool"), QString::fromLatin1(widgets::poolTabs().front().id));
    }
    // The same grid by its tags, and each panel with targets, and with the first of them, in the place of the own pool.
    void takeTargets(const QString& end)
    {
        if (!m_panels.contains(QStringLiteral("targets"))) {
            return;
        }
        auto* grouping = m_window.findChild<QComboBox*>(QStringLiteral("targets.grouping"));
        grouping->setCurrentIndex(static_cast<int>(models::TargetGrouping::Tag));
        take(QStringLiteral("targets"), QStringLiteral("targets-by-tag") + end);
        grouping->setCurrentIndex(0);
        QStringList names;
        for (const metrics::TargetSetup& target : m_core.targets()) {
            names << QString::fromStdString(target.name);
        }
        for (const QString& panel : m_panels) {
            if (panel != QLatin1String("targets")) {
                m_window.scope().choose(names);
                take(panel, panel + QStringLiteral("-targets") + end);
                m_window.scope().choose(names.mid(0, 1));
                take(panel, panel + QStringLiteral("-target") + end);
                m_window.scope().chooseOwn();
            }
        }
    }
    // What the servers of `prometheus` watch, and the charts' past from the first of them.
    void takeServers(const QString& end)
    {
        const auto& servers = m_window.past().servers();
        if (servers.empty()) {
            return;
        }
        if (m_panels.contains(QStringLiteral("alerts"))) {
            press("alerts.remote");
            for (const char* shown : {"remote.showAlerts", "remote.showRules"}) {
                press(shown);
                take(QStringLiteral("alerts"), QString::fromLatin1(shown).replace(u'.', u'-') + end);
            }
            press("alerts.rules");
        }
        if (m_panels.contains(QStringLiteral("targets"))) {
            press("targets.there");
            take(QStringLiteral("targets"), QStringLiteral("targets-there") + end);
            press("targets.here");
        }
        if (m_panels.contains(QStringLiteral("overview"))) {
            m_window.past().choose(QString::fromStdString(servers.front()->name()));
            take(QStringLiteral("overview"), QStringLiteral("overview-past") + end);
            m_window.past().choose({});
        }
    }
    void press(const char* name)
    {
        if (auto* button = m_window.findChild<QAbstractButton*>(QLatin1String(name))) {
            button->click();
        }
    }
    void take(const QString& panel, const QString& name, const QString& hint = {})
    {
        m_window.openPanel(panel, hint);
        waitFor(2500ms); // two ticks: charts and tables have been fed
        const QString file = m_folder.filePath(name + ".png");
        if (!m_window.grab().save(file)) {
            std::fprintf(stderr, "poolscope: cannot write %s\n", qPrintable(file));
            m_whole = false;
        }
    }

    const engine::Engine& m_core;
    MainWindow& m_window;
    const QDir m_folder;
    const QStringList m_panels;
    QString m_suffix;
    bool m_whole = true;
};

// Without targets of the user's own it watches itself, as another one would.
void watchItself(engine::Config& config)
{
    if (config.targets.empty() && config.listen) {
        targets::TargetSpec own;
        own.url = "http://" + config.listen->host + ':' + std::to_string(config.listen->port) + "/metrics";
        own.name = "this-console";
        own.environment = "demo";
        own.tags = {"poolscope"};
        config.targets.push_back(std::move(own));
    }
}

} // namespace

int takeScreenshots(const Options& options, const std::shared_ptr<LogTap>& tap)
{
    const QTemporaryDir data; // a fresh private server, so that the pictures do not depend on the user's
    Options own = options;
    own.config.dataDir = data.path().toStdString();
    watchItself(own.config);
    const QDir folder(QString::fromStdString(options.screenshots.string()));
    if (!folder.mkpath(".")) {
        std::fprintf(stderr, "poolscope: cannot make the folder %s\n", qPrintable(folder.path()));
        return 2;
    }
    ConsoleSession session(own, tap, WindowOptions{{}, core::Lang::English});
    session.window().resize(kStandard);
    session.window().show();
    if (const auto started = session.start(); !started) {
        std::fprintf(stderr, "poolscope: %s\n", started.error().message.c_str());
        return 2;
    }
    waitFor(6s); // the private server comes up
    playScenes(session.core());
    Album album(session, folder, options.panels);
    for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
        if (options.langGiven && lang != options.config.lang) {
            continue;
        }
        for (const widgets::ThemeMode theme : {widgets::ThemeMode::Dark, widgets::ThemeMode::Light}) {
            album.takeAll(lang, theme);
        }
    }
    return album.whole() ? 0 : 2;
}

} // namespace app
