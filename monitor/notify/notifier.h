// One way to tell people: mail, chat, a program. One file a way, one line in catalog.cpp.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/notify/grouper.h"
#include "monitor/notify/message.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

// How a try ended. Retry: the network, 5xx, 429 and the like. Refused: trying again would not help.
struct Delivery {
    enum class Outcome { Sent, Retry, Refused } outcome = Outcome::Sent;
    std::string error = {};                     // why not; may hold secrets, whoever keeps it redacts it
    std::optional<core::Nanos> retryAfter = {}; // asked for by the other side

    [[nodiscard]] static Delivery sent() { return {}; }
    [[nodiscard]] static Delivery retry(std::string error, std::optional<core::Nanos> after = {})
    {
        return {Outcome::Retry, std::move(error), after};
    }
    [[nodiscard]] static Delivery refused(std::string error)
    {
        return {Outcome::Refused, std::move(error), {}};
    }
};

// What a desktop shows. Called on a thread of its own; may wait up to seconds.
struct DesktopNote {
    std::string key; // a note of the same key is replaced
    metrics::Severity severity = metrics::Severity::Warning;
    bool firing = true;
    std::string title;
    std::string text;
};
using DesktopSink = std::function<Delivery(const DesktopNote&)>;

// What every notifier may ask; functions may be empty.
struct Surroundings {
    std::function<core::Lang()> lang = {};
    std::function<std::string()> externalUrl = {};  // of this program; "" without an endpoint
    std::function<DesktopSink()> desktop = {};      // an empty sink: no desktop here
    core::Nanos interval = std::chrono::seconds(1); // between two evaluations of the rules
    const core::Clock* clock = &core::SystemClock::instance();
};

// A channel's setup with its secrets looked up.
struct ChannelSettings {
    metrics::ChannelSetup setup;
    std::map<std::string, std::vector<std::string>> values; // of the kind's settings, with fallbacks

    [[nodiscard]] std::string text(std::string_view name) const; // "" when absent; the first of a list
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] int number(std::string_view name) const; // 0 when absent
};

class Notifier {
public:
    virtual ~Notifier() = default;
    // Blocks, at most about ten seconds, less when `stop` is asked for; one call at a time.
    [[nodiscard]] virtual Delivery send(const Message& message, const std::stop_token& stop) = 0;
};

struct NotifierKind {
    metrics::ChannelKind kind;
    // Checked settings in, so it cannot fail but for what only it knows (a URL that is none).
    std::function<core::Result<std::unique_ptr<Notifier>>(const ChannelSettings&, const Surroundings&)> make;
    Cadence cadence = Cadence::Grouped;
};

[[nodiscard]] std::span<const NotifierKind> notifierKinds();
// nullptr when there is none of that name.
[[nodiscard]] const NotifierKind* findKind(std::string_view name);

} // namespace notify
