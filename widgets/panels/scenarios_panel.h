// Trouble on purpose: a card a scenario, and one switch that stops them all.
#pragma once

#include "widgets/panels/panel.h"

#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace widgets {

class ScenarioCard;

class ScenariosPanel final : public Panel {
    Q_OBJECT
public:
    explicit ScenariosPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild(const std::vector<metrics::ScenarioRow>& rows);
    void arrange();
    void start(ScenarioCard& card);
    void stopAll();
    void retranslate();

    metrics::SnapshotPtr m_snapshot;
    std::vector<ScenarioCard*> m_cards;
    int m_columns = 0;
    QLabel* m_intro;
    QLabel* m_empty;
    QPushButton* m_stopAll;
    QScrollArea* m_scroll;
    QWidget* m_page;
    QGridLayout* m_grid;
};

} // namespace widgets
