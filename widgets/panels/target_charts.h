// Charts of other people's pools: a line for each target, or for each pool of the only one. What a source
// does not tell is said to be unknown.
#pragma once

#include "models/target_model.h"
#include "widgets/panels/chart_page.h"
#include "widgets/table_view.h"

#include <QStringList>

#include <optional>
#include <span>

class QLabel;
class QPushButton;

namespace widgets {

class TargetScope;
struct TargetChart;

// Which charts: as the panel that they stand for. Those behind Host have none: see OwnOnly.
enum class TargetFace { Overview, Pool, Latency, Host, Scenarios, Log, Responses };

class TargetCharts final : public ChartPage {
    Q_OBJECT
public:
    // `scope` outlives it.
    TargetCharts(const PanelContext& context, TargetFace face, TargetScope& scope, QWidget* parent = nullptr);

protected:
    void showFigures(const metrics::Snapshot& snapshot) override;
    void retranslate() override;

private:
    struct Line {
        std::string target;
        std::optional<std::string> pool; // all of the target's together
        QString name;
        int color = 0;

        friend bool operator==(const Line&, const Line&) = default;
    };
    struct Chart {
        const TargetChart* what;
        ChartCard* card;
    };
    void buildHead();
    void buildCharts(TargetFace face);
    [[nodiscard]] std::vector<Line> linesOf(const metrics::Snapshot& snapshot) const;
    [[nodiscard]] ChartSpec specOf(const TargetChart& chart) const;
    [[nodiscard]] Feed feedOf(const TargetChart& chart, const Line& line) const;
    [[nodiscard]] double ask(const std::string& expression, const metrics::Snapshot& snapshot) const;
    [[nodiscard]] bool tells(const Line& line, const TargetChart& chart, const metrics::Snapshot& snapshot) const;
    // What a server is asked for it, and which series of the answer is this line.
    [[nodiscard]] std::pair<std::string, metrics::Labels> sharedOf(const TargetChart& chart, const Line& line) const;
    void take(std::vector<Line> lines);
    void showUnknown(const metrics::Snapshot& snapshot);

    const TargetFace m_face;
    TargetScope& m_scope;
    std::vector<Line> m_lines;
    std::vector<Chart> m_shown;
    QLabel* m_title = nullptr;
    QLabel* m_hint = nullptr; // of the face Host: what can be known
    QPushButton* m_own = nullptr;
    models::TargetModel m_model;
    models::TargetOrder m_order;
    Card* m_tableCard = nullptr;
    TableView* m_table = nullptr;
};

} // namespace widgets
