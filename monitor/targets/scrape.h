// What became of one fetch: figures and samples, or why there are none.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/targets/fetch.h"
#include "monitor/targets/mapping_catalog.h"
#include "monitor/targets/target_spec.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace targets {

struct ScrapedPool {
    std::string source; // the mapping's title
    PoolFigures figures;
};

// Immutable once made.
struct Scrape {
    core::WallTime at = {}; // when the answer was there
    core::SteadyTime steady = {};
    core::Nanos took{0}; // of the fetch
    std::string error;   // one line; empty: what follows counts
    metrics::TargetCause cause = metrics::TargetCause::None;
    int status = 0; // of HTTP
    std::string note;    // one line: lines that were not understood, limits reached; empty when all was well
    std::vector<std::string> sources; // titles of the mappings that know it
    std::vector<ScrapedPool> pools;
    std::vector<PageSample> samples;
    std::size_t bytes = 0;
};
using ScrapePtr = std::shared_ptr<const Scrape>;

// Of a page that is read; `mostSeries` is what it was limited to. Total; thread-safe, as the next.
[[nodiscard]] Scrape scrapeOfPage(Page&& page, std::span<const Mapping> mappings, std::size_t mostSeries);
[[nodiscard]] Scrape scrapeOf(const TargetSpec& spec, const FetchedPage& page,
                              std::span<const Mapping> mappings);
// The target's own samples as the head keeps them: labels `target` and `environment` are ours, the page's own
// of these names become exported_target and exported_environment, as in Prometheus. Metrics named target_*, which another
// Poolscope has of its own targets, become exported_target_*: what we say of targets is never mixed with what they say.
[[nodiscard]] metrics::Labels labelled(const metrics::Labels& labels, const TargetSpec& spec);

// Fetches (or asks the console) once, waiting for it: for `targets check`, the preview of a new target and
// tests.
// `stop` ends the waiting soon; a console's within its timeout.
[[nodiscard]] Scrape scrapeOnce(const TargetSpec& spec, std::span<const Mapping> mappings,
                                const std::stop_token& stop = {});

} // namespace targets
