// What is sent: a group of alerts at one moment.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/metrics/alert_event.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace notify {

// An alert as channels know it.
struct Alert {
    std::string incident;
    std::uint64_t fingerprint = 0;
    bool firing = true;
    metrics::Severity severity = metrics::Severity::Warning;
    metrics::Labels labels;
    std::map<std::string, std::string> annotations;
    std::string summary;
    std::string description;
    std::string value; // for people: "92.3 %"
    std::string expr;
    core::WallTime startsAt = {};
    core::WallTime endsAt = {}; // the epoch while firing
    core::WallTime at = {};     // of the last event about it

    [[nodiscard]] std::string label(std::string_view name) const;
    [[nodiscard]] std::string name() const { return label("alertname"); }
    friend bool operator==(const Alert&, const Alert&) = default;
};

struct Message {
    std::string id;       // the same however often it is tried
    std::string channel;  // its receiver
    std::string groupKey; // as Alertmanager spells it: {}:{alertname="A"}
    metrics::Labels groupLabels;
    std::vector<Alert> alerts; // firing ones first, the worst of them first
    core::WallTime createdAt = {};
    bool test = false; // sent by hand

    [[nodiscard]] std::size_t firing() const;
    // The worst of those that fire; of all when none does.
    [[nodiscard]] metrics::Severity severity() const;
    [[nodiscard]] metrics::Labels commonLabels() const;
    [[nodiscard]] std::map<std::string, std::string> commonAnnotations() const;
    friend bool operator==(const Message&, const Message&) = default;
};

[[nodiscard]] Alert alertOf(const metrics::AlertEvent& event);
void sortAlerts(std::vector<Alert>& alerts);
// One alert that never was, in two instances of its life: for "send a test" and for previews.
[[nodiscard]] Message exampleMessage(const std::string& channel, core::WallTime now);

// As they lie on disk. The way back refuses what it does not know (any JSON is fine).
[[nodiscard]] nlohmann::json toJson(const Alert& alert);
[[nodiscard]] nlohmann::json toJson(const Message& message);
[[nodiscard]] core::Result<Alert> alertFromJson(const nlohmann::json& json);
[[nodiscard]] core::Result<Message> messageFromJson(const nlohmann::json& json);

} // namespace notify
