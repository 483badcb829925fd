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
        std::string problem = {};  // why it failed, or what a server says about its answer
    };

    explicit PastLoader(const metrics::Querier* querier, QObject* parent = nullptr);
    ~PastLoader() override;

    // Somebody else is asked from now on; null: nobody. What was asked is cancelled.
    void setQuerier(const metrics::Querier* querier);
    void load(std::vector<Question> questions, const Span& span);
    void cancel();
    // What arrived since the last call.
    [[nodiscard]] std::vector<Answer> take();
    [[nodiscard]] bool busy() const noexcept { return m_open != 0; }

Q_SIGNALS:
    void arrived();

private:
    // Of one load(), on the loader's thread.
    struct Task {
        const metrics::Querier& querier;
        std::stop_token stop;
        Span span;

        [[nodiscard]] Answer ask(const Question& question) const;
        void askSeries(Answer& answer) const;
        void findResets(Answer& answer) const;
    };
    void run(const Task& task, const std::vector<Question>& questions);

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
