// A Prometheus' /federate (Prometheus' documentation, "Federation"): the newest samples of many instances on
// one page. Inside of this room only, but for the tests.
#pragma once

#include "monitor/core/result.h"
#include "monitor/targets/scrape.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace targets {

inline constexpr std::size_t kMostInstances = 500;       // of one page; those beyond are left out
inline constexpr std::size_t kFederationSeries = 10'000; // of all of them, where max_series is less

// Whether the URL's path ends in /federate.
[[nodiscard]] bool isFederation(const TargetSpec& spec) noexcept;
// "http://host:9090/federate?match[]=…" of a server's address and a selector like {job="shop"}. Errors: it is
// no selector, is longer than 2,000 characters, or the address has a query of its own. Total; thread-safe.
[[nodiscard]] core::Result<std::string> federationUrl(std::string url, const std::string& match);
// Its inverse: the Prometheus and the selector of a URL that federationUrl() makes, or nothing.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> federationOf(const std::string& url);
// What a person writes, ".../federate?match[]={job="shop"}", as federationUrl() spells it; any other URL stays
// what it is. Total; thread-safe.
[[nodiscard]] std::string federationSpelled(std::string url);
// Each instance (labels `instance` and `job`) is read as a page of its own; its pools are named "INSTANCE" or
// "INSTANCE/POOL", where several jobs share an address "JOB/INSTANCE/POOL". The note says which instances the server
// itself has no answer of (`up` is 0). Total;
// thread-safe.
[[nodiscard]] Scrape scrapeOfFederation(Page&& page, std::span<const Mapping> mappings);

} // namespace targets
