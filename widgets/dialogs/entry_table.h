// Names and texts, a line each: labels and annotations of a rule.
#pragma once

#include "monitor/metrics/rule_draft.h"

#include <QWidget>

class QPushButton;
class QTableWidget;

namespace widgets {

// Main thread only.
class EntryTable final : public QWidget {
    Q_OBJECT
public:
    explicit EntryTable(const QString& what, QWidget* parent = nullptr);
    void setEntries(const metrics::RuleDraft::Entries& entries);
    // Those with a name, in their order; of a name that stands twice the last text.
    [[nodiscard]] metrics::RuleDraft::Entries entries() const;

Q_SIGNALS:
    void edited();

private:
    void addRow(const QString& name, const QString& text);
    void removeChosen();

    QTableWidget* m_table;
    QPushButton* m_add;
    QPushButton* m_remove;
};

} // namespace widgets
