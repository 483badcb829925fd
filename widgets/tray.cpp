#include "widgets/tray.h"

#include "widgets/theme.h"

#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace widgets {

namespace {

// The number in the lower right corner, on a disc, so that it can be read on any panel.
QIcon countedIcon(const QIcon& icon, int count)
{
    if (count <= 0) {
        return icon;
    }
    constexpr int kSide = 64;
    QPixmap pixmap = icon.pixmap(kSide, kSide);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const double side = pixmap.width() / pixmap.devicePixelRatio();
    const QRectF disc(side * 0.4, side * 0.4, side * 0.6, side * 0.6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::of().palette().text);
    painter.drawEllipse(disc);
    QFont font = painter.font();
    font.setBold(true);
    font.setPixelSize(std::max(static_cast<int>(disc.height() * (count > 9 ? 0.55 : 0.75)), 1));
    painter.setFont(font);
    painter.setPen(Theme::of().palette().window);
    painter.drawText(disc, Qt::AlignCenter, count > 99 ? QStringLiteral("99") : QString::number(count));
    painter.end();
    return pixmap;
}

} // namespace

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

void Tray::show(const Health& health, int firing)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable()) {
        return;
    }
    QString tip = QStringLiteral("Poolscope: ") + Theme::word(health.level) + QLatin1Char(' ') + health.value;
    if (firing > 0) {
        tip += QLatin1Char('\n') + tr("%1 firing").arg(firing);
    }
    m_icon.setToolTip(tip);
    if (health.level != m_level || firing != m_firing || !m_icon.isVisible()) {
        m_icon.setIcon(countedIcon(Theme::of().statusIcon(health.level), firing));
        m_icon.show();
        announce(health);
        m_level = health.level;
        m_firing = firing;
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
