// One incident: what it was, who saw it, and what was seen at the moment it fired.
#pragma once

#include "widgets/alert_commands.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace widgets {

class IncidentDetail final : public QFrame {
    Q_OBJECT
public:
    // `commands` may be null; it outlives the widget.
    explicit IncidentDetail(const AlertCommands* commands, QWidget* parent = nullptr);
    void show(const metrics::Incident& incident);
    // Whether its recording is there may have changed.
    void look();

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    metrics::Incident m_incident;
    const AlertCommands* m_commands;
    IncidentRecording m_recording;
    QLabel* m_title;
    QPushButton* m_open; // its recording
    QPlainTextEdit* m_text;
};

} // namespace widgets
