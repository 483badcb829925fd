#include "monitor/series/head.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace series {

namespace {

constexpr std::int64_t kExpiryEvery = 60'000; // ms

std::int64_t millis(core::Nanos span) noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

} // namespace

struct Head::MemSeries {
    LabelsPtr labels;
    std::deque<std::shared_ptr<const Chunk>> sealed; // shared with readers
    Chunk open;
    Sample last{};
    bool any = false;
    std::uint64_t tick = 0; // the last snapshot it was in

    [[nodiscard]] std::int64_t first() const noexcept { return sealed.empty() ? open.first() : sealed.front()->first(); }

    void append(Sample sample)
    {
        if (open.full()) {
            open.seal();
            sealed.push_back(std::make_shared<const Chunk>(std::move(open)));
            open = Chunk();
        }
        open.append(sample);
        last = sample;
        any = true;
    }

    void read(std::int64_t from, std::int64_t to, std::vector<Sample>& out) const
    {
        for (const auto& chunk : sealed) {
            chunk->read(from, to, out);
        }
        open.read(from, to, out);
    }

    // Forgets everything at or after `at`.
    void truncate(std::int64_t at)
    {
        std::vector<Sample> kept;
        read(first(), at - 1, kept);
        sealed.clear();
        open = Chunk();
        any = false;
        for (const Sample& sample : kept) {
            append(sample);
        }
    }
};

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
    : m_options(options)
    , m_sources(std::make_unique<Sources>())
{
}

Head::~Head() = default;

Head::MemSeries* Head::findOrCreate(Labels labels)
{
    const auto found = m_series.find(labels);
    if (found != m_series.end()) {
        return found->second.get();
    }
    if (m_series.size() >= m_options.maxSeries) {
        ++m_refused;
        return nullptr;
    }
    auto created = std::make_unique<MemSeries>();
    created->labels = std::make_shared<const Labels>(labels);
    MemSeries* series = created.get();
    m_byName[std::string(labelValue(labels, kNameLabel))].push_back(series);
    m_series.emplace(std::move(labels), std::move(created));
    return series;
}

const Head::Targets& Head::targetsFor(std::string_view name, const metrics::Series& source)
{
    const auto found = m_sources->map.find(SourceHash::View{name, &source.labels});
    static const std::vector<double> kNoBounds;
    const std::vector<double>& bounds = source.histogram ? source.histogram->bounds : kNoBounds;
    const std::size_t wanted = source.histogram ? bounds.size() + 3 : 1;
    if (found != m_sources->map.end() && found->second.targets.size() == wanted && found->second.bounds == bounds) {
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

void Head::append(std::int64_t at, std::span<const NamedSample> samples)
{
    const core::MutexLock lock(m_mutex);
    advanceTo(at);
    for (const NamedSample& sample : samples) {
        MemSeries* series = findOrCreate(normalized(sample.labels));
        const std::uint64_t tick = series != nullptr ? series->tick : 0;
        appendTo(series, at, sample.value);
        if (series != nullptr) {
            series->tick = tick; // not of a snapshot: it does not vanish with one
        }
    }
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
}

void Head::expire()
{
    const std::int64_t limit = m_newest - millis(m_options.retention);
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

std::vector<const Head::MemSeries*> Head::matching(std::span<const Matcher> matchers) const
{
    std::vector<const MemSeries*> found;
    const auto consider = [&](const MemSeries* series) {
        if (series->any && matchesAll(matchers, *series->labels)) {
            found.push_back(series);
        }
    };
    const auto name = std::find_if(matchers.begin(), matchers.end(), [](const Matcher& matcher) {
        return matcher.op() == MatchOp::Equal && matcher.name() == kNameLabel;
    });
    if (name != matchers.end()) {
        const auto sameName = m_byName.find(name->value());
        if (sameName != m_byName.end()) {
            std::for_each(sameName->second.begin(), sameName->second.end(), consider);
        }
    } else {
        for (const auto& [labels, series] : m_series) {
            consider(series.get());
        }
    }
    std::sort(found.begin(), found.end(),
              [](const MemSeries* a, const MemSeries* b) { return *a->labels < *b->labels; });
    return found;
}

std::vector<SeriesData> Head::select(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    struct Picked {
        LabelsPtr labels;
        std::vector<std::shared_ptr<const Chunk>> sealed;
        Chunk open;
    };
    std::vector<Picked> picked;
    {
        const core::MutexLock lock(m_mutex);
        for (const MemSeries* series : matching(matchers)) {
            if (series->last.at < from || series->first() > to) {
                continue;
            }
            Picked pick{series->labels, {}, series->open.last() >= from ? series->open : Chunk()};
            std::copy_if(series->sealed.begin(), series->sealed.end(), std::back_inserter(pick.sealed),
                         [&](const auto& chunk) { return chunk->last() >= from && chunk->first() <= to; });
            picked.push_back(std::move(pick));
        }
    }
    std::vector<SeriesData> result;
    result.reserve(picked.size());
    for (Picked& pick : picked) {
        SeriesData data{std::move(pick.labels), {}};
        data.samples.reserve((pick.sealed.size() + 1) * Chunk::kCapacity);
        for (const auto& chunk : pick.sealed) {
            chunk->read(from, to, data.samples);
        }
        pick.open.read(from, to, data.samples);
        if (!data.samples.empty()) {
            result.push_back(std::move(data));
        }
    }
    return result;
}

std::vector<LatestSample> Head::latest(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    std::vector<LatestSample> result;
    std::vector<Sample> buffer;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        Sample sample = series->last;
        if (sample.at > to) { // a moment in the past: the newest chunk that reaches back to it
            buffer.clear();
            series->open.read(from, to, buffer);
            for (auto chunk = series->sealed.rbegin(); buffer.empty() && chunk != series->sealed.rend(); ++chunk) {
                (*chunk)->read(from, to, buffer);
            }
            if (buffer.empty()) {
                continue;
            }
            sample = buffer.back();
        }
        if (sample.at >= from && !isStale(sample.value)) {
            result.push_back({series->labels, sample});
        }
    }
    return result;
}

std::vector<LabelsPtr> Head::list(std::span<const Matcher> matchers, std::int64_t from, std::int64_t to) const
{
    std::vector<LabelsPtr> result;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        if (series->last.at >= from && series->first() <= to) {
            result.push_back(series->labels);
        }
    }
    return result;
}

std::vector<std::string> Head::labelNames(std::span<const Matcher> matchers) const
{
    std::set<std::string> names;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        for (const auto& label : *series->labels) {
            names.insert(label.first);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> Head::labelValues(std::string_view name, std::span<const Matcher> matchers) const
{
    std::set<std::string> values;
    const core::MutexLock lock(m_mutex);
    for (const MemSeries* series : matching(matchers)) {
        const std::string_view value = labelValue(*series->labels, name);
        if (!value.empty()) {
            values.emplace(value);
        }
    }
    return {values.begin(), values.end()};
}

HeadStats Head::stats() const
{
    const core::MutexLock lock(m_mutex);
    HeadStats stats;
    stats.series = m_series.size();
    stats.refusedSeries = m_refused;
    stats.newest = m_newest;
    for (const auto& [labels, series] : m_series) {
        if (!series->any) {
            continue;
        }
        stats.oldest = stats.oldest == 0 ? series->first() : std::min(stats.oldest, series->first());
        stats.samples += series->open.count();
        stats.chunkBytes += series->open.bytes();
        for (const auto& chunk : series->sealed) {
            stats.samples += chunk->count();
            stats.chunkBytes += chunk->bytes();
        }
    }
    return stats;
}

} // namespace series
