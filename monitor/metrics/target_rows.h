// Other people's pools: how a target is set up, what a first look at one found, and how each is. Plain
// values.
#pragma once

#include "monitor/core/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace metrics {

// Where a target is named: in the window's own list (targets.yml), in the configuration file, or it was
// found.
enum class TargetOrigin { List, Config, Discovered };

// Why there is nothing from a target; of a bounded number of words, so that it may be a label.
enum class TargetCause {
    None,
    Paused,
    Name,
    Refused,
    Timeout,
    Certificate,
    Login,
    Http,
    Redirect,
    Size,
    Garbage,
    Secret,
    Other
};

// As a person sets one up. Secrets are references ("keyring:NAME", "secret:NAME", "env:NAME"), never
// themselves.
struct TargetSetup {
    std::string url;
    std::string name; // the label `target`; empty: made of the URL
    std::string environment;
    std::string color; // of the environment: "#rrggbb"; empty: chosen by its name
    std::vector<std::string> tags;
    core::Nanos interval = std::chrono::seconds(5);
    core::Nanos timeout = std::chrono::seconds(4);
    std::string user;   // with a secret: basic authentication; a secret without a user: a bearer token
    std::string secret; // a reference
    std::string passwordFile;
    std::string bearerFile;
    std::string caFile;
    bool paused = false;
    TargetOrigin origin = TargetOrigin::List;

    friend bool operator==(const TargetSetup&, const TargetSetup&) = default;
};

// What a person does to the window's list. `name`: which one; `secret` as it was typed, empty: as it was.
struct TargetEdit {
    enum class Kind { Add, Change, Remove, Pause, Resume } kind = Kind::Add;
    std::string name;
    TargetSetup setup; // of Add and Change
    std::string secret;
};

inline constexpr std::size_t kTargetFigures =
    13; // in the vocabulary's order: size, in_use, idle, waiting, max …

struct FoundPool {
    std::string source; // "HikariCP (Micrometer)"
    std::string pool;
    std::array<double, kTargetFigures> figures{}; // NaN is unknown
};

// What a first look at a target found.
struct TargetFinding {
    std::string url;  // where it was found: what was typed, completed
    std::string user; // was in the address that was typed
    std::string name; // what it would be called
    TargetCause cause = TargetCause::None;
    int status = 0;      // of HTTP, where it answered
    std::string problem; // one line; empty: it answers
    std::string note;    // what was not understood
    std::string expired; // the date of a certificate that has expired
    std::size_t series = 0;
    core::Nanos took{0};
    std::vector<std::string> sources;
    std::vector<FoundPool> pools;
};

// How one is now, beside its metrics.
struct TargetState {
    std::string name;
    std::string color;
    std::string reason; // why it is down, what was not understood, what was refused; one line
    bool paused = false;
    TargetOrigin origin = TargetOrigin::List;
    std::uint64_t refused = 0; // series of its last answer that did not fit into memory

    friend bool operator==(const TargetState&, const TargetState&) = default;
};

} // namespace metrics
