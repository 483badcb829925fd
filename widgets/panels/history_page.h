// Incidents of the past: filtered by text, rule, severity, state and time, each with what was seen when it
// fired.
#pragma once

#include "models/incident_model.h"
#include "models/sort_proxy.h"
#include "widgets/alert_commands.h"
#include "widgets/table_view.h"
#include "widgets/time_range.h"

#include <QTimer>
#include <QWidget>

#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace widgets {

class IncidentDetail;

// Main thread only. What is kept on disk is read aside; the table stays as it is meanwhile.
class HistoryPage final : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 10'000; // incidents shown

    // `commands` may be null; it outlives the page.
    explicit HistoryPage(const AlertCommands* commands, QWidget* parent = nullptr);
    // Takes the newest from memory; what was read from disk stays. The table keeps its selection.
    void refresh();
    [[nodiscard]] int count() const { return m_model.rowCount(); }
    [[nodiscard]] bool searching() const noexcept { return m_answered != m_asked || m_pause.isActive(); }

Q_SIGNALS:
    void notice(const QString& text);
    void travelAsked(const widgets::TravelWish& wish);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QLayout* buildFilters();
    [[nodiscard]] metrics::IncidentFilter filter() const;
    void search();
    void take(std::vector<metrics::Incident> rows, bool more);
    void offerRules();
    void showDetail();
    void showSummary();
    void travelTo(const QModelIndex& index);
    void retranslate();

    const AlertCommands* m_commands;
    models::IncidentModel m_model;
    models::SortProxy m_order;
    std::vector<metrics::Incident> m_past;   // as read, newest first
    std::vector<metrics::Incident> m_recent; // as shown last
    bool m_more = false;
    int m_asked = 0; // searches, and of which one the answer is shown
    int m_answered = 0;
    std::string m_chosen; // whose detail is shown or asked for
    QTimer m_pause;       // between typing and the search
    QLineEdit* m_needle;
    QComboBox* m_rule;
    QComboBox* m_severity;
    QComboBox* m_state;
    QComboBox* m_span;
    QPushButton* m_export;
    QLabel* m_summary;
    TableView* m_view;
    IncidentDetail* m_detail;
};

} // namespace widgets
