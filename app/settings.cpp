#include "app/settings.h"

#include "widgets/time_range.h"

#include <QSettings>

#include <algorithm>

namespace app {

namespace {

widgets::ThemeMode themeOf(const QString& text)
{
    return text == QStringLiteral("light")    ? widgets::ThemeMode::Light
           : text == QStringLiteral("system") ? widgets::ThemeMode::System
                                              : widgets::ThemeMode::Dark;
}

QString textOf(models::Zone::Kind zone)
{
    switch (zone) {
    case models::Zone::Kind::Local:
        break;
    case models::Zone::Kind::Utc:
        return QStringLiteral("utc");
    case models::Zone::Kind::Server:
        return QStringLiteral("server");
    }
    return QStringLiteral("local");
}

QString textOf(widgets::ThemeMode theme)
{
    switch (theme) {
    case widgets::ThemeMode::System:
        return QStringLiteral("system");
    case widgets::ThemeMode::Dark:
        return QStringLiteral("dark");
    case widgets::ThemeMode::Light:
        return QStringLiteral("light");
    }
    return {};
}

// All keys that begin so, without it.
QMap<QString, QByteArray> group(const QSettings& settings, const QString& prefix)
{
    QMap<QString, QByteArray> values;
    for (const QString& key : settings.allKeys()) {
        if (key.startsWith(prefix)) {
            values.insert(key.mid(prefix.size()), settings.value(key).toByteArray());
        }
    }
    return values;
}

} // namespace

WindowState loadWindowState(const QString& file)
{
    const QSettings settings(file, QSettings::IniFormat);
    WindowState state;
    state.geometry = settings.value("window/geometry").toByteArray();
    state.panel = settings.value("window/panel", state.panel).toString();
    state.history = settings.value("window/history").toString();
    state.scope = settings.value("window/scope").toByteArray();
    state.picture = settings.value("window/picture").toByteArray();
    state.theme = themeOf(settings.value("window/theme").toString());
    const QString lang = settings.value("window/language").toString();
    if (lang == QStringLiteral("en") || lang == QStringLiteral("zh_CN")) {
        state.lang = core::langFromLocale(lang.toStdString());
    }
    const QString zone = settings.value("window/zone").toString();
    state.zone = zone == QStringLiteral("utc")      ? models::Zone::Kind::Utc
                 : zone == QStringLiteral("server") ? models::Zone::Kind::Server
                                                    : models::Zone::Kind::Local;
    const std::chrono::milliseconds range(settings.value("window/range_ms").toLongLong());
    const bool known = std::any_of(widgets::kRangeChoices.begin(), widgets::kRangeChoices.end(),
                                   [range](const widgets::RangeChoice& choice) { return choice.length == range; });
    state.range = known ? range : state.range;
    state.columns = group(settings, QStringLiteral("columns/"));
    state.panels = group(settings, QStringLiteral("panels/"));
    return state;
}

void saveWindowState(const QString& file, const WindowState& state)
{
    QSettings settings(file, QSettings::IniFormat);
    settings.setValue("window/geometry", state.geometry);
    settings.setValue("window/panel", state.panel);
    settings.setValue("window/history", state.history);
    settings.setValue("window/scope", state.scope);
    settings.setValue("window/picture", state.picture);
    settings.setValue("window/theme", textOf(state.theme));
    if (state.lang) {
        settings.setValue("window/language", *state.lang == core::Lang::Chinese ? "zh_CN" : "en");
    }
    settings.setValue("window/zone", textOf(state.zone));
    settings.setValue("window/range_ms", static_cast<qlonglong>(state.range.count()));
    for (auto table = state.columns.begin(); table != state.columns.end(); ++table) {
        settings.setValue(QStringLiteral("columns/") + table.key(), table.value());
    }
    for (auto panel = state.panels.begin(); panel != state.panels.end(); ++panel) {
        settings.setValue(QStringLiteral("panels/") + panel.key(), panel.value());
    }
    settings.sync();
}

} // namespace app
