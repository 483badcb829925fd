// The program's log as it grows: from a level on, with a text in it, following or standing still.
#pragma once

#include "models/log_filter.h"
#include "widgets/panels/panel.h"
#include "widgets/table_view.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace widgets {

class LogFiles;

class LogPanel final : public Panel {
    Q_OBJECT
public:
    explicit LogPanel(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // The lines shown into this file; a toast says how it went.
    void saveTo(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildBar();
    void filter();
    void follow();
    void watchScrolling(int value);
    void save();
    void showCount();
    void retranslate();

    models::LogFilter m_filter;
    QComboBox* m_level = nullptr;
    QLineEdit* m_text = nullptr;
    QToolButton* m_follow = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_clear = nullptr;
    QPushButton* m_save = nullptr;
    QLabel* m_count = nullptr;
    TableView* m_view = nullptr;
    LogFiles* m_files = nullptr;
    bool m_scrolling = false; // we do, not the person
};

} // namespace widgets
