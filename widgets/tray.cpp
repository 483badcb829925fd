#include "widgets/tray.h"

namespace widgets {

Tray::Tray(QObject* parent)
    : QObject(parent)
    , m_open(m_menu.addAction(QString()))
    , m_quit(m_menu.addAction(QString()))
{
    m_icon.setContextMenu(&m_menu);
    connect(m_open, &QAction::triggered, this, &Tray::openAsked);
    connect(m_quit, &QAction::triggered, this, &Tray::quitAsked);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger) {
            Q_EMIT openAsked();
        }
    });
    retranslate();
}

void Tray::retranslate()
{
    m_open->setText(tr("Show the window"));
    m_quit->setText(tr("Quit"));
}

void Tray::show(const Health& health)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable()) {
        return;
    }
    m_icon.setToolTip(QStringLiteral("Poolscope: ") + Theme::word(health.level) + QLatin1Char(' ') +
                      health.value);
    if (health.level != m_level || !m_icon.isVisible()) {
        m_icon.setIcon(Theme::of().statusIcon(health.level));
        m_icon.show();
        announce(health);
        m_level = health.level;
    }
}

void Tray::announce(const Health& health)
{
    const bool worse = rankOf(health.level) > rankOf(m_level);
    if (worse && rankOf(health.level) >= rankOf(StatusLevel::Warning)) {
        const auto kind =
            health.level == StatusLevel::Warning ? QSystemTrayIcon::Warning : QSystemTrayIcon::Critical;
        m_icon.showMessage(Theme::word(health.level) + QLatin1Char(' ') + health.value, health.cause, kind);
    }
}

} // namespace widgets
