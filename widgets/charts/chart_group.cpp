#include "widgets/charts/chart_group.h"

#include "models/text.h"

#include <algorithm>

namespace widgets {

namespace {

// Up to here the samples are asked at once and shown with the next repaint.
constexpr std::chrono::milliseconds kAtOnce = std::chrono::hours(1);
// A long live range is asked anew after this share of it: its newest end is single samples.
constexpr int kReloads = 100;

ChartMark markOf(const metrics::Mark& mark)
{
    using Kind = metrics::Mark::Kind;
    const QString text = models::text(mark.text);
    const qint64 at = core::epochMillis(mark.at);
    switch (mark.kind) {
    case Kind::ScenarioStarted:
        return {at, QStringLiteral("▶ ") + text, StatusLevel::NoData};
    case Kind::ScenarioEnded:
        return {at, QStringLiteral("■ ") + text, StatusLevel::NoData};
    case Kind::AlertFired:
        return {at, QStringLiteral("▲ ") + text, StatusLevel::Warning};
    case Kind::AlertResolved:
        return {at, QStringLiteral("● ") + text, StatusLevel::Ok};
    case Kind::ServerDown:
        return {at, QStringLiteral("■ ") + text, StatusLevel::Critical};
    case Kind::ServerUp:
        return {at, QStringLiteral("● ") + text, StatusLevel::Ok};
    case Kind::SettingChanged:
    case Kind::Note:
        return {at, text, StatusLevel::NoData};
    }
    return {at, text, StatusLevel::NoData};
}

} // namespace

std::vector<Threshold> thresholdsOf(const metrics::Snapshot& snapshot, const std::string& metric)
{
    std::vector<Threshold> found;
    for (const metrics::RuleRow& rule : snapshot.rules) {
        const bool comparison = rule.op == ">" || rule.op == ">=" || rule.op == "<" || rule.op == "<=";
        if (metric.empty() || rule.metric != metric || !rule.threshold || !comparison) {
            continue;
        }
        const StatusLevel level =
            rule.severity == metrics::Severity::Critical ? StatusLevel::Critical : StatusLevel::Warning;
        const Threshold threshold{*rule.threshold, level, rule.op.front() == '>'};
        if (std::find(found.begin(), found.end(), threshold) == found.end()) {
            found.push_back(threshold);
        }
    }
    return found;
}

ChartGroup::ChartGroup(const metrics::Querier* querier, QObject* parent, const metrics::Querier* past)
    : QObject(parent)
    , m_querier(querier)
    , m_crosshair(new Crosshair(this))
    , m_past(past != nullptr ? past : querier)
{
    connect(&m_past, &PastLoader::arrived, this, &ChartGroup::takePast);
    m_heartbeat.setInterval(1000);
    connect(&m_heartbeat, &QTimer::timeout, this, &ChartGroup::beat);
    connect(&Theme::of(), &Theme::changed, this, &ChartGroup::refreshAll);
}

ChartFeeder* ChartGroup::add(ChartWidget* chart, std::vector<Feed> feeds, std::string metric)
{
    chart->setCrosshair(m_crosshair);
    connect(chart, &ChartWidget::travelAsked, this, &ChartGroup::travelAsked);
    connect(chart, &ChartWidget::noteAsked, this, &ChartGroup::noteAsked);
    connect(chart, &ChartWidget::toast, this, &ChartGroup::toast);
    m_members.push_back({ChartFeeder(chart, std::move(feeds)), std::move(metric)});
    return &m_members.back().feeder;
}

void ChartGroup::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_last = snapshot;
    m_since.restart();
    if (snapshot->tick == 0 && snapshot->families.empty()) {
        return; // nothing was collected yet
    }
    for (Member& member : m_members) {
        feed(*snapshot, member);
        takeThresholds(*snapshot, member);
    }
    takeMarks(*snapshot);
    if (m_heartbeat.isActive() && asksAside() && !m_range.paused && !m_past.busy() &&
        m_sinceLoad.hasExpired(m_range.length.count() / kReloads)) {
        loadPast();
    }
    refreshAll();
}

void ChartGroup::feed(const metrics::Snapshot& snapshot, Member& member)
{
    if (m_range.travelled) {
        return;
    }
    if (asksAside()) {
        member.feeder.append(snapshot, std::max(m_step, interval()) * 5 / 2);
        if (member.feeder.chart()) {
            member.feeder.chart()->setInterval(m_step);
        }
        return;
    }
    member.feeder.take(snapshot, m_range.length.count(), m_querier);
}

bool ChartGroup::asksAside() const noexcept
{
    return m_querier && (m_range.travelled || m_range.length > kAtOnce);
}

qint64 ChartGroup::interval() const
{
    const qint64 interval = m_last ? std::chrono::duration_cast<core::Millis>(m_last->interval).count() : 1000;
    return std::max<qint64>(interval, 1);
}

void ChartGroup::takeMarks(const metrics::Snapshot& snapshot)
{
    if (snapshot.marks == m_marks) {
        return;
    }
    m_marks = snapshot.marks;
    std::vector<ChartMark> marks;
    for (std::size_t i = 0; m_marks && i < m_marks->size(); ++i) {
        marks.push_back(markOf((*m_marks)[i]));
    }
    for (Member& member : m_members) {
        if (member.feeder.chart()) {
            member.feeder.chart()->setMarks(marks);
        }
    }
}

void ChartGroup::takeThresholds(const metrics::Snapshot& snapshot, Member& member)
{
    if (!member.metric.empty() && member.feeder.chart()) {
        member.feeder.chart()->setThresholds(thresholdsOf(snapshot, member.metric));
    }
}

void ChartGroup::setTimeRange(const TimeRange& range)
{
    const bool wasAside = asksAside();
    const bool longer = range.length > m_range.length;
    const bool moved = !(range == m_range);
    m_range = range;
    if (asksAside()) {
        if (moved && m_heartbeat.isActive()) {
            loadPast();
        }
        refreshAll();
        return;
    }
    m_past.cancel();
    if ((longer || wasAside) && m_last && m_querier) {
        // What the longer range lacks is asked for with the next tick; the same tick again must not be
        // dropped.
        for (Member& member : m_members) {
            member.feeder.widen();
        }
        showSnapshot(m_last);
        return;
    }
    refreshAll();
}

// The range is asked for with a margin of a step, so that lines run to the edges. What is drawn stays until its successor
// arrives.
void ChartGroup::loadPast()
{
    int columns = 100;
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const ChartFeeder& feeder = m_members[i].feeder;
        if (!feeder.chart()) {
            continue;
        }
        columns = std::max(columns, static_cast<int>(feeder.chart()->plotArea().width()));
        for (std::size_t j = 0; j < std::min(feeder.feeds().size(), feeder.chart()->seriesCount()); ++j) {
            questions.push_back({i, j, feeder.feeds()[j].expression});
        }
    }
    const qint64 length = m_range.length.count();
    m_step = stepFor(length, columns, interval());
    const qint64 end = m_range.paused ? (edge() + m_step) / m_step * m_step : edge() / m_step * m_step;
    m_sinceLoad.start();
    m_past.load(std::move(questions), {end - (length / m_step + 2) * m_step, end, m_step, interval()});
}

void ChartGroup::takePast()
{
    for (const PastLoader::Answer& answer : m_past.take()) {
        ChartWidget* chart = m_members.at(answer.question.chart).feeder.chart();
        if (!chart || answer.question.series >= chart->seriesCount()) {
            continue;
        }
        chart->setInterval(m_step);
        SampleBuffer& samples = chart->samples(answer.question.series);
        samples.clear();
        for (const metrics::Point& point : answer.points) {
            samples.append(point.at, point.value, m_step * 5 / 2);
        }
    }
    refreshAll();
}

void ChartGroup::setActivity(Activity activity)
{
    if (activity == Activity::Shown) {
        m_heartbeat.start();
        if (asksAside()) {
            loadPast();
        }
    } else {
        m_past.cancel();
        m_heartbeat.stop();
    }
}

qint64 ChartGroup::edge() const
{
    if (m_range.paused && m_range.pausedAt > 0) {
        return m_range.pausedAt;
    }
    if (!m_last) {
        return 0;
    }
    const qint64 interval = std::chrono::duration_cast<core::Millis>(m_last->interval).count();
    const qint64 silent = m_since.isValid() ? m_since.elapsed() : 0;
    return core::epochMillis(m_last->at) + (silent > interval * 3 / 2 ? silent : 0);
}

void ChartGroup::beat()
{
    const qint64 interval = m_last ? std::chrono::duration_cast<core::Millis>(m_last->interval).count() : 0;
    if (m_last && !m_range.paused && m_since.elapsed() > interval * 3 / 2) {
        refreshAll();
    }
}

void ChartGroup::refreshAll()
{
    const bool nothing = !m_last || (m_last->tick == 0 && m_last->families.empty());
    const qint64 end = nothing ? 0 : edge();
    for (Member& member : m_members) {
        if (ChartWidget* chart = member.feeder.chart()) {
            chart->setWindow(end, m_range.length.count(),
                             m_range.paused ? ChartWidget::Edge::Fixed : ChartWidget::Edge::Now);
            chart->refresh();
        }
    }
}

} // namespace widgets
