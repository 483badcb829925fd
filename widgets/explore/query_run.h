// Several expressions asked at once, for a thread that may wait.
#pragma once

#include "monitor/metrics/querier.h"

#include <QString>

#include <stop_token>
#include <vector>

namespace widgets {

// Times in ms since the epoch.
struct QueryRun {
    enum class Mode { Chart, Table };
    Mode mode = Mode::Chart;
    std::vector<QString> expressions; // an empty one is not asked
    qint64 start = 0;
    qint64 end = 0; // of a table: the moment
    qint64 step = 1000;
    metrics::Labels narrow = {}; // put to each selector, as Querier::narrowed() says
};

struct QueryAnswer {
    QString problem; // in the querier's words; empty when there is none
    std::vector<metrics::PointSeries> series;
    std::size_t left = 0; // further series, beyond what is kept
};

struct QueryAnswers {
    QueryRun run;
    std::vector<QueryAnswer> answers; // one an expression
    qint64 tookMillis = 0;
    bool stopped = false; // given up: answers are not whole
};

inline constexpr std::size_t kMostDrawn = 100;   // series of a chart
inline constexpr std::size_t kMostListed = 5000; // rows of a table

// What one expression's series is called: {a="b"} or name{a="b"}; the expression itself when it has neither.
[[nodiscard]] QString seriesTitle(const metrics::PointSeries& series, const QString& expression);

// Thread-safe as far as the querier is.
[[nodiscard]] QueryAnswers answer(const metrics::Querier& querier, QueryRun run, const std::stop_token& stop);

} // namespace widgets
