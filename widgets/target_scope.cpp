#include "widgets/target_scope.h"

#include <QDataStream>
#include <QIODevice>
#include <QSet>

namespace widgets {

namespace {

constexpr qsizetype kRemembered = 200;

} // namespace

void TargetScope::choose(const QStringList& targets)
{
    QStringList chosen = targets;
    chosen.removeDuplicates();
    chosen = chosen.mid(0, kMost);
    if (chosen == m_chosen) {
        return;
    }
    if (m_colors.size() > kRemembered) {
        m_colors.clear();
    }
    QSet<int> taken;
    QStringList without;
    for (const QString& target : chosen) { // those that have one first: nobody takes it from them
        const auto color = m_colors.constFind(target);
        if (color != m_colors.constEnd() && !taken.contains(*color)) {
            taken.insert(*color);
        } else {
            without << target;
        }
    }
    for (const QString& target : without) {
        int color = 0;
        while (taken.contains(color)) {
            ++color;
        }
        m_colors[target] = color;
        taken.insert(color);
    }
    m_chosen = chosen;
    Q_EMIT changed();
}

QByteArray TargetScope::state() const
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out << qint32(1) << m_chosen << m_colors;
    return bytes;
}

void TargetScope::restoreState(const QByteArray& state)
{
    QDataStream in(state);
    qint32 version = 0;
    QStringList chosen;
    QMap<QString, int> colors;
    in >> version >> chosen >> colors;
    if (in.status() == QDataStream::Ok && version == 1 && chosen.size() <= kMost &&
        colors.size() <= kRemembered + kMost) {
        m_colors = colors;
        choose(chosen);
    }
}

} // namespace widgets
