#include "widgets/charts/flow_grid.h"

#include <QWidget>

#include <algorithm>

namespace widgets {

FlowGrid::FlowGrid(QWidget* parent)
    : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(10);
}

FlowGrid::~FlowGrid()
{
    for (const Entry& entry : m_entries) {
        delete entry.item;
    }
}

void FlowGrid::add(QWidget* widget, const Cell& cell)
{
    addChildWidget(widget);
    m_entries.push_back({new QWidgetItem(widget), cell});
    invalidate();
}

void FlowGrid::addItem(QLayoutItem* item)
{
    m_entries.push_back({item, {}});
}

int FlowGrid::count() const
{
    return static_cast<int>(m_entries.size());
}

QLayoutItem* FlowGrid::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_entries[static_cast<std::size_t>(index)].item : nullptr;
}

QLayoutItem* FlowGrid::takeAt(int index)
{
    QLayoutItem* item = itemAt(index);
    if (item) {
        m_entries.erase(m_entries.begin() + index);
    }
    return item;
}

std::vector<std::size_t> FlowGrid::visible() const
{
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!m_entries[i].item->isEmpty()) {
            shown.push_back(i);
        }
    }
    return shown;
}

// Rows hold as many as their least widths allow; then they are evened out, so that 6 over 5 places become 3
// + 3.
std::vector<FlowGrid::Row> FlowGrid::rowsFor(int width, const std::vector<std::size_t>& shown) const
{
    const auto fill = [&](std::size_t most) {
        std::vector<Row> rows;
        int used = 0;
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const int least = m_entries[shown[i]].cell.least;
            if (rows.empty() || used + spacing() + least > width || rows.back().count >= most) {
                rows.push_back({i, 0, 0});
                used = least;
            } else {
                used += spacing() + least;
            }
            ++rows.back().count;
        }
        return rows;
    };
    std::vector<Row> rows = fill(shown.size());
    if (rows.size() > 1) {
        rows = fill((shown.size() + rows.size() - 1) / rows.size());
    }
    for (Row& row : rows) {
        const std::vector<int> widths = widthsOf(row, shown, width);
        for (std::size_t i = 0; i < row.count; ++i) {
            const Entry& entry = m_entries[shown[row.first + i]];
            const int own = entry.item->hasHeightForWidth() ? entry.item->heightForWidth(widths[i])
                                                            : entry.item->sizeHint().height();
            row.height = std::max({row.height, entry.cell.height > 0 ? entry.cell.height : own,
                                   entry.item->minimumSize().height()});
        }
    }
    return rows;
}

std::vector<int> FlowGrid::widthsOf(const Row& row, const std::vector<std::size_t>& shown, int width) const
{
    int shares = 0;
    for (std::size_t i = 0; i < row.count; ++i) {
        shares += m_entries[shown[row.first + i]].cell.weight;
    }
    const int room = width - spacing() * (static_cast<int>(row.count) - 1);
    std::vector<int> widths;
    int left = room;
    for (std::size_t i = 0; i < row.count; ++i) {
        const int weight = m_entries[shown[row.first + i]].cell.weight;
        const int own = i + 1 == row.count ? left : room * weight / std::max(shares, 1);
        widths.push_back(own);
        left -= own;
    }
    return widths;
}

int FlowGrid::heightForWidth(int width) const
{
    int height = 0;
    for (const Row& row : rowsFor(width, visible())) {
        height += row.height + (height > 0 ? spacing() : 0);
    }
    return height;
}

QSize FlowGrid::sizeHint() const
{
    const int width = std::max(geometry().width(), minimumSize().width());
    return {width, heightForWidth(width)};
}

QSize FlowGrid::minimumSize() const
{
    int width = 0;
    for (const std::size_t i : visible()) {
        width = std::max(width, std::max(m_entries[i].cell.least, m_entries[i].item->minimumSize().width()));
    }
    return {width, 0};
}

void FlowGrid::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    const auto shown = visible();
    std::vector<Row> rows = rowsFor(rect.width(), shown);
    // Room beyond what is needed goes to all rows alike.
    int spare = rect.height() + spacing();
    for (const Row& row : rows) {
        spare -= row.height + spacing();
    }
    int y = rect.y();
    for (std::size_t r = 0; r < rows.size(); ++r) {
        Row& row = rows[r];
        row.height += std::max(0, spare) / static_cast<int>(rows.size());
        const std::vector<int> widths = widthsOf(row, shown, rect.width());
        int x = rect.x();
        for (std::size_t i = 0; i < row.count; ++i) {
            m_entries[shown[row.first + i]].item->setGeometry(QRect(x, y, widths[i], row.height));
            x += widths[i] + spacing();
        }
        y += row.height + spacing();
    }
}

} // namespace widgets
