// Automatic responses: the level of degradation and its steps, the plan of a scale-out, what was done; by
// hand, too.
#pragma once

#include "models/response_models.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

#include <array>

class QLabel;
class QPushButton;
class QToolButton;

namespace widgets {

class Card;

class ResponsesPanel final : public Panel {
    Q_OBJECT
public:
    explicit ResponsesPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    static constexpr int kLevels = 6; // automatic, 0 … 4

    [[nodiscard]] QWidget* buildDegrade();
    [[nodiscard]] QWidget* buildScale();
    [[nodiscard]] QWidget* buildLog();
    [[nodiscard]] TableView* stepTable(const char* name, models::StepModel& model, Card* card);
    [[nodiscard]] static QString jobText(const std::string& name);
    void showDegrade(const metrics::DegradeView& view);
    void showScale(const metrics::ScaleView& view);
    void askLevel(int button);
    void askDegradeDryRun();
    void askScaleDryRun();
    void askScaleNow();
    void askUndo();
    void order(metrics::ResponseCommand::Kind kind, int value);
    void retranslate();

    models::StepModel m_degradeSteps, m_scaleSteps;
    models::ResponseLogModel m_notes;
    metrics::ResponseView m_view; // as shown
    Card* m_degrade = nullptr;
    QLabel* m_degradeText = nullptr;
    QToolButton* m_degradeDryRun = nullptr;
    std::array<QToolButton*, kLevels> m_levels{};
    TableView* m_degradeTable = nullptr;
    Card* m_scale = nullptr;
    QLabel* m_scaleText = nullptr;
    QToolButton* m_scaleDryRun = nullptr;
    QPushButton* m_scaleNow = nullptr;
    QPushButton* m_undo = nullptr;
    TableView* m_scaleTable = nullptr;
    Card* m_log = nullptr;
    TableView* m_logTable = nullptr;
};

} // namespace widgets
