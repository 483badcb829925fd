#include "models/query_words.h"

#include "models/text.h"

#include <algorithm>

namespace models {

namespace {

using Kind = Suggestion::Kind;
using Wants = QueryPlace::Wants;

constexpr int kMostValues = 1000; // of one label: more are no help
constexpr const char* kDurations[] = {"30s", "1m", "5m", "15m", "30m", "1h", "6h", "1d"};

Kind kindOf(metrics::QueryWord::Kind kind)
{
    switch (kind) {
    case metrics::QueryWord::Kind::Function:
        return Kind::Function;
    case metrics::QueryWord::Kind::Aggregation:
        return Kind::Aggregation;
    case metrics::QueryWord::Kind::Keyword:
        break;
    }
    return Kind::Keyword;
}

// 0: the same but for case; 1: begins with it; 2: has it inside; -1: does not.
int fit(const QString& text, const QString& typed)
{
    if (typed.isEmpty() || text.startsWith(typed, Qt::CaseInsensitive)) {
        return text.size() == typed.size() ? 0 : 1;
    }
    return text.contains(typed, Qt::CaseInsensitive) ? 2 : -1;
}

// As it stands between double quotes.
QString escaped(QString value)
{
    return value.replace(u'\\', QStringLiteral("\\\\"))
        .replace(u'"', QStringLiteral("\\\""))
        .replace(u'\n', QStringLiteral("\\n"));
}

} // namespace

QueryWords::QueryWords(const metrics::Querier& querier, std::int64_t from, std::int64_t to)
{
    if (const auto sets = querier.series("{__name__=~\".+\"}", from, to)) {
        for (const metrics::Labels& labels : *sets) {
            const auto name = std::find_if(labels.begin(), labels.end(),
                                           [](const auto& label) { return label.first == "__name__"; });
            if (name == labels.end()) {
                continue;
            }
            Labels& known = m_metrics[text(name->second)];
            for (const auto& [label, value] : labels) {
                QSet<QString>& values = known[text(label)];
                if (label != "__name__" && values.size() < kMostValues) {
                    values.insert(text(value));
                }
            }
            known.remove(QStringLiteral("__name__"));
        }
    }
    for (const metrics::QueryWord& word : querier.words()) {
        const QString name = text(word.text);
        const QString takes = word.takes.empty() ? QString() : u'(' + text(word.takes) + u')';
        m_words.push_back({kindOf(word.kind), name, takes});
        (word.kind == metrics::QueryWord::Kind::Keyword ? m_keywords : m_functions).insert(name);
    }
}

std::vector<Suggestion> QueryWords::suggest(const QString& text, int cursor) const
{
    const QueryPlace place = queryPlace(text, cursor);
    const QString typed = text.mid(place.begin, cursor - place.begin);
    std::vector<std::pair<int, Suggestion>> fitting;
    for (Suggestion& candidate : all(place)) {
        if (const int how = fit(candidate.text, typed); how >= 0) {
            fitting.emplace_back(how, std::move(candidate));
        }
    }
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Suggestion> best;
    for (auto& [how, suggestion] : fitting) {
        if (static_cast<int>(best.size()) == kMost) {
            break;
        }
        best.push_back(std::move(suggestion));
    }
    return best;
}

std::vector<Suggestion> QueryWords::all(const QueryPlace& place) const
{
    std::vector<Suggestion> every;
    switch (place.wants) {
    case Wants::Nothing:
        break;
    case Wants::Word:
        for (auto metric = m_metrics.keyBegin(); metric != m_metrics.keyEnd(); ++metric) {
            every.push_back({Kind::Metric, *metric, {}});
        }
        every.insert(every.end(), m_words.begin(), m_words.end());
        break;
    case Wants::LabelName:
        return labelNames(place.metric);
    case Wants::LabelValue:
        return labelValues(place.metric, place.label);
    case Wants::Duration:
        for (const char* duration : kDurations) {
            every.push_back({Kind::Duration, QLatin1String(duration), {}});
        }
        break;
    }
    return every;
}

std::vector<Suggestion> QueryWords::labelNames(const QString& metric) const
{
    QMap<QString, int> names; // in how many metrics
    const auto one = m_metrics.constFind(metric);
    const bool known = one != m_metrics.constEnd();
    for (auto at = known ? one : m_metrics.constBegin(); at != m_metrics.constEnd(); ++at) {
        for (auto name = at->keyBegin(); name != at->keyEnd(); ++name) {
            ++names[*name];
        }
        if (known) {
            break;
        }
    }
    std::vector<Suggestion> every;
    for (auto name = names.keyBegin(); name != names.keyEnd(); ++name) {
        every.push_back({Kind::Label, *name, {}});
    }
    return every;
}

std::vector<Suggestion> QueryWords::labelValues(const QString& metric, const QString& label) const
{
    QSet<QString> values;
    if (label == QLatin1String("__name__")) {
        values = QSet<QString>(m_metrics.keyBegin(), m_metrics.keyEnd());
    } else if (const auto one = m_metrics.constFind(metric); one != m_metrics.constEnd()) {
        values = one->value(label);
    } else {
        for (const Labels& labels : m_metrics) {
            values.unite(labels.value(label));
        }
    }
    QStringList sorted(values.begin(), values.end());
    sorted.sort();
    std::vector<Suggestion> every;
    for (const QString& value : sorted) {
        every.push_back({Kind::Value, escaped(value), {}});
    }
    return every;
}

} // namespace models
