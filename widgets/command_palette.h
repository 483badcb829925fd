// Ctrl+K: finds every action by a few letters of its name. A sheet over the window, not a dialog: Esc or a
// click elsewhere puts it away.
#pragma once

#include <QFrame>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>

class QLineEdit;
class QListView;

namespace widgets {

class Actions;

class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    CommandPalette(const Actions& actions, QWidget* window);
    // Fills the list anew (texts and what is possible now) and takes the focus.
    void open();
    // The actions that fit what was typed, best first.
    [[nodiscard]] QStringList found() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void runChosen();
    void filter(const QString& typed);
    bool handleKey(int key);

    const Actions& m_actions;
    QLineEdit* m_edit;
    QListView* m_list;
    QStandardItemModel m_items;
    QSortFilterProxyModel m_fitting;
};

} // namespace widgets
