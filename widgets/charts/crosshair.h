// One crosshair for all charts of a page: the moment under the mouse in one is marked in all.
#pragma once

#include <QObject>

#include <optional>

namespace widgets {

// Main thread only.
class Crosshair final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    // ms since the epoch; nothing hides it.
    void set(std::optional<qint64> at)
    {
        if (at != m_at) {
            m_at = at;
            Q_EMIT moved();
        }
    }
    [[nodiscard]] std::optional<qint64> at() const noexcept { return m_at; }

Q_SIGNALS:
    void moved();

private:
    std::optional<qint64> m_at;
};

} // namespace widgets
