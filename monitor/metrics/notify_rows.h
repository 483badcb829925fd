// Channels by which people are told: how they are set up, and how they fare. Plain values.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/lang.h"
#include "monitor/metrics/alert_rows.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

// Secret: "secret:NAME" (a line of secrets.yml) or "env:NAME"; never the secret itself. Url: an address, or
// where to find it, as it may hold a token.
enum class SettingKind { Text, Secret, Url, Number, Flag, List };

struct ChannelSetting {
    std::string_view name; // as in the configuration file: "host"
    SettingKind kind = SettingKind::Text;
    bool required = false;
    std::string_view fallback = {}; // used when it is not given
    core::Text hint = {};           // what it is, one line
};

struct ChannelKind {
    std::string_view name; // "email"
    core::Text title;
    std::span<const ChannelSetting> settings;
    int perMinute = 60; // messages, unless the channel says otherwise
};

// Of the local day, in minutes after midnight; from > to goes over midnight. What is at least `passes` is
// told all the same.
struct QuietHours {
    int from = 0;
    int to = 0;
    Severity passes = Severity::Critical;

    friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

struct ChannelSetup {
    std::string name; // [A-Za-z0-9_-]{1,40}
    std::string kind;
    bool enabled = true;
    std::vector<std::string> groupBy = {"alertname"}; // "...": every alert alone
    core::Nanos groupWait = std::chrono::seconds(30);
    core::Nanos groupInterval = std::chrono::minutes(5);
    std::optional<core::Nanos> repeatInterval; // nothing: as often as the rules say (4 h)
    Severity minSeverity = Severity::Info;
    bool sendResolved = true;
    std::optional<QuietHours> quiet;
    int perMinute = 0;                            // 0: as the kind has it
    core::Nanos deadline = std::chrono::hours(1); // after that a message is given up
    std::string title;                            // templates; empty: the built-in ones
    std::string text;
    std::map<std::string, std::vector<std::string>> settings; // of its kind
    bool editable = false; // in the window; those of the configuration file are not

    friend bool operator==(const ChannelSetup&, const ChannelSetup&) = default;
};

struct ChannelRow {
    std::string name;
    std::string kind;
    bool enabled = true;
    bool editable = false;
    bool quiet = false; // its quiet hours are now
    std::uint64_t sent = 0;
    std::uint64_t retried = 0;
    std::uint64_t failed = 0;  // refused for good
    std::uint64_t expired = 0; // given up at the deadline
    std::size_t queued = 0;
    core::WallTime lastSent = {};
    core::WallTime lastFailure = {};
    std::string lastError; // redacted; empty when the last try went well
    core::Nanos nextTryIn{0};

    friend bool operator==(const ChannelRow&, const ChannelRow&) = default;
};

// What a message would say.
struct ChannelPreview {
    std::string title;
    std::string text;
};

} // namespace metrics
