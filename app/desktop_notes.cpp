#include "app/desktop_notes.h"

#include "monitor/core/mutex.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>

#include <memory>
#include <unordered_map>
#include <utility>

namespace app {

namespace {

constexpr int kTimeout = 3000; // ms
constexpr auto kConnection = "poolscope-notes";

// The urgencies of the specification.
uchar urgencyOf(const notify::DesktopNote& note)
{
    if (!note.firing) {
        return 0;
    }
    return note.severity == metrics::Severity::Critical ? 2 : 1;
}

class Notes {
public:
    explicit Notes(QString address)
        : m_address(std::move(address))
    {
    }
    ~Notes() { QDBusConnection::disconnectFromBus(QLatin1String(kConnection)); }
    Notes(const Notes&) = delete;
    Notes& operator=(const Notes&) = delete;

    [[nodiscard]] notify::Delivery show(const notify::DesktopNote& note)
    {
        QDBusConnection bus =
            m_address.isEmpty()
                ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, QLatin1String(kConnection))
                : QDBusConnection::connectToBus(m_address, QLatin1String(kConnection));
        if (!bus.isConnected()) {
            QDBusConnection::disconnectFromBus(QLatin1String(kConnection)); // a new try next time
            return notify::Delivery::retry("there is no session bus here");
        }
        QDBusMessage call = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
            QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
        const QVariantMap hints{{QStringLiteral("urgency"), QVariant::fromValue(urgencyOf(note))},
                                {QStringLiteral("desktop-entry"), QStringLiteral("poolscope")}};
        const bool stays = note.firing && note.severity == metrics::Severity::Critical;
        call << QStringLiteral("Poolscope") << before(note.key) << QStringLiteral("poolscope")
             << QString::fromStdString(note.title) << QString::fromStdString(note.text).toHtmlEscaped()
             << QStringList() << hints << (stays ? 0 : -1);
        const QDBusMessage answer = bus.call(call, QDBus::Block, kTimeout);
        if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty()) {
            return notify::Delivery::retry(answer.errorMessage().toStdString());
        }
        remember(note.key, answer.arguments().constFirst().toUInt());
        return notify::Delivery::sent();
    }

private:
    [[nodiscard]] uint before(const std::string& key) const
    {
        const core::MutexLock lock(m_mutex);
        const auto at = m_shown.find(key);
        return at == m_shown.end() ? 0 : at->second;
    }
    void remember(const std::string& key, uint id)
    {
        const core::MutexLock lock(m_mutex);
        if (m_shown.size() > 1000) {
            m_shown.clear();
        }
        m_shown[key] = id;
    }

    const QString m_address;
    mutable core::Mutex m_mutex; // guards m_shown
    std::unordered_map<std::string, uint> m_shown GUARDED_BY(m_mutex);
};

} // namespace

notify::DesktopSink makeDesktopNotes(const QString& address)
{
    return [notes = std::make_shared<Notes>(address)](const notify::DesktopNote& note) {
        return notes->show(note);
    };
}

} // namespace app
