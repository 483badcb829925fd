// Other people's pools: which there are, what they say, and how that reaches the snapshot and the head.
#pragma once

#include "monitor/collect/collector.h"
#include "monitor/core/clock.h"
#include "monitor/engine/target_desk.h"
#include "monitor/series/head.h"
#include "monitor/targets/dns_sd.h"
#include "monitor/targets/file_sd.h"
#include "monitor/targets/scraper.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine {

// A collector of targets named in the configuration and in the data folder: the window's list `targets.yml`
// and Prometheus' discovery files `targets.d/*.json`, `*.yml`, `*.yaml`, and mappings of one's own in
// `sources`, all looked at for changes every few seconds. Of two with one name the configuration's counts, then
// the list's. Figures go into the snapshot, everything else a target says into the head, at the tick's
// moment. On the sampler's thread only.
class TargetKeeper final : public collect::Collector {
public:
    // `desk` and `head` must outlive it. `nameServers` ("127.0.0.1:5353"): who is asked what the desk's
    // configuration asks; empty: the system's.
    TargetKeeper(const std::filesystem::path& folder, series::Head& head, TargetDesk& desk,
                 std::string nameServers = {});
    ~TargetKeeper() override;

    [[nodiscard]] std::string_view name() const noexcept override { return "targets"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override { return defs(); }
    [[nodiscard]] static std::span<const metrics::MetricDef> defs() noexcept;
    // The error is the first file that is not understood; what is understood is collected all the same.
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override;

private:
    // What of a target is in the head.
    struct Memory {
        std::uint64_t fed = 0;               // number of the good answer that is there
        std::vector<metrics::Labels> series; // of that answer, sorted
        std::size_t refused = 0;             // series of it that did not fit
    };

    void refresh();
    [[nodiscard]] bool readList();
    void readMappings();
    [[nodiscard]] bool askNames();
    void adopt();
    [[nodiscard]] metrics::TargetState stateOf(const targets::TargetView& view) const;
    void feed(std::int64_t at, const std::vector<targets::TargetView>& views);
    void feedOne(std::int64_t at, const targets::TargetView& view);
    void forget(std::int64_t at, Memory& memory);

    const std::filesystem::path m_file;
    series::Head& m_head;
    TargetDesk& m_desk;
    std::map<std::string, metrics::TargetOrigin> m_origins; // by name
    targets::MappingFolder m_mappings;
    std::vector<std::string> m_mappingProblems;
    std::string m_listProblem;
    std::filesystem::file_time_type m_listChanged = {};
    std::vector<targets::TargetSpec> m_list;
    targets::FileDiscovery m_discovery;
    std::unique_ptr<targets::DnsDiscovery> m_dns; // never null
    std::map<std::string, Memory> m_memories; // by the target's name
    core::SteadyTime m_nextLook = {};
    std::unique_ptr<targets::Scraper> m_scraper; // its threads: last
};

} // namespace engine
