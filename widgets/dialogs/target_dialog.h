// A target, new or as it is: an address is pasted, what answers there is said and shown, then it is kept.
#pragma once

#include "widgets/background.h"
#include "widgets/target_commands.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableWidget;

namespace widgets {

class TargetForm;

// Main thread only. `commands` outlives it.
class TargetDialog final : public QDialog {
    Q_OBJECT
public:
    // A new one when `setup` has no name or `As::New` is said (a duplicate); one that does not stand in the
    // window's list can be looked at only.
    enum class As { ItIs, New };
    TargetDialog(const TargetCommands& commands, metrics::TargetSetup setup, As as,
                 QWidget* parent = nullptr);

    [[nodiscard]] bool looking() const noexcept { return m_looks.busy(); }

public Q_SLOTS:
    void look();
    void save();
    // Asks first when something was typed.
    void reject() override;

private:
    [[nodiscard]] QLayout* buildAddress();
    [[nodiscard]] QWidget* buildFinding();
    [[nodiscard]] QLayout* buildButtons();
    void splitAddress();
    void showWhoseLogin();
    // True when a login has to be typed first; says so.
    [[nodiscard]] bool lacksLogin();
    void giveUp();
    void take(const metrics::TargetFinding& finding);
    void showPools(const metrics::TargetFinding& finding);
    void showLooking(const QString& said);
    [[nodiscard]] metrics::TargetSetup read() const;

    const TargetCommands& m_commands;
    const metrics::TargetSetup m_setup;
    const bool m_fresh;
    metrics::TargetSetup m_opened; // as the form said when it was opened
    QLineEdit* m_url = nullptr;
    QPushButton* m_look = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_verdict = nullptr;
    QTableWidget* m_pools = nullptr;
    TargetForm* m_form = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_save = nullptr;
    Background m_looks; // last: its job ends first
};

// In words: "HikariCP (Micrometer), 2 pools", "The server wants to know who asks (401)" …
[[nodiscard]] QString verdictOf(const metrics::TargetFinding& finding);

} // namespace widgets
