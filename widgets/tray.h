// The sign in the desktop's tray, where there is one: worst state by colour and shape, a message when it gets
// worse.
#pragma once

#include "widgets/health.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace widgets {

class Tray final : public QObject {
    Q_OBJECT
public:
    explicit Tray(QObject* parent = nullptr);
    // `firing`: alerts, written on the icon.
    void show(const Health& health, int firing);
    void retranslate();

Q_SIGNALS:
    void openAsked();
    void quitAsked();

private:
    void announce(const Health& health);
    QMenu m_menu;
    QAction* m_open;
    QAction* m_quit;
    QSystemTrayIcon m_icon;
    StatusLevel m_level = StatusLevel::NoData;
    int m_firing = 0;
};

} // namespace widgets
