// Renders the picture panels to PNG files, both themes, to look at them: render_panels FOLDER [PANEL …]
// A tool for people, no test. Runs without a display: QT_QPA_PLATFORM=offscreen.
#include "tests/support/demo_flow.h"
#include "widgets/frame_style.h"
#include "widgets/panels/host_panel.h"
#include "widgets/panels/latency_panel.h"
#include "widgets/panels/overview_panel.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTextStream>

#include <functional>
#include <map>

using namespace std::chrono_literals;

namespace {

using Factory = std::function<widgets::Panel*(const widgets::PanelContext&)>;

const std::map<QString, Factory>& factories()
{
    static const std::map<QString, Factory> all{
        {QStringLiteral("overview"), [](const auto& context) { return new widgets::OverviewPanel(context); }},
        {QStringLiteral("latency"), [](const auto& context) { return new widgets::LatencyPanel(context); }},
        {QStringLiteral("host"), [](const auto& context) { return new widgets::HostPanel(context); }}};
    return all;
}

struct Shot {
    const char* name;
    QSize size;
    std::chrono::seconds at; // into the demo's story; 0: before the first sample
    std::chrono::seconds length;
};

// A window's panel area at 1024x700, 1280x800 and 1920x1080.
constexpr Shot kShots[] = {{"calm", {1120, 700}, 250s, 300s}, {"busy", {1120, 700}, 860s, 900s},
                           {"busy", {1760, 980}, 860s, 900s}, {"narrow", {880, 600}, 860s, 900s},
                           {"empty", {1120, 700}, 0s, 300s},  {"down", {1120, 700}, 1520s, 900s}};

void render(const QString& file, const Factory& factory, const Shot& shot)
{
    demo::Flow flow;
    const widgets::Commands commands;
    widgets::PanelContext context;
    context.querier = &flow.querier();
    context.commands = &commands;
    widgets::Panel* panel = factory(context);
    QWidget window;
    panel->setParent(&window);
    panel->resize(shot.size);
    window.resize(shot.size);
    window.setAutoFillBackground(true);
    widgets::TimeRange range;
    range.length = shot.length;
    panel->setTimeRange(range);
    window.show();
    if (shot.at == 0s) {
        panel->showSnapshot(demo::emptySnapshot({}));
    } else {
        panel->showSnapshot(flow.runUntil(shot.at));
        for (int tick = 0; tick < 6; ++tick) {
            panel->showSnapshot(flow.next());
        }
    }
    QCoreApplication::processEvents();
    window.grab().save(file);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        QTextStream(stderr) << "usage: render_panels FOLDER [PANEL ...]\n";
        return 2;
    }
    QDir().mkpath(arguments.at(1));
    for (const auto& [name, factory] : factories()) {
        if (arguments.size() > 2 && !arguments.mid(2).contains(name)) {
            continue;
        }
        for (const auto mode : {widgets::ThemeMode::Dark, widgets::ThemeMode::Light}) {
            widgets::Theme::of().apply(mode);
            app.setStyleSheet(app.styleSheet() + widgets::frameStyle(widgets::Theme::of().palette()));
            for (const Shot& shot : kShots) {
                const QString theme = QLatin1String(mode == widgets::ThemeMode::Dark ? "dark" : "light");
                const QString file = QStringLiteral("%1/%2-%3-%4x%5-%6.png")
                                         .arg(arguments.at(1), name, QLatin1String(shot.name))
                                         .arg(shot.size.width())
                                         .arg(shot.size.height())
                                         .arg(theme);
                render(file, factory, shot);
            }
        }
    }
    return 0;
}
