// A thin bar while something is recorded or written: how long already, save or give up.
#pragma once

#include "widgets/record_commands.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace widgets {

// Hidden while nothing goes on. Main thread only.
class RecordBar final : public QFrame {
    Q_OBJECT
public:
    // `commands` outlives it.
    explicit RecordBar(const RecordCommands& commands, QWidget* parent = nullptr);
    // Asks how things are, now; by itself it does so twice a second while something goes on.
    void look();

Q_SIGNALS:
    void saveAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void show(const metrics::RecordingState& state);
    void retranslate();

    const RecordCommands& m_commands;
    metrics::RecordingState m_state;
    QLabel* m_text;
    QProgressBar* m_progress;
    QPushButton* m_save;
    QPushButton* m_cancel;
    QTimer m_timer;
};

} // namespace widgets
