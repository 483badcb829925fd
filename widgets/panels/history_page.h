// Incidents of the past: filtered by text, severity and time, each with what was seen when it fired.
#pragma once

#include "models/incident_model.h"
#include "models/sort_proxy.h"
#include "widgets/alert_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace widgets {

class IncidentDetail;

class HistoryPage final : public QWidget {
    Q_OBJECT
public:
    // `commands` may be null; it outlives the page.
    explicit HistoryPage(const AlertCommands* commands, QWidget* parent = nullptr);
    // Asks for the incidents again; the table keeps its selection.
    void refresh();
    [[nodiscard]] int count() const { return m_model.rowCount(); }

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] metrics::IncidentFilter filter() const;
    void showDetail();
    void showSummary();
    void retranslate();

    const AlertCommands* m_commands;
    models::IncidentModel m_model;
    models::SortProxy m_order;
    QLineEdit* m_needle;
    QComboBox* m_severity;
    QComboBox* m_span;
    QLabel* m_summary;
    TableView* m_view;
    IncidentDetail* m_detail;
};

} // namespace widgets
