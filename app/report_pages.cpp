#include "app/report_pages.h"

#include "app/report_layout.h"

#include <QBuffer>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgRenderer>

#include <algorithm>
#include <string>
#include <variant>

namespace app {

namespace {

using report::Tone;

const QColor kInk(0x1f2733);
const QColor kFaint(0x5b6675);
const QColor kLine(0xdfe3e8);
const QColor kSoft(0xf5f7f9);
constexpr int kResolution = 720; // a unit of ours is a unit of the device

QString text(const std::string& words)
{
    return QString::fromStdString(words);
}

QColor colourOf(Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        break;
    case Tone::Good:
        return QColor(0x18794e);
    case Tone::Warning:
        return QColor(0xb45309);
    case Tone::Critical:
        return QColor(0xb3122c);
    }
    return QColor(0x9aa4b2);
}

QColor inkOf(Tone tone)
{
    return tone == Tone::Warning || tone == Tone::Critical ? colourOf(tone) : kInk;
}

class Typesetter {
public:
    explicit Typesetter(PageStack& pages)
        : m_pages(pages)
    {
    }

    void cover(const report::Cover& cover)
    {
        m_pages.put(150, [colour = colourOf(cover.tone)](QPainter& painter, double top) {
            painter.fillRect(QRectF(kMargin, top, kContentWidth, 60), colour);
        });
        words(text(cover.title), {reportFont(9.5), kFaint}, 30);
        words(text(cover.verdict), {reportFont(22, QFont::DemiBold), kInk}, 160);
        for (const auto& [name, value] : cover.facts) {
            pair({text(name), {reportFont(9.5), kFaint}}, {text(value), {reportFont(9.5), kInk}}, 16);
        }
        m_pages.space(120);
    }

    void operator()(const report::Heading& heading)
    {
        struct Look {
            double above, needs, size,
                below; // `needs`: what must fit behind it, so that it is never alone at the foot
        };
        const Look look = heading.level == 1   ? Look{260, 1500, 14.5, 40}
                          : heading.level == 2 ? Look{200, 900, 11, 50}
                                               : Look{110, 750, 8.8, 10};
        m_pages.space(look.above);
        m_pages.need(look.needs);
        words(text(heading.text),
              {reportFont(look.size, QFont::DemiBold), heading.level == 3 ? kFaint : kInk}, look.below);
        if (heading.level == 1) {
            rule(100);
        }
    }
    void operator()(const report::Paragraph& paragraph)
    {
        m_pages.space(40);
        words(text(paragraph.text), {reportFont(9.5), kInk}, 60);
    }
    void operator()(const report::Remark& remark)
    {
        const Words laid(text(remark.text), {reportFont(9.5), kInk}, kContentWidth - 200);
        const double height = laid.height() + 120;
        m_pages.space(30);
        m_pages.put(height, [laid, height, colour = colourOf(remark.tone)](QPainter& painter, double top) {
            painter.fillRect(QRectF(kMargin, top, kContentWidth, height), kSoft);
            painter.fillRect(QRectF(kMargin, top, 35, height), colour);
            laid.paint(painter, {kMargin + 120, top + 60});
        });
        m_pages.space(100);
    }
    void operator()(const report::Points& points)
    {
        for (std::size_t i = 0; i < points.points.size(); ++i) {
            const report::Point& point = points.points[i];
            if (i > 0) {
                rule(50);
            }
            const bool loud = point.tone == Tone::Warning || point.tone == Tone::Critical;
            pair({text(point.label), {reportFont(9.5, QFont::DemiBold), kInk}},
                 {text(point.text),
                  {reportFont(9.5, loud ? QFont::DemiBold : QFont::Normal), inkOf(point.tone)}},
                 50);
        }
        m_pages.space(80);
    }
    void operator()(const report::Tiles& tiles)
    {
        constexpr std::size_t kAcross = 3;
        for (std::size_t i = 0; i < tiles.tiles.size(); i += kAcross) {
            std::vector<report::Tile> row(
                tiles.tiles.begin() + static_cast<std::ptrdiff_t>(i),
                tiles.tiles.begin() + static_cast<std::ptrdiff_t>(std::min(i + kAcross, tiles.tiles.size())));
            m_pages.put(760, [row = std::move(row)](QPainter& painter, double top) {
                paintTiles(painter, top, row);
            });
        }
        m_pages.space(60);
    }
    void operator()(const report::Figure& figure)
    {
        const double height = kContentWidth / figure.aspect;
        const Words title(text(figure.title), {reportFont(10, QFont::DemiBold), kInk}, kContentWidth * 0.6);
        const Words caption(text(figure.caption), {reportFont(8), kFaint, Qt::AlignRight},
                            kContentWidth * 0.4);
        m_pages.space(60);
        m_pages.put(title.height() + 40 + height,
                    [title, caption, height, svg = QByteArray::fromStdString(figure.svg)](QPainter& painter,
                                                                                          double top) {
                        title.paint(painter, {kMargin, top});
                        caption.paint(painter, {kMargin + kContentWidth * 0.6, top + 20});
                        QSvgRenderer(svg).render(
                            &painter, QRectF(kMargin, top + title.height() + 40, kContentWidth, height));
                    });
        m_pages.space(100);
    }
    void operator()(const report::Table& table)
    {
        std::vector<std::string> heads;
        for (const report::Column& column : table.columns) {
            heads.push_back(column.title);
        }
        const std::vector<double> widths = columnWidths(table);
        const Row head = rowOf(table, widths, heads, RowKind::Head);
        m_pages.need(head.height + 500);
        putRow(head);
        for (const std::vector<std::string>& cells : table.rows) {
            const Row row = rowOf(table, widths, cells, RowKind::Body);
            const std::size_t before = m_pages.count();
            m_pages.need(row.height);
            if (m_pages.count() != before) {
                putRow(head);
            }
            putRow(row);
        }
        m_pages.space(60);
        if (!table.more.empty()) {
            words(text(table.more), {reportFont(8.5), kFaint}, 60);
        }
        m_pages.space(80);
    }

private:
    struct Said {
        QString text;
        Ink ink;
    };
    enum class RowKind { Head, Body };
    struct Row {
        std::vector<std::pair<double, Words>> cells; // from the left
        double height = 0;
        double base = 0; // of the first lines, below the row's inner top
        RowKind kind = RowKind::Body;
    };

    void words(const QString& said, const Ink& ink, double below)
    {
        const Words laid(said, ink, kContentWidth);
        m_pages.put(laid.height(), [laid](QPainter& painter, double top) {
            laid.paint(painter, {kMargin, top});
        });
        m_pages.space(below);
    }
    void pair(const Said& name, const Said& value, double below)
    {
        constexpr double kNames = 1000;
        const Words left(name.text, name.ink, kNames - 80);
        const Words right(value.text, value.ink, kContentWidth - kNames);
        const double base = std::max(left.base(), right.base());
        const double height = base + std::max(left.height() - left.base(), right.height() - right.base());
        m_pages.put(height, [left, right, base](QPainter& painter, double top) {
            left.paint(painter, {kMargin, top + base - left.base()});
            right.paint(painter, {kMargin + kNames, top + base - right.base()});
        });
        m_pages.space(below);
    }
    void rule(double below)
    {
        m_pages.put(5, [](QPainter& painter, double top) {
            painter.fillRect(QRectF(kMargin, top, kContentWidth, 5), kLine);
        });
        m_pages.space(below);
    }

    static Row rowOf(const report::Table& table, const std::vector<double>& widths, const std::vector<std::string>& cells,
                     RowKind kind)
    {
        Row row{{}, 0, 0, kind};
        double left = 0;
        for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i) {
            const report::Column& column = table.columns[i];
            const QFont font = kind == RowKind::Head ? headFont() : cellFont(column);
            const Ink ink{font, kind == RowKind::Head ? kFaint : kInk,
                          column.align == report::Align::Right ? Qt::AlignRight : Qt::AlignLeft};
            row.cells.emplace_back(left, Words(text(cells[i]), ink, widths[i] - gapAfter(table, i)));
            row.base = std::max(row.base, row.cells.back().second.base());
            left += widths[i];
        }
        for (const auto& [at, cell] : row.cells) {
            row.height = std::max(row.height, row.base - cell.base() + cell.height() + 80);
        }
        return row;
    }
    void putRow(const Row& row)
    {
        m_pages.put(row.height, [row](QPainter& painter, double top) {
            for (const auto& [left, cell] : row.cells) {
                cell.paint(painter, {kMargin + left, top + 40 + row.base - cell.base()});
            }
            const double thick = row.kind == RowKind::Head ? 12 : 5;
            painter.fillRect(QRectF(kMargin, top + row.height - thick, kContentWidth, thick), kLine);
        });
    }

    static void paintTiles(QPainter& painter, double top, const std::vector<report::Tile>& row)
    {
        constexpr double kGap = 110;
        constexpr double kHeight = 660;
        const double width = (kContentWidth - 2 * kGap) / 3;
        double left = kMargin;
        for (const report::Tile& tile : row) {
            painter.fillRect(QRectF(left, top, width, kHeight), kSoft);
            painter.fillRect(QRectF(left, top, 35, kHeight), colourOf(tile.tone));
            const double inner = width - 200;
            Words(text(tile.label), {reportFont(8.2), kFaint}, inner).paint(painter, {left + 120, top + 65});
            Words(text(tile.value), {reportFont(17, QFont::DemiBold), inkOf(tile.tone)}, inner)
                .paint(painter, {left + 120, top + 195});
            Words(text(tile.detail), {reportFont(8.2), kFaint}, inner)
                .paint(painter, {left + 120, top + 460});
            left += width + kGap;
        }
    }

    PageStack& m_pages;
};

void paintFoot(QPainter& painter, const report::Document& document, std::size_t page, std::size_t pages)
{
    const double top = kPageHeight - kMargin - 60;
    const bool chinese = document.lang == core::Lang::Chinese;
    const QString number = (chinese ? QStringLiteral("第 %1 页，共 %2 页") : QStringLiteral("Page %1 of %2"))
                               .arg(page + 1)
                               .arg(pages);
    painter.fillRect(QRectF(kMargin, top - 60, kContentWidth, 5), kLine);
    Words(text(document.cover.title + " · " + document.footer), {reportFont(7.6), kFaint},
          kContentWidth * 0.8)
        .paint(painter, {kMargin, top});
    Words(number, {reportFont(7.6), kFaint, Qt::AlignRight}, kContentWidth * 0.2)
        .paint(painter, {kMargin + kContentWidth * 0.8, top});
}

} // namespace

QByteArray reportPdf(const report::Document& document)
{
    PageStack pages;
    Typesetter typesetter(pages);
    typesetter.cover(document.cover);
    for (const report::Block& block : document.blocks) {
        std::visit(typesetter, block);
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kResolution);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(text(document.cover.title + ": " + document.footer));
    writer.setCreator(QStringLiteral("Poolscope " POOLSCOPE_VERSION));
    QPainter painter(&writer);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t page = 0; page < pages.count(); ++page) {
        if (page > 0) {
            writer.newPage();
        }
        pages.paint(painter, page);
        paintFoot(painter, document, page, pages.count());
    }
    painter.end();
    return bytes;
}

} // namespace app
