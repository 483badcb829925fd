// The zone in which the window shows times: the person's own or UTC. Files and HTTP are always UTC.
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
    enum class Kind { Local, Utc };

    static Zone& of(); // owned by the application object
    void set(Kind kind);
    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] QTimeZone zone() const;
    // "Asia/Shanghai +08:00", "UTC".
    [[nodiscard]] QString name() const;
    // "14:02:11"; "–" for the time 0, which stands for "never".
    [[nodiscard]] QString clock(core::WallTime time) const;
    // "14:02:11.742"
    [[nodiscard]] QString clockMillis(core::WallTime time) const;
    // "2026-11-20 14:02:11 +08:00"
    [[nodiscard]] QString full(core::WallTime time) const;

Q_SIGNALS:
    void changed();

private:
    using QObject::QObject;
    [[nodiscard]] QString formatted(core::WallTime time, const QString& format) const;
    Kind m_kind = Kind::Local;
};

} // namespace models
