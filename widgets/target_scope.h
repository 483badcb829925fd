// What the panels show: the program's own pool, or other people's, one or several to be compared.
#pragma once

#include <QMap>
#include <QObject>
#include <QStringList>

namespace widgets {

// Main thread only.
class TargetScope final : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMost = 8; // as many as there are colours

    using QObject::QObject;
    // Names of targets; empty: the own pool. Of more than kMost the first are taken.
    void choose(const QStringList& targets);
    void chooseOwn() { choose({}); }
    [[nodiscard]] const QStringList& chosen() const noexcept { return m_chosen; }
    [[nodiscard]] bool isOwn() const noexcept { return m_chosen.isEmpty(); }
    // Index of Theme::seriesColor. A target keeps its colour as long as it is chosen, and gets the same one
    // again where it is free.
    [[nodiscard]] int colorOf(const QString& target) const { return m_colors.value(target, 0); }
    [[nodiscard]] QByteArray state() const;
    void restoreState(const QByteArray& state); // what cannot be read is the own pool

Q_SIGNALS:
    void changed();

private:
    QStringList m_chosen;
    QMap<QString, int> m_colors; // of all that were chosen lately
};

} // namespace widgets
