// What happened to the pool: filtered, exported.
#pragma once

#include "models/event_model.h"
#include "widgets/panels/pool/pool_tab.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace widgets {

class TableView;

class EventsTab final : public PoolTab {
    Q_OBJECT
public:
    explicit EventsTab(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // A kind of event: shows those.
    bool showHint(const QString& hint) override;

public Q_SLOTS:
    // Writes what is shown, as JSON lines; says how it went by a toast.
    void saveTo(const QString& path);

protected:
    void retranslate() override;

private:
    void fillKinds();
    void filter();
    void save();
    void showCount();

    models::EventModel m_model;
    TableView* m_view;
    QComboBox* m_kinds;
    QLineEdit* m_text;
    QPushButton* m_save;
    QLabel* m_count;
};

} // namespace widgets
