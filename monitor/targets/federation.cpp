#include "monitor/targets/federation.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"
#include "monitor/promql/parser.h"
#include "monitor/series/label_ops.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace targets {

namespace {

constexpr std::string_view kPath = "/federate";
constexpr std::string_view kEncodedKey = "match%5B%5D=";
constexpr std::string_view kPlainKey = "match[]=";
constexpr std::size_t kMostMatch = 2000;
constexpr std::size_t kMostNamed = 160; // characters of instances' names in a note

// RFC 3986 §2.3: what may stand as it is.
bool isUnreserved(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += isUnreserved(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

// A "%" that begins no pair of digits stands for itself.
std::string decoded(const std::string& text)
{
    int size = 0;
    const std::unique_ptr<char, decltype(&curl_free)> plain(
        curl_easy_unescape(nullptr, text.c_str(), static_cast<int>(text.size()), &size), curl_free);
    return plain ? std::string(plain.get(), static_cast<std::size_t>(size)) : std::string();
}

std::string poolName(const std::string& instance, const std::string& pool)
{
    return pool.empty() || pool == instance ? instance : instance.empty() ? pool : instance + '/' + pool;
}

bool isDown(const PageSample& sample)
{
    return series::labelValue(sample.labels, "__name__") == "up" && sample.value == 0;
}

// Two jobs may scrape one address (an application and its exporter behind a proxy): they are two instances.
struct Instance {
    std::string address; // label `instance`
    std::string job;

    friend auto operator<=>(const Instance&, const Instance&) = default;
};

// `page` keeps what belongs to none of them.
std::map<Instance, Page> instancesOf(Page& page)
{
    std::map<Instance, Page> instances;
    std::erase_if(page.samples, [&](const PageSample& sample) {
        const Instance name{std::string(series::labelValue(sample.labels, "instance")),
                            std::string(series::labelValue(sample.labels, "job"))};
        auto at = instances.find(name);
        if (at == instances.end() && instances.size() < kMostInstances) {
            at = instances.emplace(name, Page{}).first;
        }
        if (at != instances.end()) {
            at->second.samples.push_back(sample);
        }
        return at != instances.end();
    });
    return instances;
}

// What says no job belongs to the only one of its address.
void giveJobs(std::map<Instance, Page>& instances)
{
    for (auto at = instances.begin(); at != instances.end();) {
        const auto next = std::next(at); // of an address the one without a job comes first
        const bool only =
            at->first.job.empty() && next != instances.end() && next->first.address == at->first.address &&
            (std::next(next) == instances.end() || std::next(next)->first.address != at->first.address);
        if (only) {
            std::ranges::move(at->second.samples, std::back_inserter(next->second.samples));
            instances.erase(at);
        }
        at = next;
    }
}

// By its address alone while that tells it from all others.
std::string nameOf(const Instance& instance, const std::map<Instance, Page>& all)
{
    const auto first = all.lower_bound({instance.address, {}});
    const bool alone = std::next(first) == all.end() || std::next(first)->first.address != instance.address;
    return alone || instance.job.empty() ? instance.address : instance.job + '/' + instance.address;
}

void readInstance(Scrape& scrape, const std::string& name, const Page& page,
                  std::span<const Mapping> mappings)
{
    for (Recognised& known : recognise(mappings, page)) {
        const std::string& title = known.mapping->title;
        if (std::ranges::find(scrape.sources, title) == scrape.sources.end()) {
            scrape.sources.push_back(title);
        }
        for (PoolFigures& figures : known.pools) {
            figures.pool = poolName(name, figures.pool);
            scrape.pools.push_back({title, std::move(figures)});
        }
    }
}

} // namespace

bool isFederation(const TargetSpec& spec) noexcept
{
    const std::string_view url = spec.url;
    return url.starts_with("http") && url.substr(0, url.find_first_of("?#")).ends_with(kPath);
}

core::Result<std::string> federationUrl(std::string url, const std::string& match)
{
    const auto parts = http::readUrl(url);
    if (!parts || !parts->query.empty() || !parts->fragment.empty()) {
        return core::fail("match: the url of a Prometheus without ? and # is expected with it");
    }
    if (match.size() > kMostMatch) {
        return core::fail("match: at most 2000 characters are expected");
    }
    if (const auto selector = promql::parseSelector(match); !selector) {
        return core::fail("match: a selector like {job=\"shop\"} is expected: " +
                          core::oneLine(selector.error().text(), 200));
    }
    url.erase(url.find_last_not_of('/') + 1);
    url += url.ends_with(kPath) ? "" : kPath;
    return url + "?" + std::string(kEncodedKey) + encoded(match);
}

std::optional<std::pair<std::string, std::string>> federationOf(const std::string& url)
{
    const std::size_t query = url.find('?');
    const std::string place = url.substr(0, query);
    if (query == std::string::npos || !place.ends_with(kPath) ||
        !url.substr(query + 1).starts_with(kEncodedKey)) {
        return std::nullopt;
    }
    std::pair<std::string, std::string> parts{place.substr(0, place.size() - kPath.size()),
                                              decoded(url.substr(query + 1 + kEncodedKey.size()))};
    const auto made = federationUrl(parts.first, parts.second);
    return made && *made == url ? std::optional(std::move(parts)) : std::nullopt;
}

std::string federationSpelled(std::string url)
{
    const std::size_t query = url.find('?');
    const std::string place = url.substr(0, query);
    for (const std::string_view key : {kEncodedKey, kPlainKey}) {
        if (query != std::string::npos && place.ends_with(kPath) && url.substr(query + 1).starts_with(key)) {
            const auto made = federationUrl(place, decoded(url.substr(query + 1 + key.size())));
            return made ? *made : url;
        }
    }
    return url;
}

Scrape scrapeOfFederation(Page&& page, std::span<const Mapping> mappings)
{
    Scrape scrape;
    if (page.samples.empty()) {
        scrape.error = "nothing there is selected by its match";
        scrape.cause = metrics::TargetCause::Garbage;
        return scrape;
    }
    std::map<Instance, Page> instances = instancesOf(page);
    giveJobs(instances);
    std::size_t down = 0;
    std::string names;
    for (auto& [instance, one] : instances) {
        const std::string name = nameOf(instance, instances);
        readInstance(scrape, name, one, mappings);
        if (std::ranges::any_of(one.samples, isDown)) {
            ++down;
            names += (names.empty() ? "" : ", ") + name;
        }
        std::ranges::move(one.samples, std::back_inserter(scrape.samples));
    }
    if (down > 0) {
        scrape.note = fmt::format("{} of {} instances do not answer there: {}", down, instances.size(),
                                  core::oneLine(names, kMostNamed));
    }
    if (!page.samples.empty()) {
        scrape.note += fmt::format("{}more than {} instances: the others are left out",
                                   scrape.note.empty() ? "" : "; ", kMostInstances);
    }
    return scrape;
}

} // namespace targets
