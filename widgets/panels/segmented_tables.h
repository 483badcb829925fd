// Several tables of one source, one shown at a time, with a line above them that says how the source is.
#pragma once

#include "models/sort_proxy.h"
#include "widgets/table_view.h"

#include <QWidget>

#include <deque>
#include <vector>

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QStackedWidget;

namespace widgets {

class SegmentedTables final : public QWidget {
    Q_OBJECT
public:
    // What a table and its button are called ("alerts", "showAlerts"), under the name of the whole.
    struct Names {
        const char* table;
        const char* button;
    };
    // `name` begins the object names of all that is inside.
    explicit SegmentedTables(QString name, QWidget* parent = nullptr);
    // The next place, from 0; the first is shown. `model` outlives this.
    TableView& add(const Names& names, QAbstractItemModel& model, const std::vector<int>& widths);
    // Right of the buttons, in the order of adding.
    void addTool(QWidget* tool);

    [[nodiscard]] int current() const;
    [[nodiscard]] TableView& table(int which) { return *m_views[static_cast<std::size_t>(which)].table; }
    // Of the chosen row, in the model given to add(); -1: none is chosen.
    [[nodiscard]] int chosenRow(int which) const;
    void setTitle(int which, const QString& text);
    void setNeedle(const QString& needle);                       // in all of them
    void setHealth(const QString& text, const QString& toolTip); // empty: there is no such line

Q_SIGNALS:
    void notice(const QString& text);
    void currentChanged(int which);

private:
    struct View {
        models::SortProxy order;
        TableView* table = nullptr;
    };

    const QString m_name;
    QHBoxLayout* m_head;
    QButtonGroup* m_buttons;
    QLabel* m_health;
    QStackedWidget* m_stack;
    std::deque<View> m_views; // they stay where they are
};

} // namespace widgets
