#include "widgets/panels/chart_page.h"

#include "models/text.h"
#include "widgets/charts/histogram_chart.h"
#include "widgets/charts/past_buckets.h"
#include "widgets/dialogs/ack_dialog.h"

#include <QEvent>
#include <QScrollArea>

#include <algorithm>

namespace widgets {

ChartPage::ChartPage(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
    , m_group(new ChartGroup(context.querier, this, context.past))
{
    m_group->setDiary(context.diary);
    m_group->setSource(context.history);
    if (context.recorded) {
        m_group->setRecording();
    }
    connect(m_group, &ChartGroup::travelAsked, this, &Panel::travelAsked);
    connect(m_group, &ChartGroup::noteAsked, this, &Panel::noteAsked);
    connect(m_group, &ChartGroup::toast, this, &Panel::toast);
    connect(m_group, &ChartGroup::thresholdMoved, this, &ChartPage::moveThreshold);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* page = new QWidget(scroll);
    page->setAutoFillBackground(false);
    m_column = new QVBoxLayout(page);
    m_column->setContentsMargins(space::kLarge - 2, space::kMedium, space::kLarge - 2, space::kMedium);
    m_column->setSpacing(space::kMedium);
    scroll->setWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);
}

ChartCard* ChartPage::addChart(ChartRow row)
{
    auto* card = new ChartCard(row.spec(), this);
    ChartFeeder* feeder = m_group->add(card->chart(), std::move(row.feeds), std::move(row.metric));
    m_charts.push_back({card, feeder, std::move(row.spec)});
    return card;
}

QString ChartPage::showBars(Card& card, HistogramChart& chart, const HistogramBars& bars, const PastBuckets& past)
{
    const bool aside = m_group->asksAside();
    const QString source = m_group->sourceText(aside ? past.server() : QString(), aside ? past.step() : m_group->interval());
    const auto total = static_cast<double>(bars.total());
    card.setNote(bars.total() == 0 ? QString() : QStringLiteral("n ") + models::valueText(total, core::Unit::Count));
    chart.setSource(source);
    chart.show(bars);
    return source;
}

ChartFeeder* ChartPage::feederOf(const ChartCard* card) const
{
    const auto at =
        std::find_if(m_charts.begin(), m_charts.end(), [card](const Entry& e) { return e.card == card; });
    return at == m_charts.end() ? nullptr : at->feeder;
}

void ChartPage::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    if (!snapshot) {
        return;
    }
    if (!m_group->range().paused || !m_last) {
        m_last = snapshot;
        showFigures(*snapshot);
    }
    m_group->showSnapshot(snapshot);
}

void ChartPage::setTimeRange(const TimeRange& range)
{
    m_group->setTimeRange(range);
    if (isVisible()) {
        askPast();
    }
    if (m_last) {
        showFigures(*m_last);
    }
}

// The number in the rule; what became of it is told by the program.
void ChartPage::moveThreshold(const Threshold& threshold, double value)
{
    const Commands* commands = context().commands;
    if (!threshold.rule || commands == nullptr || !commands->alerts.editRule) {
        return;
    }
    metrics::RuleEdit edit;
    edit.kind = metrics::RuleEdit::Kind::Threshold;
    edit.rule = *threshold.rule;
    edit.threshold = value * threshold.scale;
    edit.by = ownName().toStdString();
    commands->alerts.editRule(edit, {});
}

void ChartPage::showEvent(QShowEvent* event)
{
    m_group->setActivity(ChartGroup::Activity::Shown);
    askPast();
    Panel::showEvent(event);
}

void ChartPage::hideEvent(QHideEvent* event)
{
    m_group->setActivity(ChartGroup::Activity::Hidden);
    Panel::hideEvent(event);
}

void ChartPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        for (const Entry& entry : m_charts) {
            entry.card->setSpec(entry.spec());
        }
        m_group->retranslate();
        retranslate();
        if (m_last) {
            showFigures(*m_last);
        }
    }
    Panel::changeEvent(event);
}

} // namespace widgets
