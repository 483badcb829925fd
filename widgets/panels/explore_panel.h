// PromQL by hand: expressions with completion, their results as a chart over the window's range or as a table
// of now.
#pragma once

#include "widgets/background.h"
#include "widgets/explore/query_run.h"
#include "widgets/panels/panel.h"

#include <QElapsedTimer>
#include <QStringList>
#include <QTimer>

#include <vector>

class QLabel;
class QComboBox;
class QMenu;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace models {
class QueryWords;
}

namespace widgets {

class AnswerView;
class ExpressionRow;
class TargetPick;

// Queries run on another thread and can be stopped; the window never waits for one. Main thread only.
class ExplorePanel final : public Panel {
    Q_OBJECT
public:
    static constexpr int kMostRows = 8;
    static constexpr int kMostRemembered = 50;

    explicit ExplorePanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    void setTimeRange(const TimeRange& range) override;
    // An expression: asked in the first row. Empty: the field gets the focus.
    void showHint(const QString& hint) override;
    // Expressions, mode and the history.
    [[nodiscard]] QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

    void run();
    [[nodiscard]] bool running() const noexcept { return m_background.busy(); }
    // Those that were run, newest first.
    [[nodiscard]] const QStringList& history() const noexcept { return m_history; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildExpressions();
    [[nodiscard]] QWidget* buildTools();
    [[nodiscard]] QWidget* buildResult();
    ExpressionRow* addRow(const QString& text = {});
    void removeRow(ExpressionRow* row);
    void nameRows();
    void setMode(QueryRun::Mode mode);
    void stop();
    void take(QueryAnswers answers);
    void tell(const QueryAnswers& answers);
    void showBusy();
    void remember();
    void fillHistory();
    void fetchWords();
    void copyCsv();
    [[nodiscard]] QueryRun wanted() const;
    // The server chosen; null: what this console knows itself.
    [[nodiscard]] const metrics::QuerySource* source() const;
    [[nodiscard]] const metrics::Querier* querier() const;
    void chooseSource(const QString& name);
    void offerSources(const std::vector<const metrics::QuerySource*>& sources);
    [[nodiscard]] QString origin(const QueryRun& run) const;
    [[nodiscard]] qint64 pace() const;
    [[nodiscard]] core::Unit unitOf(const QueryRun& run) const;
    [[nodiscard]] std::vector<QString> letters() const;
    void retranslate();

    TimeRange m_range;
    metrics::SnapshotPtr m_snapshot;
    QueryRun::Mode m_mode = QueryRun::Mode::Chart;
    std::vector<ExpressionRow*> m_rows;
    QStringList m_history;
    std::shared_ptr<const models::QueryWords> m_words;
    QElapsedTimer m_sinceAnswer;
    QElapsedTimer m_sinceWords;
    qint64 m_asked = 0;     // the right edge of the last question
    qint64 m_cost = 0;      // ms, of the last answer
    bool m_follows = false; // an answer is shown and goes on with time
    QVBoxLayout* m_rowColumn = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_past = nullptr;
    QComboBox* m_source = nullptr; // hidden without servers
    std::vector<const metrics::QuerySource*> m_sources; // as m_source offers them, behind this console
    TargetPick* m_target = nullptr;
    QMenu* m_pastMenu = nullptr;
    QToolButton* m_chartTab = nullptr;
    QToolButton* m_tableTab = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_note = nullptr;
    AnswerView* m_view = nullptr;
    QTimer m_patience; // until a query counts as slow
    QTimer m_limit;    // until it is stopped
    Background m_wordMaker;
    Background m_background; // last: its jobs are given up first
};

} // namespace widgets
