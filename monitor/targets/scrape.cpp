#include "monitor/targets/scrape.h"

#include "monitor/series/label_ops.h"
#include "monitor/targets/console_session.h"
#include "monitor/targets/federation.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace targets {

namespace {

// Metrics the engine itself writes of its targets (vocabulary.cpp, engine/target_rows.cpp).
constexpr std::string_view kOursToWrite = "target_";

void startCurl()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// libcurl asks about once a second, and with each byte.
int stopAsked(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

std::string noteOf(const PageFaults& faults, std::size_t mostSeries)
{
    std::string note;
    if (faults.badLines > 0) {
        note = fmt::format("{} lines are not understood, the first is line {}: {}", faults.badLines,
                           faults.firstBadLine, faults.firstReason);
    }
    if (faults.duplicates > 0) {
        note +=
            fmt::format("{}{} samples of series that had one", note.empty() ? "" : "; ", faults.duplicates);
    }
    if (faults.limited) {
        note += fmt::format("{}only its first {} series are read (max_series)", note.empty() ? "" : "; ",
                            mostSeries);
    }
    return note;
}

} // namespace

Scrape scrapeOf(const TargetSpec& spec, const FetchedPage& fetched, std::span<const Mapping> mappings)
{
    Scrape scrape;
    scrape.took = fetched.took;
    scrape.error = fetched.error;
    scrape.cause = fetched.cause;
    scrape.status = fetched.status;
    scrape.bytes = fetched.body.size();
    if (!scrape.error.empty()) {
        return scrape;
    }
    PageLimits limits;
    limits.bytes = spec.maxBytes;
    limits.labels = spec.maxLabels;
    limits.series = isFederation(spec) ? std::max(spec.maxSeries, kFederationSeries) : spec.maxSeries;
    const TextFormat format = formatOf(fetched.contentType);
    Page page = parsePage(fetched.body, format, limits);
    const bool cutOff = format == TextFormat::OpenMetrics && !page.ended && !page.faults.limited;
    const std::string faults = noteOf(page.faults, limits.series);
    Scrape read = isFederation(spec) ? scrapeOfFederation(std::move(page), mappings)
                                     : scrapeOfPage(std::move(page), mappings, limits.series);
    if (isFederation(spec)) {
        read.note += (read.note.empty() || faults.empty() ? "" : "; ") + faults;
    }
    read.took = scrape.took;
    read.status = scrape.status;
    read.bytes = scrape.bytes;
    if (cutOff) {
        read = std::move(scrape);
        read.error = "the answer is cut off";
        read.cause = metrics::TargetCause::Garbage;
    }
    return read;
}

Scrape scrapeOfPage(Page&& page, std::span<const Mapping> mappings, std::size_t mostSeries)
{
    Scrape scrape;
    scrape.note = noteOf(page.faults, mostSeries);
    if (page.samples.empty()) {
        scrape.error = "the answer holds no metrics";
        scrape.cause = metrics::TargetCause::Garbage;
        return scrape;
    }
    for (Recognised& known : recognise(mappings, page)) {
        scrape.sources.push_back(known.mapping->title);
        for (PoolFigures& figures : known.pools) {
            scrape.pools.push_back({known.mapping->title, std::move(figures)});
        }
    }
    scrape.samples = std::move(page.samples);
    return scrape;
}

metrics::Labels labelled(const metrics::Labels& labels, const TargetSpec& spec)
{
    metrics::Labels all = labels;
    if (const std::string theirs(series::labelValue(all, series::kNameLabel));
        theirs.starts_with(kOursToWrite)) {
        series::setLabel(all, series::kNameLabel, std::string("exported_") + theirs);
    }
    for (const auto& [name, value] :
         {std::pair<const char*, const std::string&>("target", spec.name),
          std::pair<const char*, const std::string&>("environment", spec.environment)}) {
        const std::string theirs(series::labelValue(all, name));
        if (!theirs.empty() && !value.empty()) {
            series::setLabel(all, std::string("exported_") + name, theirs);
        }
        if (!value.empty()) {
            series::setLabel(all, name, value);
        }
    }
    return all;
}

Scrape scrapeOnce(const TargetSpec& spec, std::span<const Mapping> mappings, const std::stop_token& stop)
{
    if (isConsole(spec)) {
        ConsoleSession session(spec);
        Scrape scrape = session.ask(mappings, stop);
        scrape.at = core::SystemClock::instance().wallNow();
        scrape.steady = core::SystemClock::instance().steadyNow();
        return scrape;
    }
    startCurl();
    MemoryBudget budget(spec.maxBytes + 1);
    Fetch fetch(spec, budget);
    const auto begun = fetch.begin();
    if (!begun) {
        Scrape scrape;
        scrape.error = begun.error().message;
        scrape.cause = metrics::TargetCause::Secret;
        return scrape;
    }
    curl_easy_setopt(*begun, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(*begun, CURLOPT_XFERINFOFUNCTION, stopAsked);
    curl_easy_setopt(*begun, CURLOPT_XFERINFODATA, &stop);
    const CURLcode code = curl_easy_perform(*begun);
    const FetchedPage page = fetch.finish(code);
    Scrape scrape = scrapeOf(spec, page, mappings);
    scrape.at = core::SystemClock::instance().wallNow();
    scrape.steady = core::SystemClock::instance().steadyNow();
    return scrape;
}

} // namespace targets
