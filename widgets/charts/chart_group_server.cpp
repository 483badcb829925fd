// ChartGroup: what it has from a server of the past that memory does not hold.
#include "models/text.h"
#include "widgets/charts/chart_group.h"
#include "widgets/past_source.h"

#include <algorithm>
#include <chrono>

namespace widgets {

namespace {

constexpr int kLeastColumns = 100;

} // namespace

void ChartGroup::setSource(const PastSource* source)
{
    if (source == nullptr) {
        return;
    }
    m_seam = new ChartSeam(m_querier, *source, this);
    m_serverShadow.setServer(source->chosen());
    connect(m_seam, &ChartSeam::arrived, this, &ChartGroup::takeServer);
    connect(m_seam, &ChartSeam::changed, this, [this, source] {
        m_serverShadow.setServer(source->chosen());
        changeSource();
    });
}

int ChartGroup::columns() const
{
    int columns = kLeastColumns;
    for (const Member& member : m_members) {
        if (const ChartWidget* chart = member.feeder.chart()) {
            columns = std::max(columns, static_cast<int>(chart->plotArea().width()));
        }
    }
    return columns;
}

std::vector<ServerLine> ChartGroup::serverLines() const
{
    std::vector<ServerLine> lines;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const ChartFeeder& feeder = m_members[i].feeder;
        for (std::size_t j = 0;
             feeder.chart() && j < std::min(feeder.feeds().size(), feeder.chart()->seriesCount()); ++j) {
            lines.push_back({i, j, feeder.feeds()[j].shared, feeder.feeds()[j].which});
        }
    }
    return lines;
}

void ChartGroup::askServer()
{
    if (m_seam != nullptr && m_seam->isOn() && m_heartbeat.isActive() && edge() > 0) {
        m_seam->load(serverLines(), edge() - m_range.length.count(), edge(), columns());
        joinAll();
    }
}

// At each tick: series that came or went, a server that was away.
void ChartGroup::keepServer()
{
    if (m_seam != nullptr && m_heartbeat.isActive() && m_seam->isStale(serverLines())) {
        askServer();
    }
}

void ChartGroup::takeServer()
{
    for (const std::size_t chart : m_seam->take()) {
        join(chart);
    }
    if (!m_seam->busy()) {
        joinAll();
    }
    refreshAll();
    tellLoaded();
}

void ChartGroup::tellLoaded()
{
    if (!m_past.busy() && (m_seam == nullptr || !m_seam->busy())) {
        Q_EMIT loaded();
    }
}

// What the former source has told goes: the own samples are asked for anew, then those of the new one.
void ChartGroup::changeSource()
{
    joinAll();
    for (Member& member : m_members) {
        member.feeder.widen();
    }
    if (m_heartbeat.isActive()) {
        asksAside() ? loadPast() : askServer();
        compare();
    }
    if (m_last) {
        showSnapshot(m_last);
    }
}

void ChartGroup::join(std::size_t member)
{
    if (m_seam != nullptr && m_members[member].feeder.chart()) {
        m_seam->join(member, *m_members[member].feeder.chart(), ownStep(), sourceText({}, ownStep()));
    }
}

qint64 ChartGroup::ownStep() const
{
    return asksAside() ? std::max(m_step, interval()) : interval();
}

QString ChartGroup::sourceText(const QString& server, qint64 step) const
{
    const QString span = models::spanText(std::chrono::milliseconds(step));
    return !server.isEmpty() ? QStringLiteral("%1 · %2").arg(server, span)
           : m_recording     ? tr("recording · %1").arg(span)
           : asksAside()     ? tr("history · %1").arg(span)
                             : tr("memory · %1").arg(span);
}

// While no server is asked nothing is joined: the label alone may change, with the range and the language.
void ChartGroup::nameSources()
{
    if (m_seam != nullptr && m_seam->isOn()) {
        return;
    }
    PlotSources sources;
    sources.own = m_last ? sourceText({}, ownStep()) : QString();
    for (const Member& member : m_members) {
        if (ChartWidget* chart = member.feeder.chart()) {
            chart->setSources(sources);
        }
    }
}

void ChartGroup::joinAll()
{
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        join(i);
    }
}

// Null: nothing of another day is wanted there.
ChartWidget* ChartGroup::shadowed(std::size_t member, std::size_t series) const
{
    ChartWidget* chart = m_members.at(member).feeder.chart();
    return shiftOf(m_range.compare) != 0 && chart != nullptr && series < chart->seriesCount() ? chart
                                                                                              : nullptr;
}

void ChartGroup::takeServerShadow()
{
    const qint64 shift = shiftOf(m_range.compare);
    for (const ServerPast::Answer& answer : m_serverShadow.take()) {
        ChartWidget* chart = shadowed(answer.chart, answer.series);
        if (chart == nullptr || answer.failed) {
            continue;
        }
        SampleBuffer& samples = chart->shadow(answer.series);
        samples.clear();
        for (const metrics::Point& point : answer.means.empty() ? answer.points : answer.means) {
            samples.append(point.at + shift, point.value, m_serverShadow.step() * 5 / 2);
        }
    }
    refreshAll();
}

} // namespace widgets
