// A Prometheus-compatible server as it is configured.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/metrics/metric_def.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

namespace prometheus {

// Secrets are named by files, read anew at each request: a rotated token works at once.
struct ServerSpec {
    std::string url;  // http(s)://host[:port][/prefix], without user and password; /api/v1/… is added to it
    std::string name; // empty in a file: the URL's host, port and path
    std::string tenant; // X-Scope-OrgID of Mimir and Cortex; empty: not sent
    std::string user;   // basic authentication
    std::filesystem::path passwordFile;
    std::filesystem::path bearerFile;
    std::filesystem::path caFile; // PEM; empty: the system's
    core::Nanos timeout = std::chrono::seconds(30);
    core::Nanos interval =
        std::chrono::seconds(15);                 // how often it samples: nothing is asked for in finer steps
    std::size_t maxBytes = 32U << 20U;            // of an answer, unpacked
    core::Nanos watch = std::chrono::seconds(15); // between two looks at its rules and targets; 0: never
    // How long rules it owns may be unwatched before they are watched and told here; 0: for ever.
    core::Nanos takeOver = std::chrono::minutes(2);
    int perSecond = 5;     // requests
    metrics::Labels match; // of this console's own series there: job, instance …; charts ask for these

    friend bool operator==(const ServerSpec&, const ServerSpec&) = default;
};

// Where samples are pushed to by remote write.
struct RemoteWriteSpec {
    ServerSpec endpoint;      // its url in full: http://host:9090/api/v1/write
    metrics::Labels external; // added to every series, so that two consoles do not write the same one
    std::size_t mostPending = 1'000'000;            // samples that wait at most; beyond, the oldest go
    core::Nanos patience = std::chrono::seconds(5); // how long a sample waits for others at most
    // Those older are dropped: as long as a Prometheus keeps what it could not push.
    core::Nanos mostAge = std::chrono::hours(2);

    friend bool operator==(const RemoteWriteSpec&, const RemoteWriteSpec&) = default;
};

// Fills in the name, takes a slash off the URL's end. Errors say what is wrong with which setting: no such
// scheme, a password within the URL, both ways to authenticate, a tenant that would be a header of its own.
[[nodiscard]] core::Result<ServerSpec> soundServer(ServerSpec spec);

} // namespace prometheus
