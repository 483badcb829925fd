#include "monitor/engine/target_keeper.h"

#include "monitor/core/format.h"
#include "monitor/engine/target_rows.h"
#include "monitor/targets/target_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace engine {

namespace {

using targets::TargetSpec;
using targets::TargetView;

constexpr auto kLookEvery = std::chrono::seconds(2);

std::string readAll(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TargetKeeper::TargetKeeper(const std::filesystem::path& folder, series::Head& head)
    : m_file(folder / "targets.yml")
    , m_head(head)
    , m_discovery(
          {folder / "targets.d" / "*.json", folder / "targets.d" / "*.yml", folder / "targets.d" / "*.yaml"})
{
    auto catalog = targets::loadMappings(folder / "sources");
    m_mappingProblem = catalog.problems.empty() ? std::string() : catalog.problems.front();
    m_scraper = std::make_unique<targets::Scraper>(targets::ScraperOptions{std::move(catalog.mappings)});
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
    auto read = targets::parseTargets(readAll(m_file), m_file.string());
    m_listProblem = read ? std::string() : read.error().message;
    if (read) {
        m_list = std::move(*read);
    }
    return read.has_value();
}

void TargetKeeper::refresh()
{
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    if (now < m_nextLook) {
        return;
    }
    m_nextLook = now + kLookEvery;
    const bool listed = readList();
    if (m_discovery.refresh() || listed) {
        std::vector<TargetSpec> all = m_list;
        const std::vector<TargetSpec> found = m_discovery.targets();
        all.insert(all.end(), found.begin(), found.end());
        m_scraper->setTargets(std::move(all));
    }
}

core::Result<void> TargetKeeper::collect(metrics::SampleBuilder& out)
{
    refresh();
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    const std::vector<TargetView> views = m_scraper->views();
    for (const TargetView& view : views) {
        pushTarget(out, view, now);
    }
    feed(core::epochMillis(out.snapshot().at), views);
    std::vector<std::string> problems = m_discovery.problems();
    problems.insert(problems.begin(), {m_listProblem, m_mappingProblem});
    std::erase(problems, std::string());
    return problems.empty() ? core::Result<void>() : core::Result<void>(core::fail(problems.front()));
}

void TargetKeeper::forget(std::int64_t at, Memory& memory)
{
    m_head.markStale(at, memory.series);
    memory.series.clear();
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
    m_head.append(at, samples);
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
