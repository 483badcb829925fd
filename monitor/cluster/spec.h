// Which Alertmanagers are watched, and how.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace cluster {

struct Spec {
    std::vector<std::string>
        peers; // http(s)://host:9093, with a path when it lives under one; every one of a cluster
    // Credentials are references (keyring:NAME, secret:NAME, env:NAME), looked up by whoever owns the
    // secrets.
    std::string token; // bearer
    std::string user;  // basic authentication
    std::string password;
    std::string caFile; // PEM; empty: the system's
    core::Nanos interval = std::chrono::seconds(10);
    core::Nanos timeout = std::chrono::seconds(5);
    // How long an acknowledgement lasts without us; it is renewed while the alert fires.
    core::Nanos ackSpan = std::chrono::minutes(15);
    // How long nobody shows the alert before its acknowledgement is ended: an Alertmanager that was started
    // again knows none until it is told again (a Prometheus does each minute).
    core::Nanos ackOver = std::chrono::minutes(2);

    friend bool operator==(const Spec&, const Spec&) = default;
};

inline constexpr std::size_t kMostPeers = 16;

// Addresses without credentials, each once; a token or password leaves this machine over https only.
[[nodiscard]] core::Result<void> problemOf(const Spec& spec);
// "host:9093", or the whole address when it has a path.
[[nodiscard]] std::string nameOf(const std::string& url);

} // namespace cluster
