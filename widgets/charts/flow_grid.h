// Cards in rows: as many columns as fit, all of a row equally high; fewer columns when the window is narrow.
#pragma once

#include <QLayout>

#include <vector>

namespace widgets {

// Each item asks for at least `least` px of width and takes `weight` shares of its row. Main thread only.
class FlowGrid final : public QLayout {
    Q_OBJECT
public:
    explicit FlowGrid(QWidget* parent = nullptr);
    ~FlowGrid() override;

    struct Cell {
        int least = 200; // px
        int height = 0;  // px; 0 = the item's own hint
        int weight = 1;
    };
    void add(QWidget* widget, const Cell& cell);

    void addItem(QLayoutItem* item) override;
    [[nodiscard]] int count() const override;
    [[nodiscard]] QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSize() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    void setGeometry(const QRect& rect) override;

private:
    struct Entry {
        QLayoutItem* item = nullptr;
        Cell cell;
    };
    struct Row {
        std::size_t first = 0;
        std::size_t count = 0;
        int height = 0;
    };
    [[nodiscard]] std::vector<std::size_t> visible() const;
    [[nodiscard]] std::vector<Row> rowsFor(int width, const std::vector<std::size_t>& shown) const;
    [[nodiscard]] std::vector<int> widthsOf(const Row& row, const std::vector<std::size_t>& shown,
                                            int width) const;

    std::vector<Entry> m_entries;
};

} // namespace widgets
