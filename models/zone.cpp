#include "models/zone.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace models {

namespace {

QString offsetText(int seconds)
{
    const QChar sign = QLatin1Char(seconds < 0 ? '-' : '+');
    const int minutes = qAbs(seconds) / 60;
    return QStringLiteral("%1%2:%3")
        .arg(sign)
        .arg(minutes / 60, 2, 10, QLatin1Char('0'))
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

} // namespace

Zone& Zone::of()
{
    static const QString kName = QStringLiteral("poolscope.zone");
    auto* zone = qApp->findChild<Zone*>(kName, Qt::FindDirectChildrenOnly);
    if (!zone) {
        zone = new Zone(qApp);
        zone->setObjectName(kName);
    }
    return *zone;
}

void Zone::set(Kind kind)
{
    if (kind != m_kind) {
        m_kind = kind;
        Q_EMIT changed();
    }
}

void Zone::setNext()
{
    switch (m_kind) {
    case Kind::Local:
        set(Kind::Utc);
        return;
    case Kind::Utc:
        set(serverKnown() ? Kind::Server : Kind::Local);
        return;
    case Kind::Server:
        set(Kind::Local);
        return;
    }
}

void Zone::setServer(const QByteArray& name)
{
    if (name == m_serverName) {
        return;
    }
    m_serverName = name;
    // A POSIX rule or nonsense would be taken for a zone, too.
    const QTimeZone server = QTimeZone::isTimeZoneIdAvailable(name) ? QTimeZone(name) : QTimeZone();
    if (server.isValid() || m_server.isValid()) {
        m_server = server;
        if (m_kind == Kind::Server) {
            Q_EMIT changed();
        }
    }
}

QTimeZone Zone::zone() const
{
    switch (m_kind) {
    case Kind::Local:
        break;
    case Kind::Utc:
        return QTimeZone::utc();
    case Kind::Server:
        return m_server.isValid() ? m_server : QTimeZone::systemTimeZone();
    }
    return QTimeZone::systemTimeZone();
}

QString Zone::name() const
{
    const QTimeZone here = zone();
    const int offset = here.offsetFromUtc(QDateTime::currentDateTimeUtc());
    const QString id = QString::fromUtf8(here.id());
    const bool utc = id == QStringLiteral("UTC") || id == QStringLiteral("Etc/UTC");
    const QString name = utc ? QStringLiteral("UTC") : id + QLatin1Char(' ') + offsetText(offset);
    const bool server = m_kind == Kind::Server && m_server.isValid();
    return server ? tr("server %1").arg(name) : name;
}

QString Zone::clock(core::WallTime time) const
{
    return formatted(time, QStringLiteral("HH:mm:ss"));
}

QString Zone::clockMillis(core::WallTime time) const
{
    return formatted(time, QStringLiteral("HH:mm:ss.zzz"));
}

QString Zone::brief(core::WallTime time) const
{
    if (time == core::WallTime{}) {
        return QStringLiteral("–");
    }
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(core::epochMillis(time), zone());
    const QDate today = QDateTime::currentDateTimeUtc().toTimeZone(zone()).date();
    return at.date() == today                 ? at.toString(QStringLiteral("HH:mm:ss"))
           : at.date().year() == today.year() ? QLocale::c().toString(at, tr("MMM d HH:mm"))
                                              : at.toString(QStringLiteral("yyyy-MM-dd"));
}

QString Zone::full(core::WallTime time) const
{
    if (time == core::WallTime{}) {
        return QStringLiteral("–");
    }
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(core::epochMillis(time), zone());
    return at.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss ")) + offsetText(at.offsetFromUtc());
}

QString Zone::formatted(core::WallTime time, const QString& format) const
{
    return time == core::WallTime{}
               ? QStringLiteral("–")
               : QDateTime::fromMSecsSinceEpoch(core::epochMillis(time), zone()).toString(format);
}

} // namespace models
