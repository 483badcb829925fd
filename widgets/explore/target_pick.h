// Whose series the expressions are about: everybody's, the own pool's, or one target's.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/combo_box.h"

#include <QStringList>

namespace widgets {

// Main thread only. Hidden while no target is known.
class TargetPick final : public ComboBox {
    Q_OBJECT
public:
    explicit TargetPick(QWidget* parent = nullptr);
    // The targets that are watched now.
    void showSnapshot(const metrics::Snapshot& snapshot);
    // What each selector is narrowed to; none: all there is. An empty value: without the label.
    [[nodiscard]] metrics::Labels labels() const;
    // What is chosen, for the next run: "", "own" or "target:" and its name. One that is not watched yet is
    // kept.
    [[nodiscard]] QString choice() const { return currentData().toString(); }
    void setChoice(const QString& choice);
    void retranslate();

private:
    void fill(const QString& choice);

    QStringList m_targets; // sorted
};

} // namespace widgets
