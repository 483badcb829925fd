// What the window remembers from one run to the next.
#pragma once

#include "monitor/core/lang.h"
#include "models/zone.h"
#include "widgets/theme.h"

#include <QByteArray>
#include <QMap>
#include <QString>

#include <chrono>
#include <optional>

namespace app {

struct WindowState {
    QByteArray geometry;
    QString panel = QStringLiteral("overview");
    widgets::ThemeMode theme = widgets::ThemeMode::Dark;
    std::optional<core::Lang> lang; // none: the system's
    models::Zone::Kind zone = models::Zone::Kind::Local;
    std::chrono::milliseconds range = std::chrono::minutes(5);
    QString history;  // the server that the charts ask for the past; empty: this console
    QByteArray scope; // which targets are shown
    QByteArray picture; // how the last one was wanted
    QMap<QString, QByteArray> columns; // by the table's name
    QMap<QString, QByteArray> panels;  // what panels remember, by their id
};

// An INI file. A damaged or foreign one gives the defaults for what cannot be read; it is never an error.
[[nodiscard]] WindowState loadWindowState(const QString& file);
// Best effort: a read-only folder loses the choices, nothing else.
void saveWindowState(const QString& file, const WindowState& state);

} // namespace app
