// F1: every action with its keys, by group, and the keys of the panel shown; made of the list of actions and the shortcuts
// themselves, so that it cannot be out of date.
#pragma once

#include <QDialog>

class QGridLayout;

namespace widgets {

class Actions;

// A QShortcut of a panel's own that has the button it stands for in this property (QWidget*) is listed while the panel is
// shown.
inline constexpr const char* kShortcutButton = "poolscopeButton";

class ShortcutSheet final : public QDialog {
    Q_OBJECT
public:
    ShortcutSheet(const Actions& actions, QWidget* parent);

private:
    void build(const Actions& actions, const QWidget& window);
    static void addPanelKeys(QGridLayout& grid, int& row, const QWidget& window);
    static void addGroup(QGridLayout& grid, int& row, const QString& title);
    static void addRow(QGridLayout& grid, int& row, const QString& what, const QString& keys);
};

} // namespace widgets
