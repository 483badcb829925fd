// The pool from near: what is wrong, what can be done about it, and a tab for everything it tells.
#pragma once

#include "widgets/panels/panel.h"

#include <vector>

class QAction;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace widgets {

class PoolTab;
class VerdictBar;
struct PoolTabEntry;

class PoolPanel final : public Panel {
    Q_OBJECT
public:
    explicit PoolPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    void setTimeRange(const TimeRange& range) override;
    // "slots", "events" …: that tab; "tab/hint" hands the hint to it; a bare number is a slot.
    void showHint(const QString& hint) override;

    // The tab in front: "slots", "events" …
    [[nodiscard]] QString currentTab() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Tab {
        const PoolTabEntry* entry;
        QToolButton* button;
        PoolTab* page;
    };
    [[nodiscard]] QWidget* buildHead();
    [[nodiscard]] QWidget* buildButtons(QWidget* parent);
    [[nodiscard]] QWidget* buildTabs();
    void chooseTab(int index);
    void openTab(const QString& id, const QString& hint);
    void showPool(const metrics::PoolView& pool);
    void suspend(bool failNewRequests);
    void drain();
    void retranslate();

    metrics::SnapshotPtr m_snapshot;
    QLabel* m_state = nullptr;
    QLabel* m_numbers = nullptr;
    VerdictBar* m_verdict = nullptr;
    QPushButton* m_suspend = nullptr;
    QMenu* m_suspendMenu = nullptr;
    QAction* m_suspendHold = nullptr;
    QAction* m_suspendFail = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_resize = nullptr;
    QPushButton* m_drain = nullptr;
    QStackedWidget* m_stack = nullptr;
    std::vector<Tab> m_tabs;
};

} // namespace widgets
