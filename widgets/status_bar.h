// The window's foot: is sampling alive, what does it cost, where can it be scraped, what runs.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <QFrame>
#include <QString>

class QLabel;
class QToolButton;

namespace widgets {

class StatusBar final : public QFrame {
    Q_OBJECT
public:
    explicit StatusBar(QWidget* parent = nullptr);
    void showSnapshot(const metrics::Snapshot& snapshot);
    // Shown here while the navigation is too narrow for it.
    void setCostShown(bool shown);
    // A recording is shown: nothing is served.
    void setPast();

Q_SIGNALS:
    void notice(const QString& text);
    void scenarioClicked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showScenario(const metrics::Snapshot& snapshot);
    void retranslate();
    QLabel* m_samples;
    QLabel* m_cost;
    QToolButton* m_endpoint;
    QLabel* m_memory;
    QLabel* m_history;
    QToolButton* m_scenario;
    QString m_address;
};

} // namespace widgets
