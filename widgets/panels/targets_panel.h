// Other people's pools in one table: the worst first, in groups where they are wanted, with the last minute's
// usage of each; and what a person does to the list of them.
#pragma once

#include "models/target_model.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

#include <set>

class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

class Card;
class RemoteTargets;

class TargetsPanel final : public Panel {
    Q_OBJECT
public:
    explicit TargetsPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // The name of a target, or ":add": a new one is wanted.
    void showHint(const QString& hint) override;
    [[nodiscard]] QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        QAction* action;
        const char* text; // QT_TR_NOOP
    };
    void buildHead();
    void buildTable();
    void buildRemote();
    void showRemote();
    void buildActions(); // targets_panel_actions.cpp, as the next
    QAction* addEntry(const char* text, const char* keys, std::function<void()> handler);
    enum class Opened { AsItIs, AsNew };
    void openDialog(metrics::TargetSetup setup, Opened opened);
    [[nodiscard]] const models::TargetRow* chosen() const;
    [[nodiscard]] metrics::TargetSetup chosenSetup() const;
    void change(metrics::TargetEdit::Kind kind);
    void togglePause();
    void showInCharts();
    void showActions();
    void retranslateActions();
    void fold(const QModelIndex& index);
    void showGroups(const std::vector<models::TargetRow>& rows);
    void showCounts(const std::vector<models::TargetRow>& rows);
    void retranslate();

    models::TargetModel m_model;
    models::TargetOrder m_order;
    metrics::SnapshotPtr m_snapshot;
    std::set<std::string> m_folded;
    std::vector<Entry> m_entries;
    QAction* m_pause = nullptr;
    Card* m_card;
    QPushButton* m_add;
    QComboBox* m_grouping;
    QComboBox* m_group;
    QLineEdit* m_needle;
    TableView* m_view;
    QStackedWidget* m_stack;
    RemoteTargets* m_remote;
    QToolButton* m_here;  // which of both is shown; hidden while no server is configured
    QToolButton* m_there;
};

} // namespace widgets
