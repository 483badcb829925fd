#include "monitor/engine/target_keeper.h"

#include "monitor/core/format.h"
#include "monitor/core/stream_text.h"
#include "monitor/engine/target_rows.h"
#include "monitor/targets/list_edit.h"
#include "monitor/targets/target_file.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace engine {

namespace {

using targets::TargetSpec;
using targets::TargetView;

constexpr auto kLookEvery = std::chrono::seconds(2);
constexpr std::size_t kOwnSeries =
    5'000; // room in memory that targets leave to what the program itself tells

} // namespace

TargetKeeper::TargetKeeper(const std::filesystem::path& folder, series::Head& head, TargetDesk& desk,
                           std::string nameServers)
    : m_file(folder / "targets.yml")
    , m_head(head)
    , m_desk(desk)
    , m_mappings(folder / "sources")
    , m_discovery(
          {folder / "targets.d" / "*.json", folder / "targets.d" / "*.yml", folder / "targets.d" / "*.yaml"})
    , m_dns(std::make_unique<targets::DnsDiscovery>(desk.questions(), std::move(nameServers)))
    , m_scraper(std::make_unique<targets::Scraper>(targets::ScraperOptions()))
{
    readMappings();
}

TargetKeeper::~TargetKeeper() = default;

std::span<const metrics::MetricDef> TargetKeeper::defs() noexcept
{
    return targetDefs();
}

// True when the list is another one now. One that cannot be understood keeps what it said before.
bool TargetKeeper::readList()
{
    std::error_code error;
    const auto changed = std::filesystem::last_write_time(m_file, error);
    if (error) {
        m_listProblem.clear();
        m_listChanged = {};
        return !std::exchange(m_list, {}).empty();
    }
    if (changed == m_listChanged) {
        return false;
    }
    m_listChanged = changed;
    auto read = targets::parseTargets(core::contentOf(m_file), m_file.string());
    m_listProblem = read ? std::string() : read.error().message;
    if (read) {
        m_list = std::move(*read);
    }
    return read.has_value();
}

// A file of the user's that cannot be understood takes nothing from the others.
void TargetKeeper::readMappings()
{
    if (auto catalog = m_mappings.refresh()) {
        m_mappingProblems.clear();
        for (const std::string& problem : catalog->problems) {
            m_mappingProblems.push_back("sources/" + problem);
        }
        m_scraper->setMappings(std::move(catalog->mappings));
    }
}

// True when DNS names others than before. What is asked may have been changed in the configuration.
bool TargetKeeper::askNames()
{
    if (auto questions = m_desk.questions(); questions != m_dns->questions()) {
        m_dns = std::make_unique<targets::DnsDiscovery>(std::move(questions), *m_dns);
    }
    return m_dns->refresh();
}

void TargetKeeper::refresh()
{
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    const bool asked = m_desk.takeLook();
    if (now < m_nextLook && !asked) {
        return;
    }
    m_nextLook = now + kLookEvery;
    if (asked) {
        m_listChanged = {}; // two changes may have one moment
    }
    const bool listed = readList();
    const bool named = askNames();
    readMappings();
    if (m_discovery.refresh() || listed || asked || named) {
        adopt();
    }
}

void TargetKeeper::adopt()
{
    std::vector<TargetSpec> all;
    std::vector<metrics::TargetSetup> setups;
    std::set<std::string> names;
    m_origins.clear();
    const auto take = [&](const std::vector<TargetSpec>& specs, metrics::TargetOrigin origin) {
        for (const TargetSpec& spec : specs) {
            if (names.insert(spec.name).second) {
                all.push_back(spec);
                setups.push_back(targets::setupOf(spec, origin));
                m_origins[spec.name] = origin;
            }
        }
    };
    take(m_desk.configured(), metrics::TargetOrigin::Config);
    take(m_list, metrics::TargetOrigin::List);
    take(m_discovery.targets(), metrics::TargetOrigin::Discovered);
    take(m_dns->targets(), metrics::TargetOrigin::Discovered);
    m_desk.publish(std::move(setups));
    m_desk.fillSecrets(all);
    m_scraper->setTargets(std::move(all));
}

metrics::TargetState TargetKeeper::stateOf(const TargetView& view) const
{
    metrics::TargetState state;
    state.name = view.spec->name;
    state.color = view.spec->color;
    state.paused = view.spec->paused;
    if (view.latest && !state.paused) {
        state.reason = view.latest->error.empty() ? view.latest->note : view.latest->error;
    }
    const auto origin = m_origins.find(state.name);
    state.origin = origin == m_origins.end() ? metrics::TargetOrigin::Discovered : origin->second;
    const auto memory = m_memories.find(state.name);
    state.refused = memory == m_memories.end() ? 0 : memory->second.refused;
    return state;
}

core::Result<void> TargetKeeper::collect(metrics::SampleBuilder& out)
{
    refresh();
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    const std::vector<TargetView> views = m_scraper->views();
    feed(core::epochMillis(out.snapshot().at), views);
    for (const TargetView& view : views) {
        out.snapshot().targets.push_back(stateOf(view));
        pushTarget(out, view, {now, out.snapshot().targets.back().refused});
    }
    std::vector<std::string> problems = m_discovery.problems();
    problems.insert(problems.begin(), m_mappingProblems.begin(), m_mappingProblems.end());
    problems.insert(problems.begin(), m_listProblem);
    const std::vector<std::string> away = m_dns->problems();
    problems.insert(problems.end(), away.begin(), away.end());
    std::erase(problems, std::string());
    return problems.empty() ? core::Result<void>() : core::Result<void>(core::fail(problems.front()));
}

void TargetKeeper::forget(std::int64_t at, Memory& memory)
{
    m_head.markStale(at, memory.series);
    memory.series.clear();
    memory.refused = 0;
}

void TargetKeeper::feedOne(std::int64_t at, const TargetView& view)
{
    Memory& memory = m_memories[view.spec->name];
    if (view.latest && !view.latest->error.empty()) {
        forget(at, memory);
        memory.fed = view.goodNumber;
        return;
    }
    if (!view.lastGood || memory.fed == view.goodNumber) {
        return;
    }
    memory.fed = view.goodNumber;
    std::vector<series::NamedSample> samples;
    std::vector<metrics::Labels> present;
    for (const targets::PageSample& sample : view.lastGood->samples) {
        samples.push_back({targets::labelled(sample.labels, *view.spec), sample.value});
        present.push_back(samples.back().labels);
    }
    std::sort(present.begin(), present.end());
    std::vector<metrics::Labels> gone;
    std::set_difference(memory.series.begin(), memory.series.end(), present.begin(), present.end(),
                        std::back_inserter(gone));
    memory.refused = m_head.append(at, samples, kOwnSeries);
    m_head.markStale(at, gone);
    memory.series = std::move(present);
}

void TargetKeeper::feed(std::int64_t at, const std::vector<TargetView>& views)
{
    for (const TargetView& view : views) {
        feedOne(at, view);
    }
    for (auto memory = m_memories.begin(); memory != m_memories.end();) {
        const bool there = std::any_of(views.begin(), views.end(), [&](const TargetView& view) {
            return view.spec->name == memory->first;
        });
        if (there) {
            ++memory;
        } else {
            forget(at, memory->second);
            memory = m_memories.erase(memory);
        }
    }
}

} // namespace engine
