#include "widgets/charts/chart_widget.h"

#include "models/table_csv.h"
#include "models/text.h"
#include "widgets/charts/chart_picture.h"
#include "widgets/charts/chart_table.h"
#include "widgets/charts/crosshair.h"
#include "widgets/charts/plot_view.h"
#include "widgets/dialogs/picture_dialog.h"
#include "widgets/save_file.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDialog>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QStandardPaths>
#include <QTableView>

#include <cmath>

namespace widgets {

ChartWidget::ChartWidget(const ChartSpec& spec, QWidget* parent)
    : QWidget(parent)
    , m_view(new PlotView(m_model, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_view);
    setFocusPolicy(Qt::StrongFocus);
    setSpec(spec);
    connectMouse();
}

void ChartWidget::connectMouse()
{
    connect(m_view, &PlotView::zoomed, this, [this](qint64 at, double factor) {
        Q_EMIT travelAsked({TravelWish::Kind::Zoom, at, at, factor});
    });
    connect(m_view, &PlotView::panned, this,
            [this](double share) { Q_EMIT travelAsked({TravelWish::Kind::Pan, 0, 0, share}); });
    connect(m_view, &PlotView::selected, this, &ChartWidget::offer);
    connect(m_view, &PlotView::thresholdMoved, this, &ChartWidget::thresholdMoved);
}

// What can be done with a stretch of time.
void ChartWidget::offer(qint64 from, qint64 to, QPoint globalPos)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto part = [this, from, to] {
        PlotModel model = m_model;
        model.end = to;
        model.length = std::max<qint64>(to - from, 1);
        return model;
    };
    QAction* zoom = menu->addAction(tr("Zoom in here"), this, [this, from, to] {
        Q_EMIT travelAsked({TravelWish::Kind::Select, from, to, 1});
    });
    menu->setDefaultAction(zoom);
    menu->setActiveAction(zoom);
    menu->addAction(tr("Show as table"), this, [this, part] { tableOf(part()); });
    menu->addAction(tr("Copy as CSV"), this, [part] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(models::tableCsv(ChartTableModel(part()))));
    });
    menu->addAction(tr("Export all series of this stretch…"), this, [this, from, to] {
        Q_EMIT travelAsked({TravelWish::Kind::Export, from, to, 1});
    });
    menu->addAction(tr("Report of this stretch…"), this, [this, from, to] {
        Q_EMIT travelAsked({TravelWish::Kind::Report, from, to, 1});
    });
    menu->addAction(tr("Add a note…"), this, [this, from] { Q_EMIT noteAsked(from); });
    connect(menu, &QMenu::aboutToHide, m_view, &PlotView::clearBand);
    menu->popup(globalPos);
}

void ChartWidget::setSpec(const ChartSpec& spec)
{
    m_model.spec = spec;
    m_model.data.resize(spec.series.size());
    m_model.means.resize(spec.series.size());
    m_model.shadow.resize(spec.series.size());
    setAccessibleName(spec.name);
}

void ChartWidget::setShadowName(const QString& name)
{
    if (name.isEmpty()) {
        for (SampleBuffer& buffer : m_model.shadow) {
            buffer.clear();
        }
    }
    if (name != m_model.shadowName) {
        m_model.shadowName = name;
        Q_EMIT shadowChanged();
    }
}

void ChartWidget::setCrosshair(Crosshair* crosshair)
{
    m_crosshair = crosshair;
    connect(m_view, &PlotView::hovered, crosshair, [crosshair](qint64 at) { crosshair->set(at); });
    connect(m_view, &PlotView::left, crosshair, [crosshair] { crosshair->set(std::nullopt); });
    connect(crosshair, &Crosshair::moved, this, [this] {
        m_model.cursor = m_crosshair->at();
        m_view->repaintCursor();
    });
}

void ChartWidget::setWindow(qint64 end, qint64 length, Edge edge)
{
    m_model.end = end;
    m_model.length = std::max<qint64>(length, 1000);
    m_model.live = edge == Edge::Now;
}

void ChartWidget::refresh()
{
    m_view->refresh();
}

QPointF ChartWidget::pixelOf(qint64 at, double value) const
{
    return m_view->mapTo(this, QPointF(m_view->frame().x(at), m_view->frame().y(value)).toPoint());
}

QRectF ChartWidget::plotArea() const
{
    return m_view->frame().area.translated(m_view->pos());
}

std::vector<ColumnPoint> ChartWidget::drawnPoints(std::size_t series) const
{
    return series < m_view->lineCount() ? m_view->line(series) : std::vector<ColumnPoint>();
}

int ChartWidget::paintCount() const
{
    return m_view->paintCount();
}

QByteArray ChartWidget::csv() const
{
    return models::tableCsv(ChartTableModel(m_model));
}

QSize ChartWidget::sizeHint() const
{
    return m_model.spec.density == Density::Full ? QSize(420, 180) : QSize(190, 96);
}

QSize ChartWidget::minimumSizeHint() const
{
    return m_model.spec.density == Density::Full ? QSize(240, 120) : QSize(120, 72);
}

void ChartWidget::showTable()
{
    tableOf(m_model);
}

void ChartWidget::tableOf(const PlotModel& model)
{
    auto* dialog = new QDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(model.spec.name);
    auto* table = new QTableView(dialog);
    table->setModel(new ChartTableModel(model, table));
    table->verticalHeader()->hide();
    table->setAlternatingRowColors(true);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAccessibleName(model.spec.name);
    table->setColumnWidth(0, 210);
    table->horizontalHeader()->setStretchLastSection(true);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(table);
    dialog->resize(620, 480);
    dialog->show();
}

void ChartWidget::copyCsv()
{
    QGuiApplication::clipboard()->setText(QString::fromUtf8(csv()));
}

void ChartWidget::saveFigures()
{
    auto* dialog = new QFileDialog(window(), tr("Save the chart's figures"),
                                   QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("CSV files (*.csv)"), tr("JSON (*.json)"), tr("JSON Lines (*.jsonl)")});
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QLatin1Char('.'), -1).chopped(1));
    });
    // The figures are of the moment at which they were asked for.
    connect(dialog, &QFileDialog::fileSelected, this, [this, model = m_model](const QString& path) {
        save(path, [content = models::contentOf(ChartTableModel(model)),
                    form = models::tableFormOf(path)](const models::TextSink& sink) {
            return models::writeTable(content, form, sink);
        });
    });
    dialog->open();
}

void ChartWidget::savePicture()
{
    auto* dialog = new PictureDialog(tr("Save the chart as a picture"), pictureSizeOf(size()), m_model.spec.name, window());
    // The picture is of the moment at which it was asked for.
    connect(dialog, &PictureDialog::chosen, this,
            [this, model = m_model](const PictureSpec& spec, const QString& path) {
                save(path, bytesOf(chartPicture(model, spec)));
            });
    dialog->show();
}

void ChartWidget::save(const QString& path, FileMaker make)
{
    saveFile(path, std::move(make), this, [this](const QString& told) { Q_EMIT toast(told); });
}

void ChartWidget::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show as table"), this, &ChartWidget::showTable);
    menu->addAction(tr("Copy as CSV"), this, &ChartWidget::copyCsv);
    menu->addAction(tr("Save figures…"), this, &ChartWidget::saveFigures);
    menu->addAction(tr("Save as picture…"), this, &ChartWidget::savePicture);
    const std::vector<Threshold> movable = m_view->movable();
    if (!movable.empty()) {
        menu->addSeparator();
    }
    for (const Threshold& threshold : movable) {
        menu->addAction(tr("Move the threshold of %1 (Alt+↑ ↓)").arg(threshold.name), this,
                        [this, threshold] { pickThreshold(threshold); });
    }
    menu->popup(event->globalPos());
}

void ChartWidget::keyPressEvent(QKeyEvent* event)
{
    if (moveThreshold(*event)) {
        return;
    }
    const int stride = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        moveCursor(-stride);
        return;
    case Qt::Key_Right:
        moveCursor(stride);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

// While a threshold is on its way these keys are the chart's, whatever they mean elsewhere.
bool ChartWidget::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_view->moves()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Up ||
            key == Qt::Key_Down) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void ChartWidget::pickThreshold(const Threshold& threshold)
{
    setFocus(Qt::OtherFocusReason);
    m_view->pickUp(threshold);
    Q_EMIT toast(tr("↑ ↓ moves the threshold (Shift: ten steps), Enter sets it, Esc leaves it as it was"));
}

// Alt+↑ and Alt+↓ pick up the first threshold in sight; then ↑ and ↓ move it, Enter drops it, Esc puts it back.
bool ChartWidget::moveThreshold(const QKeyEvent& event)
{
    const bool vertical = event.key() == Qt::Key_Up || event.key() == Qt::Key_Down;
    const int steps = (event.key() == Qt::Key_Up ? 1 : -1) * (event.modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1);
    if (!m_view->moves()) {
        const std::vector<Threshold> movable = m_view->movable();
        if (!vertical || !event.modifiers().testFlag(Qt::AltModifier) || movable.empty()) {
            return false;
        }
        pickThreshold(movable.front());
    }
    if (vertical) {
        m_view->moveBy(steps);
    } else if (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) {
        m_view->drop();
    } else if (event.key() == Qt::Key_Escape) {
        m_view->putBack();
    }
    return true;
}

// By intervals, but at least by a pixel.
void ChartWidget::moveCursor(int steps)
{
    if (!m_crosshair || m_model.end == 0) {
        return;
    }
    const auto perPixel =
        static_cast<qint64>(static_cast<double>(m_model.length) / std::max(1.0, plotArea().width()));
    const qint64 stride = std::max<qint64>(m_model.interval, perPixel);
    m_view->showValues();
    const qint64 from = m_crosshair->at().value_or(m_model.end);
    m_crosshair->set(std::clamp<qint64>(from + steps * stride, m_model.start(), m_model.end));
    setAccessibleDescription(description());
}

void ChartWidget::focusInEvent(QFocusEvent* event)
{
    setAccessibleDescription(description());
    QWidget::focusInEvent(event);
}

void ChartWidget::focusOutEvent(QFocusEvent* event)
{
    m_view->hideValues();
    QWidget::focusOutEvent(event);
}

QString ChartWidget::description() const
{
    QStringList parts;
    const qint64 at = m_crosshair && m_crosshair->at() ? *m_crosshair->at() : m_model.end;
    for (std::size_t i = 0; i < m_model.data.size(); ++i) {
        const qint64 from = at - m_model.intervalAt(at) * 5 / 2;
        const ColumnStats stats = statsOf(m_model.data[i].within(from, at), from, at + 1);
        const QString value =
            stats.count > 0 ? models::valueText(stats.last, m_model.spec.unit) : tr("no sample");
        parts.append(m_model.spec.series[i].name + QLatin1Char(' ') + value);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace widgets
