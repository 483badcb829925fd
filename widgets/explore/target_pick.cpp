#include "widgets/explore/target_pick.h"

#include "models/target_model.h"
#include "models/text.h"
#include "widgets/target_scope.h"

#include <algorithm>

namespace widgets {

namespace {

const QString kOwn = QStringLiteral("own");
const QString kChosen = QStringLiteral("chosen"); // several, for all panels
const QString kTarget = QStringLiteral("target:");
constexpr qsizetype kMostName = 300;

} // namespace

TargetPick::TargetPick(QWidget* parent)
    : ComboBox(parent)
{
    fill({});
}

void TargetPick::showSnapshot(const metrics::Snapshot& snapshot)
{
    QStringList targets;
    for (const models::TargetRow& row : models::targetRows(snapshot)) {
        targets << models::text(row.target);
    }
    targets.removeDuplicates();
    targets.sort();
    if (targets != m_targets) {
        m_targets = targets;
        fill(choice());
    }
}

void TargetPick::fill(const QString& choice)
{
    clear();
    addItem(tr("All targets"), QString());
    addItem(tr("Own pool"), kOwn);
    if (m_scope != nullptr && m_scope->chosen().size() > 1) {
        addItem(tr("%1 chosen targets").arg(m_scope->chosen().size()), kChosen);
    }
    for (const QString& target : m_targets) {
        addItem(target, QString(kTarget + target));
    }
    if (findData(choice) < 0 && choice.startsWith(kTarget)) {
        addItem(choice.mid(kTarget.size()), choice);
    }
    setCurrentIndex(std::max(0, findData(choice)));
    setVisible(!m_targets.isEmpty() || !choice.isEmpty());
    setToolTip(
        tr("Each metric is asked for with this target's label, unless the expression names one itself"));
    setAccessibleName(tr("Target"));
}

metrics::Labels TargetPick::labels() const
{
    const QString chosen = choice();
    if (chosen.isEmpty()) {
        return {};
    }
    if (chosen == kChosen) {
        metrics::Labels any;
        for (const QString& target : m_scope->chosen()) {
            any.emplace_back("target", target.toStdString());
        }
        return any;
    }
    return {{"target", chosen == kOwn ? std::string() : chosen.mid(kTarget.size()).toStdString()}};
}

void TargetPick::setChoice(const QString& choice)
{
    if (m_scope != nullptr && !m_scope->isOwn()) {
        return;
    }
    const bool known = choice == kOwn || (choice.startsWith(kTarget) && choice.size() <= kMostName);
    fill(known ? choice : QString());
}

void TargetPick::follow(const TargetScope* scope)
{
    m_scope = scope;
    if (scope != nullptr) {
        connect(scope, &TargetScope::changed, this, &TargetPick::takeScope);
        if (!scope->isOwn()) {
            takeScope();
        }
    }
}

void TargetPick::takeScope()
{
    const QStringList& chosen = m_scope->chosen();
    const QString wanted = chosen.size() == 1 ? kTarget + chosen.front()
                           : chosen.isEmpty() ? QString()
                                              : kChosen;
    if (wanted != choice() || wanted == kChosen) { // others of the same number are others
        fill(wanted);
        Q_EMIT activated(currentIndex());
    }
}

void TargetPick::retranslate()
{
    fill(choice());
}

} // namespace widgets
