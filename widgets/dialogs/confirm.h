// Asks before something that hurts. Never blocks; Esc and the default button leave everything as it is.
#pragma once

#include <QDialog>
#include <QString>

#include <functional>

namespace widgets {

struct Question {
    QString title;
    QString text;
    QString verb; // of the button that does it: "Terminate backend 4711"
};

class ConfirmDialog final : public QDialog {
    Q_OBJECT
public:
    ConfirmDialog(const Question& question, QWidget* parent);
};

// Shows the dialog; `then` is called when the person says yes.
void confirm(QWidget* parent, const Question& question, std::function<void()> then);

} // namespace widgets
