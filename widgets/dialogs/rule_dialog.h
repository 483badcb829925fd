// A rule written by hand: its parts at the left, at the right what it would have done in the past.
#pragma once

#include "monitor/metrics/alert_rows.h"
#include "widgets/alert_commands.h"
#include "widgets/background.h"

#include <QDialog>
#include <QTimer>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace metrics {
class Querier;
}

namespace widgets {

class EntryTable;
class ExpressionRow;
class RulePreview;

// Main thread only. What was typed stays until it is saved or the dialog is closed.
class RuleDialog final : public QDialog {
    Q_OBJECT
public:
    // Add: `edit.draft` is what to begin with. Change: `edit.rule` is meant; a rule of another file than the
    // user's keeps its name.
    enum class Name { Free, Fixed };
    struct Asked {
        metrics::RuleEdit edit;
        Name name = Name::Free;
        const metrics::Querier* querier = nullptr; // for completion; may be null. Outlives the dialog
    };
    // `commands` outlives the dialog.
    RuleDialog(const AlertCommands& commands, Asked asked, QWidget* parent = nullptr);

    [[nodiscard]] metrics::RuleDraft draft() const;
    [[nodiscard]] metrics::RuleEdit wish() const; // as it stands in the form
    [[nodiscard]] bool trying() const noexcept { return m_trials.busy() || m_pause.isActive(); }

public Q_SLOTS:
    void save();
    // Asks first when something was typed.
    void reject() override;

private:
    [[nodiscard]] QWidget* buildForm();
    [[nodiscard]] QWidget* buildPreview();
    [[nodiscard]] QLayout* buildButtons();
    void fill(const metrics::RuleDraft& draft);
    void fetchWords();
    void changed();
    void attempt();
    void take(const metrics::RuleTrial& trial);
    [[nodiscard]] metrics::Severity severity() const;

    const AlertCommands& m_commands;
    const Asked m_asked;
    metrics::RuleDraft m_opened; // as the form said when it was opened
    QTimer m_pause; // between typing and the trial
    QLineEdit* m_name = nullptr;
    ExpressionRow* m_expression = nullptr;
    QLineEdit* m_for = nullptr;
    QLineEdit* m_keep = nullptr;
    QLineEdit* m_clear = nullptr;
    QComboBox* m_severity = nullptr;
    EntryTable* m_labels = nullptr;
    EntryTable* m_annotations = nullptr;
    QComboBox* m_span = nullptr;
    RulePreview* m_preview = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_save = nullptr;
    Background m_words;
    Background m_trials; // last: its jobs are given up first
};

} // namespace widgets
