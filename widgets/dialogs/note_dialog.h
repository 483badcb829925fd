// A note of one's own at a moment, seen in all charts.
#pragma once

#include <QDialog>
#include <QString>

class QLineEdit;

namespace widgets {

// Never blocks; deletes itself.
class NoteDialog final : public QDialog {
    Q_OBJECT
public:
    // `at` in ms since the epoch.
    // A note that stands already when `text` is not empty.
    NoteDialog(qint64 at, QWidget* parent, const QString& text = {});

Q_SIGNALS:
    void written(qint64 at, const QString& text);

private:
    QLineEdit* m_text;
};

} // namespace widgets
