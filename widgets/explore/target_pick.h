// Whose series the expressions are about: everybody's, the own pool's, one target's, or those
// chosen for the panels.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/combo_box.h"

#include <QStringList>

namespace widgets {

class TargetScope;

// Main thread only. Hidden while no target is known.
class TargetPick final : public ComboBox {
    Q_OBJECT
public:
    explicit TargetPick(QWidget* parent = nullptr);
    // The targets that are watched now.
    void showSnapshot(const metrics::Snapshot& snapshot);
    // What each selector is narrowed to; none: all there is. An empty value: without the label; several: any of
    // them.
    [[nodiscard]] metrics::Labels labels() const;
    // What is chosen, for the next run: "", "own", "chosen" or "target:" and its name. One that is not watched yet is
    // kept.
    [[nodiscard]] QString choice() const { return currentData().toString(); }
    // Of the last run: it gives way to what is chosen for the panels.
    void setChoice(const QString& choice);
    // What is chosen for the panels is chosen here, too, also several. `scope` outlives it, and may be null.
    void follow(const TargetScope* scope);
    void retranslate();

private:
    void fill(const QString& choice);
    void takeScope();

    const TargetScope* m_scope = nullptr;
    QStringList m_targets; // sorted
};

} // namespace widgets
