#include "app/screenshots.h"

#include "app/console_session.h"
#include "app/panel_catalog.h"
#include "widgets/panels/pool/pool_tab.h"

#include <QApplication>
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
    Album(MainWindow& window, QDir folder)
        : m_window(window)
        , m_folder(std::move(folder))
    {
    }

    void takeAll(core::Lang lang, widgets::ThemeMode theme)
    {
        m_window.setLanguage(lang);
        m_window.setThemeMode(theme);
        const QString suffix = QStringLiteral("-%1-%2").arg(
            theme == widgets::ThemeMode::Dark ? "dark" : "light", lang == core::Lang::Chinese ? "zh" : "en");
        m_window.resize(kStandard);
        for (const PanelEntry& panel : panelCatalog()) {
            take(panel.id, panel.id + suffix);
        }
        for (const widgets::PoolTabEntry& tab : widgets::poolTabs()) {
            take("pool", QStringLiteral("pool-") + QLatin1String(tab.id) + suffix, QString::fromLatin1(tab.id));
        }
        m_window.openPanel(QStringLiteral("pool"), QString::fromLatin1(widgets::poolTabs().front().id));
        for (const QSize& size : kFurther) {
            m_window.resize(size);
            for (const char* panel : {"overview", "pool"}) {
                take(panel, panel + suffix + QStringLiteral("-%1x%2").arg(size.width()).arg(size.height()));
            }
        }
    }
    [[nodiscard]] bool whole() const noexcept { return m_whole; }

private:
    void take(const char* panel, const QString& name, const QString& hint = {})
    {
        m_window.openPanel(panel, hint);
        waitFor(2500ms); // two ticks: charts and tables have been fed
        const QString file = m_folder.filePath(name + ".png");
        if (!m_window.grab().save(file)) {
            std::fprintf(stderr, "poolscope: cannot write %s\n", qPrintable(file));
            m_whole = false;
        }
    }

    MainWindow& m_window;
    const QDir m_folder;
    bool m_whole = true;
};

} // namespace

int takeScreenshots(const Options& options, const std::shared_ptr<LogTap>& tap)
{
    const QTemporaryDir data; // a fresh private server, so that the pictures do not depend on the user's
    Options own = options;
    own.config.dataDir = data.path().toStdString();
    own.config.listen = engine::ListenAddress{};
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
    Album album(session.window(), folder);
    for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
        for (const widgets::ThemeMode theme : {widgets::ThemeMode::Dark, widgets::ThemeMode::Light}) {
            album.takeAll(lang, theme);
        }
    }
    return album.whole() ? 0 : 2;
}

} // namespace app
