// What can be typed into an expression: metrics with their labels, functions, keywords.
#pragma once

#include "models/query_text.h"
#include "monitor/metrics/querier.h"

#include <QHash>
#include <QMap>
#include <QSet>
#include <QString>

#include <vector>

namespace models {

struct Suggestion {
    enum class Kind { Metric, Function, Aggregation, Keyword, Label, Value, Duration };
    Kind kind = Kind::Metric;
    QString text; // what is inserted
    QString hint; // beside it; may be empty

    friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// A copy of what the querier knew at one time. Values are plain: made on one thread, read on another.
class QueryWords {
public:
    static constexpr int kMost = 100; // suggestions at once

    QueryWords() = default;
    // Series with samples within from … to, ms since the epoch. May take long with many series.
    QueryWords(const metrics::Querier& querier, std::int64_t from, std::int64_t to);

    // For the text up to the cursor; those that begin with what was typed first, then those that have it
    // inside.
    [[nodiscard]] std::vector<Suggestion> suggest(const QString& text, int cursor) const;
    [[nodiscard]] bool isMetric(const QString& name) const { return m_metrics.contains(name); }
    // Functions and aggregations / further words of the language.
    [[nodiscard]] bool isFunction(const QString& word) const { return m_functions.contains(word); }
    [[nodiscard]] bool isKeyword(const QString& word) const { return m_keywords.contains(word); }
    [[nodiscard]] bool empty() const noexcept { return m_metrics.isEmpty() && m_words.empty(); }

private:
    using Labels = QMap<QString, QSet<QString>>; // name → values

    [[nodiscard]] std::vector<Suggestion> all(const QueryPlace& place) const;
    [[nodiscard]] std::vector<Suggestion> labelNames(const QString& metric) const;
    [[nodiscard]] std::vector<Suggestion> labelValues(const QString& metric, const QString& label) const;

    QMap<QString, Labels> m_metrics;
    std::vector<Suggestion> m_words;
    QSet<QString> m_functions;
    QSet<QString> m_keywords;
};

} // namespace models
