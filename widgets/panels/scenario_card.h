// One scenario: what it does, its numbers, start and stop, how far it is, which alerts it should raise and
// has raised.
#pragma once

#include "monitor/metrics/scenario_rows.h"
#include "widgets/card.h"

#include <QMap>

#include <vector>

class QAbstractSpinBox;
class QFormLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace widgets {

class ScenarioCard final : public Card {
    Q_OBJECT
public:
    explicit ScenarioCard(const metrics::ScenarioRow& row, QWidget* parent = nullptr);
    void show(const metrics::ScenarioRow& row);
    [[nodiscard]] const metrics::ScenarioRow& row() const noexcept { return m_row; }
    // The parameters as set.
    [[nodiscard]] QMap<QString, double> values() const;

Q_SIGNALS:
    void startAsked();
    void stopAsked();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Field {
        QString name;
        QLabel* title;
        QAbstractSpinBox* editor; // QSpinBox when whole, else QDoubleSpinBox
    };

    void build();
    [[nodiscard]] QAbstractSpinBox* makeEditor(const metrics::ScenarioParameter& parameter);
    void showState();
    void showAlerts();
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] bool running() const;

    metrics::ScenarioRow m_row;
    std::vector<Field> m_fields;
    QLabel* m_description;
    QLabel* m_alerts;
    QLabel* m_live;
    QLabel* m_message;
    QProgressBar* m_progress;
    QPushButton* m_start;
    QPushButton* m_stop;
};

} // namespace widgets
