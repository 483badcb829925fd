#include "widgets/charts/past_loader.h"

#include "monitor/metrics/query_source.h"
#include "widgets/charts/feed.h"

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

// Over what span rates are taken that are looked at so far apart: from roll-ups one needs five of their
// buckets.
std::int64_t spanOfLook(std::int64_t look)
{
    constexpr std::int64_t kMinute = 60'000;
    return look < kMinute ? look : 5 * look;
}

} // namespace

std::int64_t stepFor(std::int64_t length, int columns, std::int64_t interval) noexcept
{
    const std::int64_t least = std::max<std::int64_t>(interval, 1);
    const std::int64_t wanted = length / std::max(columns, 1);
    return std::max(least, (wanted + least - 1) / least * least);
}

PastLoader::PastLoader(const metrics::Querier* querier, QObject* parent)
    : QObject(parent)
    , m_querier(querier)
{
    m_pool.setMaxThreadCount(1);
}

PastLoader::~PastLoader()
{
    cancel();
    m_pool.waitForDone();
}

void PastLoader::cancel()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_open = 0;
    m_pool.clear();
    const std::lock_guard lock(m_mutex);
    m_answers.clear();
}

void PastLoader::setQuerier(const metrics::Querier* querier)
{
    cancel();
    m_querier = querier;
}

void PastLoader::load(std::vector<Question> questions, const Span& span)
{
    cancel();
    m_open = questions.size();
    if (!m_querier || questions.empty()) {
        m_open = 0;
        return;
    }
    m_pool.start([this, task = Task{*m_querier, m_stop.get_token(), span}, questions = std::move(questions)] {
        run(task, questions);
    });
}

void PastLoader::run(const Task& task, const std::vector<Question>& questions)
{
    for (const Question& question : questions) {
        if (task.stop.stop_requested()) {
            return;
        }
        Answer answer = task.ask(question);
        {
            const std::lock_guard lock(m_mutex);
            if (task.stop.stop_requested()) {
                return;
            }
            m_answers.push_back(std::move(answer));
        }
        QMetaObject::invokeMethod(this, &PastLoader::arrived, Qt::QueuedConnection); // wakes, carries nothing
    }
}

void PastLoader::Task::findResets(Answer& answer) const
{
    const std::string& counter = answer.question.counter;
    if (counter.empty()) {
        return;
    }
    if (span.step <= span.interval) {
        if (const auto values = querier.rangeUntil(stop, counter, span.start, span.end, span.step)) {
            answer.resets = resetsIn(*values);
        }
    } else if (const auto steps = querier.extremes(stop, counter, {span.start, span.end, span.step})) {
        answer.resets = resetsIn(*steps, span.step);
    }
}

// A server may have something to say about its answer: that is told with it.
void PastLoader::Task::askSeries(Answer& answer) const
{
    auto all = querier.rangeUntil(stop, answer.question.expression, span.start + span.step, span.end, span.step);
    answer.failed = !all;
    if (!all) {
        answer.problem = all.error().message;
        return;
    }
    answer.series = std::move(*all);
    if (const auto* server = dynamic_cast<const metrics::QuerySource*>(&querier)) {
        const std::vector<std::string> warnings = server->news().warnings;
        answer.problem = warnings.empty() ? std::string() : warnings.front();
    }
}

PastLoader::Answer PastLoader::Task::ask(const Question& question) const
{
    Answer answer{question, {}, {}, {}, false, {}};
    if (question.wants == Wants::Series) {
        askSeries(answer);
        return answer;
    }
    if (span.step <= span.interval) {
        const auto exact = querier.rangeUntil(stop, withRateSpan(question.expression, span.step),
                                                 span.start, span.end, span.step);
        answer.failed = !exact;
        if (exact && !exact->empty()) {
            answer.points = exact->front().points;
        }
        findResets(answer);
        cutAtResets(answer.points, answer.resets, widgets::rateSpan(span.step));
        return answer;
    }
    // A step holds several samples: its smallest and its largest, so that a spike survives whatever the
    // range.
    const std::string expression =
        withRateSpan(question.expression, spanOfLook(metrics::lookWithin(span.step)));
    const auto found = querier.extremes(stop, expression, {span.start, span.end, span.step});
    answer.failed = !found;
    if (!found || found->empty()) {
        return answer;
    }
    for (const metrics::Extremes& step : found->front().steps) {
        answer.means.push_back({step.at + span.step / 2, step.mean});
        answer.points.push_back({step.at + span.step / 4, step.min});
        answer.points.push_back({step.at + span.step * 3 / 4, step.max});
    }
    findResets(answer); // said and not cut: a step is long, and the rest of it is worth seeing
    return answer;
}

std::vector<PastLoader::Answer> PastLoader::take()
{
    const std::lock_guard lock(m_mutex);
    m_open -= std::min(m_open, m_answers.size());
    return std::exchange(m_answers, {});
}

} // namespace widgets
