// F1: every action with its keys, by group; made of the list of actions, so that it cannot be out of date.
#pragma once

#include <QDialog>

namespace widgets {

class Actions;

class ShortcutSheet final : public QDialog {
    Q_OBJECT
public:
    ShortcutSheet(const Actions& actions, QWidget* parent);

private:
    void build(const Actions& actions);
};

} // namespace widgets
