#include "widgets/explore/query_run.h"

#include "models/text.h"

#include <QElapsedTimer>

#include <utility>

namespace widgets {

namespace {

QueryAnswer answerTo(const metrics::Querier& querier, const QueryRun& run, const QString& expression,
                     const std::stop_token& stop)
{
    std::string text = expression.toStdString();
    if (auto narrowed = querier.narrowed(text, run.narrow); narrowed && !run.narrow.empty()) {
        text = std::move(*narrowed); // of a mistake the querier tells where it is in what was typed
    }
    auto result = run.mode == QueryRun::Mode::Chart
                      ? querier.rangeUntil(stop, text, run.start, run.end, run.step)
                      : querier.instantUntil(stop, text, run.end);
    QueryAnswer answer;
    if (!result) {
        answer.problem = models::text(result.error().message);
        return answer;
    }
    answer.series = std::move(*result);
    const std::size_t most = run.mode == QueryRun::Mode::Chart ? kMostDrawn : kMostListed;
    if (answer.series.size() > most) {
        answer.left = answer.series.size() - most;
        answer.series.resize(most);
    }
    return answer;
}

} // namespace

QString seriesTitle(const metrics::PointSeries& series, const QString& expression)
{
    QString name;
    QStringList parts;
    for (const auto& [label, value] : series.labels) {
        if (label == "__name__") {
            name = models::text(value);
        } else {
            parts << models::text(label) + QStringLiteral("=\"") + models::text(value) + u'"';
        }
    }
    if (parts.isEmpty()) {
        return name.isEmpty() ? expression.simplified() : name;
    }
    return name + u'{' + parts.join(QStringLiteral(", ")) + u'}';
}

QueryAnswers answer(const metrics::Querier& querier, QueryRun run, const std::stop_token& stop)
{
    QElapsedTimer clock;
    clock.start();
    QueryAnswers answers;
    for (const QString& expression : run.expressions) {
        answers.answers.push_back(expression.isEmpty() ? QueryAnswer()
                                                       : answerTo(querier, run, expression, stop));
        if (stop.stop_requested()) {
            answers.stopped = true;
            break;
        }
    }
    answers.tookMillis = clock.elapsed();
    answers.run = std::move(run);
    return answers;
}

} // namespace widgets
