#include "widgets/panels/pool/lines_tab.h"

#include "models/text.h"
#include "widgets/charts/lane_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>

namespace widgets {

namespace {

// Colour and word of every state, in one line; what does not fit is left out at its end.
class LaneLegend final : public QWidget {
public:
    explicit LaneLegend(QWidget* parent)
        : QWidget(parent)
    {
        setFixedHeight(18);
        connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        Q_UNUSED(event)
        using metrics::SlotState;
        QPainter painter(this);
        painter.setFont(Theme::of().font(TextRole::Caption));
        double x = 54;
        for (const SlotState state :
             {SlotState::Active, SlotState::IdleInTransaction, SlotState::Held, SlotState::Leaked,
              SlotState::Idle, SlotState::Connecting, SlotState::NotOpened}) {
            QString word = models::word(state);
            if (state == SlotState::Connecting) { // one colour for what the pool itself does
                word += QStringLiteral(" / ") + models::word(SlotState::Validating) + QStringLiteral(" / ") +
                        models::word(SlotState::Resetting) + QStringLiteral(" / ") +
                        models::word(SlotState::Closing);
            }
            x = drawOne(painter, x, laneColor(state), word);
            if (state == SlotState::Idle) {
                x = drawOne(painter, x, usedIdleColor(), LinesTab::tr("idle, lent out in between"));
            }
        }
    }

private:
    // Where the next one begins.
    double drawOne(QPainter& painter, double x, const QColor& color, const QString& word) const
    {
        const double width = painter.fontMetrics().horizontalAdvance(word);
        if (x + 14 + width > this->width()) {
            return this->width(); // nor does any other
        }
        painter.setPen(Theme::of().palette().line);
        painter.setBrush(color);
        painter.drawRect(QRectF(x + 0.5, 4.5, 9, 9));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(QRectF(x + 14, 0, width + 2, 18), Qt::AlignLeft | Qt::AlignVCenter, word);
        return x + width + 30;
    }
};

} // namespace

LinesTab::LinesTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_view(new LaneView(this))
    , m_legend(new LaneLegend(this))
    , m_limit(new QLabel(this))
{
    m_view->setObjectName(QStringLiteral("lanes"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kTiny);
    m_limit->setProperty("role", QStringLiteral("muted"));
    m_limit->hide();
    column->addWidget(m_legend);
    column->addWidget(m_limit);
    column->addWidget(m_view, 1);
    connect(m_view, &LaneView::slotClicked, this,
            [this](int slot) { Q_EMIT tabRequested(QStringLiteral("slots"), QString::number(slot)); });
    LinesTab::retranslate();
}

void LinesTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    if (context().witness != nullptr) {
        m_view->setColumns(context().witness->lanes());
        m_view->addMarks(context().witness->laneMarks(m_view->lastMark()));
    }
    place();
}

void LinesTab::setTimeRange(const TimeRange& range)
{
    m_range = range;
    place();
}

void LinesTab::place()
{
    const bool paused = m_range.paused && m_range.pausedAt > 0;
    const qint64 now = m_snapshot ? core::epochMillis(m_snapshot->at) : 0;
    m_limit->setVisible(m_range.travelled || m_range.length > std::chrono::hours(1));
    m_view->setWindow(paused ? m_range.pausedAt : now, m_range.length.count());
}

void LinesTab::retranslate()
{
    m_view->setEmptyText(tr("Each place gets a line here as soon as the pool has been looked at."));
    m_view->setAccessibleName(tr("Life-lines of the pool's places"));
    m_limit->setText(tr("Life-lines are kept for the last hour only."));
    m_legend->setAccessibleName(tr("Colours of the life-lines"));
    m_legend->update();
}

} // namespace widgets
