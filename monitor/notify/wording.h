// The words of a message: the channel's own templates, or the built-in ones in the chosen language.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/metrics/notify_rows.h"
#include "monitor/notify/message.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace notify {

struct Words {
    std::string title; // one line
    std::string text;  // several
};

inline constexpr int kListed = 20; // alerts in a text; the rest is a number

// Go templates over Alertmanager's data (.Status .Receiver .GroupLabels .CommonLabels .CommonAnnotations
// .ExternalURL .Alerts .Alerts.Firing .Alerts.Resolved) and ours (.Severity .Names .Total .More; of an alert:
// .Summary .Description .Severity .Value .Lasted).
[[nodiscard]] std::string_view builtInTitle(core::Lang lang);
[[nodiscard]] std::string_view builtInText(core::Lang lang);

// Fails where a template does.
[[nodiscard]] core::Result<Words> wordsOf(const Message& message, const metrics::ChannelSetup& setup,
                                          core::Lang lang, const std::string& externalUrl);
// The same, with the built-in words where the channel's own templates fail: a message is always sent.
[[nodiscard]] Words surelyWordsOf(const Message& message, const metrics::ChannelSetup& setup, core::Lang lang,
                                  const std::string& externalUrl);
// Parses, and runs over an example.
[[nodiscard]] core::Result<void> checkTemplates(const metrics::ChannelSetup& setup);

// Where the expression of an alert can be seen; "" without an endpoint.
[[nodiscard]] std::string generatorUrl(const std::string& externalUrl, const Alert& alert);
// An alert as Alertmanager's webhook spells it.
[[nodiscard]] nlohmann::json webhookAlert(const Alert& alert, const std::string& externalUrl);
// Alertmanager's webhook body, version 4 (notify/webhook of 0.25); at most `mostAlerts` (0: all), the rest
// counted as truncated.
[[nodiscard]] nlohmann::json webhookBody(const Message& message, const std::string& externalUrl,
                                         std::size_t mostAlerts);

} // namespace notify
