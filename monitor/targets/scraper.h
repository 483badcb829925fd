// Fetches all targets, each at its own moments: none waits for another.
#pragma once

#include "monitor/core/result.h"
#include "monitor/targets/mapping_catalog.h"
#include "monitor/targets/scrape.h"
#include "monitor/targets/target_spec.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace targets {

struct ScraperOptions {
    std::vector<Mapping> mappings;
    std::size_t maxMemory = 64U << 20U; // what all answers under way may hold together
};

// A target as it is now.
struct TargetView {
    std::shared_ptr<const TargetSpec> spec;
    ScrapePtr latest;             // the last attempt; null before the first is over
    ScrapePtr lastGood;           // null before the first that went well
    std::uint64_t number = 0;     // of attempts that are over
    std::uint64_t goodNumber = 0; // of those that went well
    core::Nanos late{0};          // how much after its moment the last fetch began
};

// Two threads: "targets" drives every socket (libcurl's multi interface) and the timetable, "targets-read"
// parses and maps what came. A target whose last answer is not read yet is not asked again, so that garbage
// for ever costs one answer's memory each. Moments of one interval are spread over it by the target's name.
// All methods are thread-safe and return at once, the destructor soon.
class Scraper {
public:
    explicit Scraper(ScraperOptions options);
    ~Scraper();
    Scraper(const Scraper&) = delete;
    Scraper& operator=(const Scraper&) = delete;

    // From now on these, each sound (soundSpec()); those that stay as they were go on undisturbed. Of two
    // with one name the first counts.
    void setTargets(std::vector<TargetSpec> specs);
    // What is read from now on is mapped by these.
    void setMappings(std::vector<Mapping> mappings);
    // By name.
    [[nodiscard]] std::vector<TargetView> views() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace targets
