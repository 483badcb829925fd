// One incident: what it was, who saw it, and what was seen at the moment it fired.
#pragma once

#include "monitor/metrics/incident.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;

namespace widgets {

class IncidentDetail final : public QFrame {
    Q_OBJECT
public:
    explicit IncidentDetail(QWidget* parent = nullptr);
    void show(const metrics::Incident& incident);

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    metrics::Incident m_incident;
    QLabel* m_title;
    QPlainTextEdit* m_text;
};

} // namespace widgets
