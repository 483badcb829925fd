// Asks the history what charts show of the past, without the window waiting for it.
#pragma once

#include "monitor/metrics/querier.h"
#include "widgets/charts/resets.h"

#include <QObject>
#include <QThreadPool>

#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace widgets {

// Main thread only; the querier is asked on a thread of the loader's own, one question after the other. A new load() and
// the destructor drop what is still to be asked and stop the question under way; the destructor waits for it.
class PastLoader final : public QObject {
    Q_OBJECT
public:
    // A line for a chart, or every series the expression gives, at the end of each step.
    enum class Wants { Line, Series };
    struct Question {
        std::size_t chart = 0; // told back as they are
        std::size_t series = 0;
        std::string expression; // as a feed has it, with "$w"
        Wants wants = Wants::Line;
        std::string counter = {}; // as a feed has it
    };
    // The moments start, start + step … end, or the steps between them where a step holds several samples; ms since the
    // epoch. `interval` is how far the samples lie apart.
    struct Span {
        std::int64_t start = 0;
        std::int64_t end = 0;
        std::int64_t step = 1000;
        std::int64_t interval = 1000;
    };
    struct Answer {
        Question question;
        std::vector<metrics::Point> points; // ascending; smallest and largest of each step where it holds several
        std::vector<metrics::Point> means;  // of each step where it holds several; else empty
        std::vector<metrics::PointSeries> series; // where they are wanted
        bool failed = false;
        std::vector<Reset> resets; // of the counter
    };

    explicit PastLoader(const metrics::Querier* querier, QObject* parent = nullptr);
    ~PastLoader() override;

    void load(std::vector<Question> questions, const Span& span);
    void cancel();
    // What arrived since the last call.
    [[nodiscard]] std::vector<Answer> take();
    [[nodiscard]] bool busy() const noexcept { return m_open != 0; }

Q_SIGNALS:
    void arrived();

private:
    void run(const std::stop_token& stop, const std::vector<Question>& questions, const Span& span);
    void findResets(const std::stop_token& stop, const Span& span, Answer& answer) const;
    [[nodiscard]] Answer ask(const std::stop_token& stop, const Question& question, const Span& span) const;

    const metrics::Querier* m_querier;
    std::stop_source m_stop; // of the newest load()
    std::size_t m_open = 0; // questions of the newest load() that take() has not given yet
    std::mutex m_mutex;     // guards m_answers; nothing slow runs under it
    std::vector<Answer> m_answers;
    QThreadPool m_pool; // last: its threads end before the rest goes
};

// The step at which a range of this length is asked for in so many columns: a whole number of intervals. ms.
[[nodiscard]] std::int64_t stepFor(std::int64_t length, int columns, std::int64_t interval) noexcept;

} // namespace widgets
