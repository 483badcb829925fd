// The watched log files as a small table, as high as its rows.
#pragma once

#include "models/log_file_model.h"
#include "models/sort_proxy.h"
#include "monitor/metrics/snapshot.h"
#include "widgets/card.h"
#include "widgets/table_view.h"

namespace widgets {

// Main thread only. Hidden while nothing is watched.
class LogFiles final : public Card {
    Q_OBJECT
public:
    explicit LogFiles(QWidget* parent = nullptr);
    void show(const metrics::Snapshot& snapshot);
    using Card::show;

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    models::LogFileModel m_model;
    models::SortProxy m_order;
    TableView* m_view;
};

} // namespace widgets
