// The past as a server has it: one query for up to four metrics, whatever the number of lines and of instances, so
// that all charts of a page have their past within the requests of a second.
#pragma once

#include "monitor/metrics/query_source.h"
#include "widgets/charts/past_loader.h"

#include <QObject>
#include <QString>

#include <string>
#include <vector>

namespace widgets {

struct Feed;

// What a chart's feed asks of a server: `query` as Feed::shared has it, and which of the series in its answer
// are meant.
struct ServerLine {
    std::size_t chart = 0; // told back as they are
    std::size_t series = 0;
    std::string query;
    metrics::Labels which;
};

// The text of a query whose answer holds all that is to be drawn of steps of `step` ms on a server that
// samples every `least` ms: the values themselves, or of longer steps the smallest, the largest and the mean
// of each, told apart by the label kStatistic.
[[nodiscard]] std::string steppedQuery(const std::string& shared, std::int64_t step, std::int64_t least);
inline constexpr const char* kStatistic = "poolscope_statistic"; // "min", "max", "mean"
// Several queries as one, whose series say which they answer by the label kPart: "0", "1" … A single one stays as it is.
[[nodiscard]] std::string unitedQuery(const std::vector<std::string>& parts);
inline constexpr const char* kPart = "poolscope_part";

// Main thread only; the server is asked on a thread of the loader's own. A new load(), cancel() and another
// source end the request under way.
class ServerPast final : public QObject {
    Q_OBJECT
public:
    struct Answer {
        std::size_t chart = 0;
        std::size_t series = 0;
        std::vector<metrics::Point>
            points; // ascending; smallest and largest of each step where it holds several samples
        std::vector<metrics::Point> means; // of each step where it holds several; else empty
        QString problem;                   // why there are none, or what the server says about them; one line
        bool failed = false;
    };

    explicit ServerPast(QObject* parent = nullptr);

    // Null: nobody is asked.
    void setServer(const metrics::QuerySource* server);
    [[nodiscard]] const metrics::QuerySource* server() const noexcept { return m_server; }
    // Both ends in ms since the epoch; `columns` are the pixels they are drawn on.
    void load(std::vector<ServerLine> lines, std::int64_t from, std::int64_t to, int columns);
    void cancel();
    [[nodiscard]] bool busy() const noexcept { return m_loader.busy(); }
    [[nodiscard]] std::int64_t step() const noexcept { return m_step; } // of the last load(), ms
    // What arrived since the last call, an answer for each line of the metrics that are there.
    [[nodiscard]] std::vector<Answer> take();

Q_SIGNALS:
    void arrived();

private:
    struct Stretch {
        std::int64_t from = 0;
        std::int64_t to = 0;
    };
    void ask();
    // Series of the part, of those that the line means.
    [[nodiscard]] Answer answerFor(const ServerLine& line, const PastLoader::Answer& found, const std::string& part) const;

    const metrics::QuerySource* m_server = nullptr;
    std::vector<ServerLine> m_lines;
    std::vector<std::vector<std::string>> m_batches; // by the question's number: the lines' queries it answers
    bool m_apart = false;                            // one of several was refused: each on its own
    Stretch m_stretch;
    std::int64_t m_step = 1000;
    PastLoader m_loader;
};

} // namespace widgets
