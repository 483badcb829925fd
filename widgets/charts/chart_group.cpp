#include "widgets/charts/chart_group.h"

#include "models/text.h"
#include "widgets/charts/chart_marks.h"

#include <algorithm>

namespace widgets {

namespace {

// Up to here the samples are asked at once and shown with the next repaint.
constexpr std::chrono::milliseconds kAtOnce = std::chrono::hours(1);
// A long live range is asked anew after this share of it: its newest end is single samples.
constexpr int kReloads = 100;

} // namespace

std::vector<Threshold> thresholdsOf(const metrics::Snapshot& snapshot, const std::string& metric)
{
    std::vector<Threshold> found;
    for (const metrics::RuleRow& rule : snapshot.rules) {
        const bool comparison = rule.op == ">" || rule.op == ">=" || rule.op == "<" || rule.op == "<=";
        if (metric.empty() || rule.disabled || rule.metric != metric || !rule.threshold || !comparison) {
            continue;
        }
        const StatusLevel level =
            rule.severity == metrics::Severity::Critical ? StatusLevel::Critical : StatusLevel::Warning;
        Threshold threshold{*rule.threshold, level, rule.op.front() == '>', models::text(rule.name), {}, rule.scale};
        if (rule.draft) {
            threshold.rule = metrics::RuleKey{rule.file, rule.group, rule.name, rule.number};
        }
        const bool known = std::any_of(found.begin(), found.end(), [&](const Threshold& other) {
            return other.value == threshold.value && other.level == threshold.level && other.above == threshold.above;
        });
        if (!known) {
            found.push_back(std::move(threshold));
        }
    }
    return found;
}

ChartGroup::ChartGroup(const metrics::Querier* querier, QObject* parent, const metrics::Querier* past)
    : QObject(parent)
    , m_querier(querier)
    , m_crosshair(new Crosshair(this))
    , m_past(past != nullptr ? past : querier)
    , m_shadow(past != nullptr ? past : querier)
{
    connect(&m_past, &PastLoader::arrived, this, &ChartGroup::takePast);
    connect(&m_shadow, &PastLoader::arrived, this, &ChartGroup::takeShadow);
    connect(&m_serverShadow, &ServerPast::arrived, this, &ChartGroup::takeServerShadow);
    connect(&m_pastMarks, &MarkLoader::arrived, this, [this] {
        spreadMarks();
        refreshAll();
    });
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
    connect(chart, &ChartWidget::thresholdMoved, this, &ChartGroup::thresholdMoved);
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
    keepServer();
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        feed(*snapshot, i);
        takeThresholds(*snapshot, m_members[i]);
    }
    takeMarks(*snapshot);
    if (m_heartbeat.isActive() && asksAside() && !m_range.paused && !m_past.busy() &&
        m_sinceLoad.hasExpired(m_range.length.count() / kReloads)) {
        loadPast();
    }
    if (m_shadowEnd != 0 && edge() > m_shadowEnd && !m_shadow.busy() && !m_serverShadow.busy()) {
        loadShadow();
    }
    refreshAll();
}

void ChartGroup::feed(const metrics::Snapshot& snapshot, std::size_t which)
{
    Member& member = m_members[which];
    if (m_range.travelled) {
        return;
    }
    if (asksAside()) {
        if (member.feeder.append(snapshot, std::max(m_step, interval()) * 5 / 2) == ChartFeeder::Took::Reset) {
            m_unsaid = true;
        }
        if (member.feeder.chart()) {
            member.feeder.chart()->setInterval(m_step);
        }
        return;
    }
    const ChartFeeder::Took took = member.feeder.take(snapshot, m_range.length.count(), m_querier);
    m_unsaid = m_unsaid || took != ChartFeeder::Took::Tick; // what was found is shown with the marks
    if (took == ChartFeeder::Took::Past) {
        join(which);
    }
}

bool ChartGroup::asksAside() const noexcept
{
    return m_querier && (m_range.travelled || m_range.length > kAtOnce);
}

qint64 ChartGroup::interval() const
{
    const qint64 interval =
        m_last ? std::chrono::duration_cast<core::Millis>(m_last->interval).count() : 1000;
    return std::max<qint64>(interval, 1);
}

void ChartGroup::takeMarks(const metrics::Snapshot& snapshot)
{
    if (snapshot.marks != m_marks || m_unsaid) {
        m_marks = snapshot.marks;
        spreadMarks();
    }
}

// Those of the range from the diary, and those that are too new for it.
void ChartGroup::spreadMarks()
{
    m_unsaid = false;
    const std::span<const metrics::Mark> live =
        m_marks ? std::span<const metrics::Mark>(*m_marks) : std::span<const metrics::Mark>();
    const ChartMarks marks = chartMarks(m_pastMarks.entries(), live, m_whose);
    for (Member& member : m_members) {
        if (member.feeder.chart()) {
            ChartMarks own = marks;
            addResets(member.feeder.resets(), own);
            member.feeder.chart()->setMarks(std::move(own.lines));
            member.feeder.chart()->setReasons(std::move(own.reasons));
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
    if (moved) {
        compare();
    }
    if (asksAside()) {
        if (moved && m_heartbeat.isActive()) {
            loadPast();
        }
        refreshAll();
        return;
    }
    if (moved && m_heartbeat.isActive()) {
        askServer();
    }
    m_past.cancel();
    if (wasAside) {
        m_pastMarks.clear();
        spreadMarks();
    }
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

std::vector<PastLoader::Question> ChartGroup::questions() const
{
    std::vector<PastLoader::Question> questions;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const ChartFeeder& feeder = m_members[i].feeder;
        if (!feeder.chart()) {
            continue;
        }
        for (std::size_t j = 0; j < std::min(feeder.feeds().size(), feeder.chart()->seriesCount()); ++j) {
            questions.push_back({i, j, feeder.feeds()[j].expression, PastLoader::Wants::Line, feeder.feeds()[j].counter});
        }
    }
    return questions;
}

// The range is asked for with a margin of a step, so that lines run to the edges. What is drawn stays until
// its successor arrives.
void ChartGroup::loadPast()
{
    const qint64 length = m_range.length.count();
    m_step = stepFor(length, columns(), interval());
    const qint64 end = m_range.paused ? (edge() + m_step) / m_step * m_step : edge() / m_step * m_step;
    m_sinceLoad.start();
    m_past.load(questions(), {end - (length / m_step + 2) * m_step, end, m_step, interval()});
    m_pastMarks.load(end - length, end);
    askServer();
}

void ChartGroup::takePast()
{
    for (const PastLoader::Answer& answer : m_past.take()) {
        ChartWidget* chart = m_members.at(answer.question.chart).feeder.chart();
        if (!chart || answer.question.series >= chart->seriesCount()) {
            continue;
        }
        chart->setInterval(m_step);
        m_members.at(answer.question.chart).feeder.setResets(answer.question.series, answer.resets);
        SampleBuffer& samples = chart->samples(answer.question.series);
        samples.clear();
        for (const metrics::Point& point : answer.points) {
            samples.append(point.at, point.value, m_step * 5 / 2);
        }
        SampleBuffer& means = chart->means(answer.question.series);
        means.clear();
        for (const metrics::Point& point : answer.means) {
            means.append(point.at, point.value, m_step * 5 / 2);
        }
        join(answer.question.chart);
    }
    spreadMarks();
    refreshAll();
    tellLoaded();
}

// A live range gets a stretch of what is to come, so that it need not be asked at every tick.
void ChartGroup::loadShadow()
{
    const qint64 shift = shiftOf(m_range.compare);
    if (shift == 0 || edge() == 0 || !m_heartbeat.isActive()) {
        return;
    }
    const qint64 length = m_range.length.count();
    m_shadowStep = stepFor(length, columns(), interval());
    const qint64 ahead = m_range.paused ? m_shadowStep : std::max<qint64>(length / 20, 30'000);
    const qint64 end = (edge() + ahead) / m_shadowStep * m_shadowStep;
    const qint64 steps = (length + ahead) / m_shadowStep + 2;
    m_shadowEnd = end;
    if (m_serverShadow.server() != nullptr) {
        m_serverShadow.load(serverLines(), end - shift - steps * m_shadowStep, end - shift, columns());
        return;
    }
    m_shadow.load(questions(),
                  {end - shift - steps * m_shadowStep, end - shift, m_shadowStep, interval()});
}

void ChartGroup::takeShadow()
{
    const qint64 shift = shiftOf(m_range.compare);
    for (const PastLoader::Answer& answer : m_shadow.take()) {
        ChartWidget* chart = shadowed(answer.question.chart, answer.question.series);
        if (chart == nullptr) {
            continue;
        }
        SampleBuffer& samples = chart->shadow(answer.question.series);
        samples.clear();
        for (const metrics::Point& point : answer.means.empty() ? answer.points : answer.means) {
            samples.append(point.at + shift, point.value, m_shadowStep * 5 / 2);
        }
    }
    refreshAll();
}

void ChartGroup::nameShadow()
{
    const QString name = m_range.compare == Comparison::Day    ? tr("the day before")
                         : m_range.compare == Comparison::Week ? tr("the week before")
                                                               : QString();
    for (Member& member : m_members) {
        if (member.feeder.chart()) {
            member.feeder.chart()->setShadowName(name);
        }
    }
}

void ChartGroup::compare()
{
    nameShadow();
    if (m_range.compare == Comparison::None) {
        m_shadow.cancel();
        m_serverShadow.cancel();
        m_shadowEnd = 0;
    } else {
        loadShadow();
    }
}

void ChartGroup::retranslate()
{
    nameShadow();
    joinAll();
    spreadMarks();
    refreshAll();
}

void ChartGroup::setActivity(Activity activity)
{
    if (activity == Activity::Shown) {
        m_heartbeat.start();
        asksAside() ? loadPast() : askServer();
        compare();
    } else {
        m_past.cancel();
        m_shadow.cancel();
        m_serverShadow.cancel();
        if (m_seam != nullptr) {
            m_seam->cancel();
        }
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
    nameSources();
    for (Member& member : m_members) {
        if (ChartWidget* chart = member.feeder.chart()) {
            chart->setWindow(end, m_range.length.count(),
                             m_range.paused ? ChartWidget::Edge::Fixed : ChartWidget::Edge::Now);
            chart->refresh();
        }
    }
}

} // namespace widgets
