#include "widgets/charts/server_past.h"

#include "models/text.h"
#include "monitor/metrics/label_of.h"
#include "widgets/charts/feed.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace widgets {

namespace {

constexpr std::int64_t kScrapes =
    4; // a rate is taken over so many samples at least, so that one may be missing

constexpr std::size_t kTogether = 4; // metrics in one request

bool holds(const metrics::Labels& all, const metrics::Labels& some)
{
    return std::all_of(some.begin(), some.end(),
                       [&](const auto& label) { return metrics::labelOf(all, label.first) == label.second; });
}

std::string seconds(std::int64_t ms)
{
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

} // namespace

std::string steppedQuery(const std::string& shared, std::int64_t step, std::int64_t least)
{
    const std::string text = withRateSpan(shared, std::max(step, kScrapes * least));
    if (step <= least) {
        return text;
    }
    // A metric's samples, or what an expression comes to at some moments of the step.
    const bool metric = text.find_first_of(" ([") == std::string::npos;
    const std::int64_t look = std::max(least, (step / metrics::kLooksPerStep + least - 1) / least * least);
    const std::string range = metric ? text + "[" + seconds(step) + "]"
                                     : "(" + text + ")[" + seconds(step) + ":" + seconds(look) + "]";
    const auto statistic = [&](const char* function, const char* name) {
        return "label_replace(" + std::string(function) + "(" + range + "), \"" + kStatistic + "\", \"" +
               name + "\", \"\", \"\")";
    };
    return statistic("min_over_time", "min") + " or " + statistic("max_over_time", "max") + " or " +
           statistic("avg_over_time", "mean");
}

std::string unitedQuery(const std::vector<std::string>& parts)
{
    if (parts.size() == 1) {
        return parts.front();
    }
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        text += (i == 0 ? "label_replace(" : " or label_replace(") + parts[i] + ", \"" + kPart + "\", \"" +
                std::to_string(i) + "\", \"\", \"\")";
    }
    return text;
}

ServerPast::ServerPast(QObject* parent)
    : QObject(parent)
    , m_loader(nullptr)
{
    connect(&m_loader, &PastLoader::arrived, this, &ServerPast::arrived);
}

void ServerPast::setServer(const metrics::QuerySource* server)
{
    m_server = server;
    m_apart = false;
    m_loader.setQuerier(server);
}

void ServerPast::cancel()
{
    m_loader.cancel();
}

void ServerPast::load(std::vector<ServerLine> lines, std::int64_t from, std::int64_t to, int columns)
{
    m_loader.cancel();
    m_lines = std::move(lines);
    m_batches.clear();
    if (m_server == nullptr || to <= from) {
        return;
    }
    m_stretch = {from, to};
    m_step = stepFor(to - from, columns, std::max<std::int64_t>(m_server->leastStep(), 1));
    ask();
}

void ServerPast::ask()
{
    std::vector<std::string> queries;
    for (const ServerLine& line : m_lines) {
        if (!line.query.empty() && std::find(queries.begin(), queries.end(), line.query) == queries.end()) {
            queries.push_back(line.query);
        }
    }
    const std::int64_t least = std::max<std::int64_t>(m_server->leastStep(), 1);
    metrics::Labels own = m_server->own();
    own.emplace_back("target", ""); // what it tells of others under our names is not ours
    const std::size_t together = m_apart ? 1 : kTogether;
    std::vector<PastLoader::Question> questions;
    m_batches.clear();
    for (std::size_t first = 0; first < queries.size(); first += together) {
        std::vector<std::string> batch, parts;
        for (std::size_t i = first; i < std::min(first + together, queries.size()); ++i) {
            const std::string text = steppedQuery(queries[i], m_step, least);
            const auto narrowed = m_server->narrowed(text, own);
            parts.push_back(narrowed ? *narrowed : text);
            batch.push_back(std::move(queries[i]));
        }
        questions.push_back({m_batches.size(), 0, unitedQuery(parts), PastLoader::Wants::Series});
        m_batches.push_back(std::move(batch));
    }
    m_loader.load(std::move(questions), {m_stretch.from / m_step * m_step - m_step,
                                         (m_stretch.to + m_step - 1) / m_step * m_step, m_step, least});
}

std::vector<ServerPast::Answer> ServerPast::take()
{
    std::vector<Answer> all;
    for (const PastLoader::Answer& found : m_loader.take()) {
        const std::vector<std::string> batch = m_batches.at(found.question.chart);
        if (found.failed && batch.size() > 1 && !m_server->news().away) {
            m_apart = true; // a limit, or a metric it will not have: the others need not go without
            ask();
            return all;
        }
        for (std::size_t i = 0; i < batch.size(); ++i) {
            for (const ServerLine& line : m_lines) {
                if (line.query == batch[i]) {
                    all.push_back(answerFor(line, found, batch.size() > 1 ? std::to_string(i) : std::string()));
                }
            }
        }
    }
    return all;
}

// Two series for one line are two consoles': which is ours nobody has said.
ServerPast::Answer ServerPast::answerFor(const ServerLine& line, const PastLoader::Answer& found,
                                         const std::string& part) const
{
    Answer answer{line.chart, line.series, {}, {}, models::text(found.problem), found.failed};
    const auto pointsOf = [&](std::string_view statistic) {
        const std::vector<metrics::Point>* points = nullptr;
        int count = 0;
        for (const metrics::PointSeries& series : found.series) {
            if (holds(series.labels, line.which) && metrics::labelOf(series.labels, kStatistic) == statistic &&
                metrics::labelOf(series.labels, kPart) == part) {
                points = &series.points;
                ++count;
            }
        }
        if (count > 1) {
            answer.problem =
                tr("%1 instances answer; which is this console's is said by match: in the configuration")
                    .arg(count);
            answer.failed = true;
        }
        return count == 1 ? *points : std::vector<metrics::Point>();
    };
    answer.points = pointsOf("");
    const std::vector<metrics::Point> low = pointsOf("min");
    const std::vector<metrics::Point> high = pointsOf("max");
    for (const metrics::Point& mean : pointsOf("mean")) {
        answer.means.push_back({mean.at - m_step / 2, mean.value});
    }
    for (std::size_t i = 0; i < std::min(low.size(), high.size()); ++i) {
        answer.points.push_back({low[i].at - m_step * 3 / 4, low[i].value});
        answer.points.push_back({high[i].at - m_step / 4, high[i].value});
    }
    return answer;
}

} // namespace widgets
