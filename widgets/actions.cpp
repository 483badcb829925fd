#include "widgets/actions.h"

#include <QCoreApplication>
#include <QKeySequence>
#include <QWidget>

#include <utility>

namespace widgets {

Actions::Actions(QWidget* window)
    : QObject(window)
    , m_window(window)
{
}

QAction* Actions::add(const ActionSpec& spec, std::function<void()> handler)
{
    auto* action = new QAction(m_window);
    action->setObjectName(QString::fromLatin1(spec.id));
    action->setShortcuts(QKeySequence::listFromString(QString::fromLatin1(spec.keys)));
    action->setShortcutContext(Qt::WindowShortcut);
    connect(action, &QAction::triggered, this, std::move(handler));
    m_window->addAction(action);
    m_entries.push_back({spec, action});
    action->setText(QCoreApplication::translate("widgets::Actions", spec.text));
    return action;
}

QAction* Actions::find(const QString& id) const
{
    for (const Entry& entry : m_entries) {
        if (id == QLatin1String(entry.spec.id)) {
            return entry.action;
        }
    }
    return nullptr;
}

QString Actions::groupOf(const Entry& entry)
{
    return QCoreApplication::translate("widgets::Actions", entry.spec.group);
}

QString Actions::keysOf(const Entry& entry)
{
    return QKeySequence::listToString(entry.action->shortcuts(), QKeySequence::NativeText)
        .replace(QStringLiteral("; "), QStringLiteral("  "));
}

void Actions::retranslate()
{
    for (const Entry& entry : m_entries) {
        entry.action->setText(QCoreApplication::translate("widgets::Actions", entry.spec.text));
    }
}

} // namespace widgets
