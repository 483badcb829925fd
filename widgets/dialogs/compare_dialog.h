// Two recordings side by side: which series differ by more than noise, and by how much.
#pragma once

#include "models/comparison_model.h"
#include "widgets/background.h"
#include "widgets/record_commands.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace widgets {

class TableView;

// Never blocks; deletes itself. Closing it gives up what runs.
class CompareDialog final : public QDialog {
    Q_OBJECT
public:
    // `commands` outlives it.
    CompareDialog(const RecordCommands& commands, QWidget* parent);
    void setFiles(const QString& before, const QString& after);
    // Reads both; the rows come when it is done.
    void compare();

private:
    QLineEdit* fileField(const QString& name, QPushButton*& browse);
    void choose(QLineEdit* field);
    void judge();
    void tell(const core::Result<metrics::Comparison>& outcome);

    const RecordCommands& m_commands;
    models::ComparisonModel m_model;
    QLineEdit* m_before = nullptr;
    QLineEdit* m_after = nullptr;
    QPushButton* m_browseBefore = nullptr;
    QPushButton* m_browseAfter = nullptr;
    QPushButton* m_compare = nullptr;
    QPushButton* m_export = nullptr;
    QProgressBar* m_busy = nullptr;
    QLabel* m_said = nullptr;
    TableView* m_table = nullptr;
    Background m_background; // last: its job uses the rest
};

} // namespace widgets
