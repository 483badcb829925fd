#include "monitor/targets/probe.h"

#include "monitor/core/format.h"
#include "monitor/targets/scrape.h"

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace targets {

namespace {

using metrics::TargetCause;
using metrics::TargetFinding;

struct EasyEnd {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

// "Nov 20 12:00:00 2026 GMT" of the server's own certificate, on a connection by which nothing is sent: whose
// certificate is not trusted gets no credentials.
std::string expiryOf(const TargetSpec& spec)
{
    const std::unique_ptr<CURL, EasyEnd> easy(curl_easy_init());
    curl_easy_setopt(easy.get(), CURLOPT_URL, spec.url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS,
                     static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(spec.timeout).count()));
    curl_certinfo* info = nullptr;
    if (curl_easy_perform(easy.get()) != CURLE_OK ||
        curl_easy_getinfo(easy.get(), CURLINFO_CERTINFO, &info) != CURLE_OK || info == nullptr ||
        info->num_of_certs < 1) {
        return {};
    }
    constexpr std::string_view kDate = "Expire date:";
    for (const curl_slist* line = info->certinfo[0]; line != nullptr; line = line->next) {
        if (std::string_view(line->data).starts_with(kDate)) {
            return core::oneLine(line->data + kDate.size(), 60);
        }
    }
    return {};
}

std::vector<std::string> placesOf(const std::string& url)
{
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = url.find('/', host);
    const std::string root = url.substr(0, path);
    const bool open = url.starts_with("http") && (path == std::string::npos || path + 1 == url.size() ||
                                                  std::string_view(url).substr(path) == "/metrics");
    return open ? std::vector<std::string>{root + "/metrics", root + "/actuator/prometheus"}
                : std::vector<std::string>{url};
}

TargetFinding findingOf(const TargetSpec& spec, const Scrape& scrape)
{
    TargetFinding found;
    found.url = spec.url;
    found.user = spec.user;
    found.name = spec.name;
    found.cause = scrape.cause;
    found.status = scrape.status;
    found.problem = scrape.error;
    found.note = scrape.note;
    found.series = scrape.samples.size();
    found.took = scrape.took;
    found.sources = scrape.sources;
    for (const ScrapedPool& pool : scrape.pools) {
        found.pools.push_back({pool.source, pool.figures.pool, pool.figures.values});
    }
    return found;
}

// Another path may be the right one: nothing there, or a page that is none of metrics.
bool goesOn(const TargetFinding& found)
{
    return (found.cause == TargetCause::Http && found.status == 404) || found.cause == TargetCause::Garbage;
}

} // namespace

static_assert(metrics::kTargetFigures == kFigures);

TargetFinding probe(TargetSpec spec, std::span<const Mapping> mappings, const std::stop_token& stop)
{
    TargetFinding found;
    std::optional<TargetFinding> first;
    for (const std::string& place : placesOf(spec.url)) {
        TargetSpec one = spec;
        one.url = place;
        const auto sound = soundSpec(std::move(one));
        if (!sound) {
            found.problem = sound.error().message;
            found.cause = TargetCause::Other;
            return found;
        }
        found = findingOf(*sound, scrapeOnce(*sound, mappings, stop));
        if (found.problem.find("certificate has expired") != std::string::npos && !stop.stop_requested()) {
            found.expired = expiryOf(*sound);
        }
        if (stop.stop_requested() || !goesOn(found)) {
            return found;
        }
        first = first ? first : found;
    }
    return first ? *first : found; // nowhere: what was typed is what is told of
}

} // namespace targets
