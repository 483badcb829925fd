#include "widgets/charts/past_loader.h"

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

void PastLoader::load(std::vector<Question> questions, const Span& span)
{
    cancel();
    m_open = questions.size();
    if (!m_querier || questions.empty()) {
        m_open = 0;
        return;
    }
    m_pool.start([this, stop = m_stop.get_token(), questions = std::move(questions), span] {
        run(stop, questions, span);
    });
}

void PastLoader::run(const std::stop_token& stop, const std::vector<Question>& questions, const Span& span)
{
    for (const Question& question : questions) {
        if (stop.stop_requested()) {
            return;
        }
        Answer answer = ask(stop, question, span);
        {
            const std::lock_guard lock(m_mutex);
            if (stop.stop_requested()) {
                return;
            }
            m_answers.push_back(std::move(answer));
        }
        QMetaObject::invokeMethod(this, &PastLoader::arrived, Qt::QueuedConnection); // wakes, carries nothing
    }
}

void PastLoader::findResets(const std::stop_token& stop, const Span& span, Answer& answer) const
{
    const std::string& counter = answer.question.counter;
    if (counter.empty()) {
        return;
    }
    if (span.step <= span.interval) {
        if (const auto values = m_querier->rangeUntil(stop, counter, span.start, span.end, span.step)) {
            answer.resets = resetsIn(*values);
        }
    } else if (const auto steps = m_querier->extremes(stop, counter, {span.start, span.end, span.step})) {
        answer.resets = resetsIn(*steps, span.step);
    }
}

PastLoader::Answer PastLoader::ask(const std::stop_token& stop, const Question& question,
                                   const Span& span) const
{
    Answer answer{question, {}, {}, {}, false, {}};
    if (question.wants == Wants::Series) {
        auto all = m_querier->rangeUntil(stop, question.expression, span.start + span.step, span.end, span.step);
        answer.failed = !all;
        if (all) {
            answer.series = std::move(*all);
        }
        return answer;
    }
    if (span.step <= span.interval) {
        const auto exact = m_querier->rangeUntil(stop, withRateSpan(question.expression, span.step),
                                                 span.start, span.end, span.step);
        answer.failed = !exact;
        if (exact && !exact->empty()) {
            answer.points = exact->front().points;
        }
        findResets(stop, span, answer);
        cutAtResets(answer.points, answer.resets, widgets::rateSpan(span.step));
        return answer;
    }
    // A step holds several samples: its smallest and its largest, so that a spike survives whatever the
    // range.
    const std::string expression =
        withRateSpan(question.expression, spanOfLook(metrics::lookWithin(span.step)));
    const auto found = m_querier->extremes(stop, expression, {span.start, span.end, span.step});
    answer.failed = !found;
    if (!found || found->empty()) {
        return answer;
    }
    for (const metrics::Extremes& step : found->front().steps) {
        answer.means.push_back({step.at + span.step / 2, step.mean});
        answer.points.push_back({step.at + span.step / 4, step.min});
        answer.points.push_back({step.at + span.step * 3 / 4, step.max});
    }
    findResets(stop, span, answer); // said and not cut: a step is long, and the rest of it is worth seeing
    return answer;
}

std::vector<PastLoader::Answer> PastLoader::take()
{
    const std::lock_guard lock(m_mutex);
    m_open -= std::min(m_open, m_answers.size());
    return std::exchange(m_answers, {});
}

} // namespace widgets
