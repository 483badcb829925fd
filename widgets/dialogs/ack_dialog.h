// Who has seen an alert, and what they say about it.
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;

namespace widgets {

class AckDialog final : public QDialog {
    Q_OBJECT
public:
    AckDialog(const QString& alert, QWidget* parent);
    void explain(const QString& meaning); // what it does, where that is not the usual

Q_SIGNALS:
    void acknowledged(const QString& by, const QString& note);

private:
    QLineEdit* m_by;
    QLineEdit* m_note;
    QLabel* m_meaning;
};

// The name a person is known by on this machine; may be empty.
[[nodiscard]] QString ownName();

} // namespace widgets
