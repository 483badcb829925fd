// A target as it is configured.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/targets/exposition_parser.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace targets {

// Secrets are named by files, read anew at each fetch: a rotated token works at once.
struct TargetSpec {
    std::string url; // http:// or https://, without user and password
    std::string
        name; // the label `target`; empty in a file: the URL's host, port and path unless it is /metrics
    std::string environment;
    std::string color; // of the environment in the window: "#rrggbb"; empty: by its name
    std::vector<std::string> tags;
    core::Nanos interval = std::chrono::seconds(5);
    core::Nanos timeout = std::chrono::seconds(4);
    std::string user; // basic authentication
    std::filesystem::path passwordFile;
    std::filesystem::path bearerFile;
    std::string secret; // where a secret of the window's is kept: "keyring:NAME", "secret:NAME", "env:NAME";
                        // the user's password, or a bearer token where there is no user
    std::string secretValue;      // what stands there, looked up by the owner; never written anywhere
    std::filesystem::path caFile; // PEM; empty: the system's
    std::size_t maxBytes = 4U << 20U;
    std::size_t maxSeries = 2000;
    std::size_t maxLabels = 60; // of one series
    bool paused = false; // known, but not asked

    friend bool operator==(const TargetSpec&, const TargetSpec&) = default;
};

// Fills in the name. Errors say what is wrong with which setting: no such scheme, a password within the URL,
// a timeout beyond the interval, an interval that is not 1 s … 1 h, both ways to authenticate, a label that
// is none.
[[nodiscard]] core::Result<TargetSpec> soundSpec(TargetSpec spec);

// A PgBouncer's admin console, not a page.
[[nodiscard]] bool isConsole(const TargetSpec& spec) noexcept;

// Where a login of this target goes: "https://db.example:8443", with the port said where it is the usual one.
[[nodiscard]] std::string loginPlaceOf(const std::string& url);

// What a person pastes: a URL that may have a user and a password in it, or is PostgreSQL's way to name a
// console.
struct PastedTarget {
    std::string url; // completed, without user and password
    std::string user;
    std::string secret;
};
// Total; what is no URL comes back as it was, completed.
[[nodiscard]] PastedTarget pastedTarget(std::string_view typed);

// "http://host:9187/metrics" of what a person types: "host:9187" has no scheme and no path. Throws nothing;
// never fails.
[[nodiscard]] std::string completedUrl(std::string_view typed);

} // namespace targets
