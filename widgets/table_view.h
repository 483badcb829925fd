// A table as all panels show one: sorted, copied, exported; says something when it is empty; keeps its column
// widths.
#pragma once

#include <QString>
#include <QTableView>

#include <vector>

namespace widgets {

class TableView final : public QTableView {
    Q_OBJECT
public:
    // `name` is stable: its column widths are kept under it.
    explicit TableView(const QString& name, QWidget* parent = nullptr);
    // What stands in the middle while there are no rows.
    void setEmptyText(const QString& text);
    // Widths in px, one a column; the last one takes what is left. In a wide table columns of text share it, until
    // somebody has set a width.
    void setColumnWidths(const std::vector<int>& widths);
    // Order of the columns and rows, and widths; nothing happens when `state` is none of headerState()'s.
    [[nodiscard]] QByteArray headerState();
    void restoreHeader(const QByteArray& state);
    // The rows chosen (all when none is), columns by tab, lines by newline.
    [[nodiscard]] QString chosenText() const;
    void copy();
    // Asks for a file; the outcome is told by notice().
    void exportCsv();
    // What it shows now into this file; as above.
    void saveTo(const QString& path);
    // Further entries for the context menu, above Copy.
    void addMenuAction(QAction* action);

Q_SIGNALS:
    void notice(const QString& text);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void setWidths(const std::vector<int>& widths);
    void share();
    QString m_emptyText;
    std::vector<int> m_widths; // as asked for; empty when they are somebody's own
    bool m_sharing = false;
    std::vector<QAction*> m_menuActions;
};

} // namespace widgets
