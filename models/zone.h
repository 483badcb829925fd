// The zone in which the window shows times: the person's own, UTC or the database server's. Files and HTTP are always UTC.
#pragma once

#include "monitor/core/clock.h"

#include <QObject>
#include <QString>
#include <QTimeZone>

namespace models {

// Main thread only.
class Zone final : public QObject {
    Q_OBJECT
public:
    enum class Kind { Local, Utc, Server };

    static Zone& of(); // owned by the application object
    void set(Kind kind);
    // Local, UTC, the server's when it is known, and round again.
    void setNext();
    // The server's setting TimeZone, by its IANA name; one that nobody here knows is as none. Until it is known the local
    // zone stands for it.
    void setServer(const QByteArray& name);
    [[nodiscard]] bool serverKnown() const noexcept { return m_server.isValid(); }
    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] QTimeZone zone() const;
    // "Asia/Shanghai +08:00", "UTC", "server Asia/Tokyo +09:00".
    [[nodiscard]] QString name() const;
    // "14:02:11"; "–" for the time 0, which stands for "never".
    [[nodiscard]] QString clock(core::WallTime time) const;
    // "14:02:11.742"
    [[nodiscard]] QString clockMillis(core::WallTime time) const;
    // For a cell of a table: "14:02:11" of today, "Nov 20 14:02" of this year, "2025-11-20" else.
    [[nodiscard]] QString brief(core::WallTime time) const;
    // "2026-11-20 14:02:11 +08:00"
    [[nodiscard]] QString full(core::WallTime time) const;

Q_SIGNALS:
    void changed();

private:
    using QObject::QObject;
    [[nodiscard]] QString formatted(core::WallTime time, const QString& format) const;
    Kind m_kind = Kind::Local;
    QByteArray m_serverName; // as it was told
    QTimeZone m_server;
};

} // namespace models
