#include "widgets/charts/chart_seam.h"

#include "models/text.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/charts/feed.h"
#include "widgets/past_source.h"

#include <algorithm>
#include <chrono>

namespace widgets {

namespace {

constexpr qint64 kTryAgain = 10'000; // ms after a failure; the server's own pauses are kept by who asks it

std::vector<std::string> queriesOf(const std::vector<ServerLine>& lines)
{
    std::vector<std::string> queries;
    for (const ServerLine& line : lines) {
        queries.push_back(selectorOf(line.query, line.which));
    }
    return queries;
}

// `buffer` with these points before the seam, and what it had itself from there on.
void put(SampleBuffer& buffer, const std::vector<metrics::Point>& points, qint64 seam, qint64 gapAfter)
{
    const std::vector<metrics::Point> all(buffer.all().begin(), buffer.all().end());
    buffer.clear();
    for (const metrics::Point& point : points) {
        if (point.at < seam) {
            buffer.append(point.at, point.value, gapAfter);
        }
    }
    for (const metrics::Point& point : all) {
        if (point.at >= seam) {
            buffer.append(point.at, point.value, gapAfter); // its own gaps are in it already
        }
    }
}

QString spanOf(qint64 ms)
{
    return models::spanText(std::chrono::milliseconds(ms));
}

} // namespace

ChartSeam::ChartSeam(const metrics::Querier* memory, const PastSource& choice, QObject* parent)
    : QObject(parent)
    , m_memory(memory)
    , m_choice(choice)
{
    m_past.setServer(choice.chosen());
    connect(&m_past, &ServerPast::arrived, this, &ChartSeam::arrived);
    connect(&choice, &PastSource::changed, this, &ChartSeam::choose);
}

void ChartSeam::choose()
{
    m_past.setServer(m_choice.chosen());
    m_parts.clear();
    m_problems.clear();
    m_loaded = false;
    Q_EMIT changed();
}

void ChartSeam::cancel()
{
    m_past.cancel();
    m_loaded = false;
}

bool ChartSeam::isStale(const std::vector<ServerLine>& lines) const
{
    if (!isOn()) {
        return false;
    }
    const bool failed = !m_problems.empty() && !m_past.busy() && m_sinceLoad.hasExpired(kTryAgain);
    return !m_loaded || failed || queriesOf(lines) != m_asked;
}

void ChartSeam::load(std::vector<ServerLine> lines, qint64 from, qint64 to, int columns)
{
    if (!isOn()) {
        return;
    }
    m_loaded = true;
    m_sinceLoad.start();
    if (std::vector<std::string> queries = queriesOf(lines); queries != m_asked) {
        m_asked = std::move(queries); // other lines: what is known is of the former
        m_parts.clear();
        m_problems.clear();
    }
    m_seam = std::clamp<qint64>(m_memory != nullptr ? m_memory->completeFrom() : to, from, to);
    if (m_seam == from) {
        m_parts.clear();
        m_problems.clear();
    }
    m_past.load(std::move(lines), from, m_seam, columns);
}

std::vector<std::size_t> ChartSeam::take()
{
    std::vector<std::size_t> charts;
    for (ServerPast::Answer& answer : m_past.take()) {
        if (std::find(charts.begin(), charts.end(), answer.chart) == charts.end()) {
            charts.push_back(answer.chart);
            m_problems.erase(answer.chart);
        }
        if (!answer.problem.isEmpty()) {
            m_problems[answer.chart] = answer.problem;
        }
        Part& part = m_parts[{answer.chart, answer.series}];
        if (!answer.failed) { // else what was known stays, as far as there is something
            part = {m_seam, m_past.step(), std::move(answer.points), std::move(answer.means)};
        }
    }
    return charts;
}

void ChartSeam::join(std::size_t chart, ChartWidget& widget, qint64 interval, const QString& own) const
{
    PlotSources sources;
    sources.own = own;
    if (isOn()) {
        sources.server = m_choice.name();
        sources.left = sources.server + QStringLiteral(" …");
        sources.seam = m_seam;
    }
    for (std::size_t i = 0; isOn() && i < widget.seriesCount(); ++i) {
        const auto found = m_parts.find({chart, i});
        if (found == m_parts.end() || found->second.points.empty()) {
            continue;
        }
        const Part& part = found->second;
        const qint64 gapAfter = std::max(part.step, interval) * 5 / 2;
        put(widget.samples(i), part.points, part.seam, gapAfter);
        put(widget.means(i), part.means, part.seam, gapAfter);
        sources.seam = part.seam;
        sources.step = part.step;
        sources.left = QStringLiteral("%1 · %2").arg(sources.server, spanOf(part.step));
    }
    const auto problem = m_problems.find(chart);
    if (problem != m_problems.end()) {
        sources.problem = problem->second;
    } else if (isOn() && sources.step == 0 && m_loaded && !m_past.busy()) {
        sources.left = tr("%1 has nothing of this").arg(sources.server);
    }
    widget.setSources(std::move(sources));
}

} // namespace widgets
