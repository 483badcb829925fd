#include "monitor/series/head.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace series {

namespace {

constexpr std::int64_t kExpiryEvery = 60'000; // ms

std::int64_t millis(core::Nanos span) noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

bool byLabels(const MemSeries* a, const MemSeries* b) noexcept
{
    return *a->labels < *b->labels;
}

} // namespace

// A series of a snapshot: its family's name and its labels.
struct Head::SourceKey {
    std::string name;
    Labels labels;
};

struct Head::SourceHash {
    using is_transparent = void;
    using View = std::pair<std::string_view, const Labels*>;
    [[nodiscard]] std::size_t operator()(const SourceKey& key) const noexcept
    {
        return std::hash<std::string_view>()(key.name) ^ hashOf(key.labels);
    }
    [[nodiscard]] std::size_t operator()(const View& view) const noexcept
    {
        return std::hash<std::string_view>()(view.first) ^ hashOf(*view.second);
    }
};

struct Head::SourceEqual {
    using is_transparent = void;
    using View = SourceHash::View;
    [[nodiscard]] bool operator()(const SourceKey& a, const SourceKey& b) const noexcept
    {
        return a.name == b.name && a.labels == b.labels;
    }
    [[nodiscard]] bool operator()(const View& a, const SourceKey& b) const noexcept
    {
        return a.first == b.name && *a.second == b.labels;
    }
    [[nodiscard]] bool operator()(const SourceKey& a, const View& b) const noexcept { return (*this)(b, a); }
};

struct Head::Sources {
    struct Entry {
        std::vector<double> bounds; // of a histogram; its targets are the buckets, the sum and the count
        Targets targets;
    };
    std::unordered_map<SourceKey, Entry, SourceHash, SourceEqual> map;
};

Head::Head(HeadOptions options)
    : m_retention(options.retention)
    , m_maxSeries(options.maxSeries)
    , m_sources(std::make_unique<Sources>())
{
}

Head::~Head() = default;

void Head::setMaxSeries(std::size_t most)
{
    const core::MutexLock lock(m_mutex);
    m_maxSeries = most;
}

MemSeries* Head::findOrCreate(Labels labels, std::size_t leave)
{
    const auto found = m_series.find(labels);
    if (found != m_series.end()) {
        return found->second.get();
    }
    if (m_series.size() + leave >= m_maxSeries) {
        ++m_refused;
        return nullptr;
    }
    auto created = std::make_unique<MemSeries>();
    created->labels = std::make_shared<const Labels>(labels);
    created->bare = std::make_shared<const Labels>(withoutName(labels));
    MemSeries* series = created.get();
    auto& sameName = m_byName[std::string(labelValue(labels, kNameLabel))];
    sameName.insert(std::upper_bound(sameName.begin(), sameName.end(), series, byLabels), series);
    m_series.emplace(std::move(labels), std::move(created));
    return series;
}

const Head::Targets& Head::targetsFor(std::string_view name, const metrics::Series& source)
{
    const auto found = m_sources->map.find(SourceHash::View{name, &source.labels});
    static const std::vector<double> kNoBounds;
    const std::vector<double>& bounds = source.histogram ? source.histogram->bounds : kNoBounds;
    const std::size_t wanted = source.histogram ? bounds.size() + 3 : 1;
    if (found != m_sources->map.end() && found->second.targets.size() == wanted &&
        found->second.bounds == bounds) {
        return found->second.targets;
    }
    Sources::Entry entry{bounds, {}};
    const auto add = [&](std::string_view suffix, std::string_view le) {
        Labels labels = normalized(source.labels);
        setLabel(labels, kNameLabel, std::string(name).append(suffix));
        setLabel(labels, "le", le.empty() ? std::string(labelValue(labels, "le")) : std::string(le));
        entry.targets.push_back(findOrCreate(std::move(labels)));
    };
    if (source.histogram) {
        for (const double bound : bounds) {
            add("_bucket", core::floatText(bound));
        }
        add("_bucket", "+Inf");
        add("_sum", "");
        add("_count", "");
    } else {
        add("", "");
    }
    return m_sources->map.insert_or_assign(SourceKey{std::string(name), source.labels}, std::move(entry))
        .first->second.targets;
}

void Head::appendTo(MemSeries* series, std::int64_t at, double value)
{
    if (series == nullptr) {
        return;
    }
    series->tick = m_tick;
    if (!series->any || series->last.at < at) {
        series->append({at, value});
    }
}

void Head::appendHistogram(const Targets& targets, const metrics::HistogramValue& histogram, std::int64_t at)
{
    std::uint64_t cumulative = 0;
    const std::size_t buckets = targets.size() - 2;
    for (std::size_t i = 0; i < buckets; ++i) {
        cumulative += i < histogram.counts.size() ? histogram.counts[i] : 0;
        appendTo(targets[i], at, static_cast<double>(cumulative));
    }
    appendTo(targets[buckets], at, histogram.sum);
    appendTo(targets[buckets + 1], at, static_cast<double>(histogram.count));
}

void Head::append(const metrics::Snapshot& snapshot)
{
    const std::int64_t at = core::epochMillis(snapshot.at);
    const core::MutexLock lock(m_mutex);
    advanceTo(at);
    ++m_tick;
    for (const metrics::Family& family : snapshot.families) {
        for (const metrics::Series& source : family.series) {
            const Targets& targets = targetsFor(family.def->name, source);
            if (source.histogram) {
                appendHistogram(targets, *source.histogram, at);
            } else {
                appendTo(targets.front(), at, source.value);
            }
        }
    }
    markVanished(at);
    if (at >= m_nextExpiry) {
        m_nextExpiry = at + kExpiryEvery;
        expire();
    }
}

std::size_t Head::append(std::int64_t at, std::span<const NamedSample> samples, std::size_t leave)
{
    const core::MutexLock lock(m_mutex);
    advanceTo(at);
    std::size_t refused = 0;
    for (const NamedSample& sample : samples) {
        MemSeries* series = findOrCreate(normalized(sample.labels), leave);
        refused += series == nullptr ? 1 : 0;
        const std::uint64_t tick = series != nullptr ? series->tick : 0;
        appendTo(series, at, sample.value);
        if (series != nullptr) {
            series->tick = tick; // not of a snapshot: it does not vanish with one
        }
    }
    return refused;
}

void Head::markStale(std::int64_t at, std::span<const Labels> labels)
{
    const core::MutexLock lock(m_mutex);
    for (const Labels& wanted : labels) {
        const auto found = m_series.find(normalized(wanted));
        if (found != m_series.end() && found->second->any && found->second->last.at < at) {
            found->second->append({at, staleMarker()});
        }
    }
}

void Head::interrupt(core::Nanos interval)
{
    const core::MutexLock lock(m_mutex);
    for (const auto& [labels, series] : m_series) {
        if (series->tick != 0 && series->tick == m_tick && !isStale(series->last.value)) {
            series->append({series->last.at + std::max<std::int64_t>(millis(interval), 1), staleMarker()});
        }
    }
}

void Head::markVanished(std::int64_t at)
{
    for (const auto& [labels, series] : m_series) {
        if (series->tick != 0 && series->tick + 1 == m_tick && series->last.at < at) {
            series->append({at, staleMarker()});
        }
    }
}

void Head::advanceTo(std::int64_t at)
{
    if (at < m_newest) {
        for (const auto& [labels, series] : m_series) {
            if (series->any && series->last.at >= at) {
                series->truncate(at);
            }
        }
        m_nextExpiry = 0;
    }
    m_newest = at;
    m_completeFrom = std::min(m_completeFrom, at);
}

void Head::expire()
{
    const std::int64_t limit = m_newest - millis(m_retention);
    m_completeFrom = std::max(m_completeFrom, limit);
    bool removed = false;
    for (auto entry = m_series.begin(); entry != m_series.end();) {
        MemSeries& series = *entry->second;
        while (!series.sealed.empty() && series.sealed.front()->last() < limit) {
            series.sealed.pop_front();
        }
        if (series.any && series.last.at >= limit) {
            ++entry;
            continue;
        }
        auto& sameName = m_byName[std::string(labelValue(*series.labels, kNameLabel))];
        std::erase(sameName, &series);
        entry = m_series.erase(entry);
        removed = true;
    }
    if (removed) {
        std::erase_if(m_byName, [](const auto& entry) { return entry.second.empty(); });
        m_sources->map.clear(); // it points at series; filled again with the next tick
    }
}

} // namespace series
