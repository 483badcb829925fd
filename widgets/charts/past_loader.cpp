#include "widgets/charts/past_loader.h"

#include "widgets/charts/feed.h"

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

// So many evaluations a step at most: a step of a day is not looked at second by second.
constexpr std::int64_t kLooksPerStep = 120;

using Series = core::Result<std::vector<metrics::PointSeries>>;

const std::vector<metrics::Point>* pointsOf(const Series& series)
{
    return series && !series->empty() ? &series->front().points : nullptr;
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
    ++m_generation;
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
    m_pool.start([this, generation = m_generation.load(), questions = std::move(questions), span] {
        run(generation, questions, span);
    });
}

void PastLoader::run(std::uint64_t generation, const std::vector<Question>& questions, const Span& span)
{
    for (const Question& question : questions) {
        if (generation != m_generation) {
            return;
        }
        Answer answer = ask(question, span);
        {
            const std::lock_guard lock(m_mutex);
            if (generation != m_generation) {
                return;
            }
            m_answers.push_back(std::move(answer));
        }
        QMetaObject::invokeMethod(this, &PastLoader::arrived, Qt::QueuedConnection); // wakes, carries nothing
    }
}

PastLoader::Answer PastLoader::ask(const Question& question, const Span& span) const
{
    const std::string expression = withRateSpan(question.expression, span.step);
    if (span.step <= span.interval) {
        const Series exact = m_querier->range(expression, span.start, span.end, span.step);
        const auto* points = pointsOf(exact);
        return {question, points ? *points : std::vector<metrics::Point>(), !exact};
    }
    // A step holds several samples: its smallest and its largest, so that a spike survives whatever the range.
    const std::int64_t look = std::max(span.interval, (span.step / kLooksPerStep / 1000 + 1) * 1000);
    const auto over = [&](const char* which) {
        const std::string inner = "((" + expression + ")[" + std::to_string(span.step) + "ms:" + std::to_string(look) + "ms])";
        return m_querier->range(which + inner, span.start, span.end, span.step);
    };
    const Series least = over("min_over_time");
    const Series most = least ? over("max_over_time") : least;
    Answer answer{question, {}, !least || !most};
    const auto* low = pointsOf(least);
    const auto* high = pointsOf(most);
    for (std::size_t i = 0; low && high && i < std::min(low->size(), high->size()); ++i) {
        answer.points.push_back({(*low)[i].at - span.step / 2, (*low)[i].value});
        answer.points.push_back({(*high)[i].at - span.step / 4, (*high)[i].value});
    }
    return answer;
}

std::vector<PastLoader::Answer> PastLoader::take()
{
    const std::lock_guard lock(m_mutex);
    m_open -= std::min(m_open, m_answers.size());
    return std::exchange(m_answers, {});
}

} // namespace widgets
