// Whether a channel can work as it is set up, and what becomes of it then.
#pragma once

#include "monitor/notify/notifier.h"
#include "monitor/notify/secrets.h"

#include <memory>

namespace notify {

// A channel ready to send, and what must not be read in its errors.
struct ReadyChannel {
    std::unique_ptr<Notifier> notifier;
    Redactor redact;
};

// Name, kind, settings of that kind, templates, numbers within their limits; no secret is looked up. The
// error names the setting: "to: is missing"; its code is the setting's name.
[[nodiscard]] core::Result<void> checkSetup(const metrics::ChannelSetup& setup);
// Secrets looked up, the notifier made. Errors hold no secret.
[[nodiscard]] core::Result<ReadyChannel> makeReady(const metrics::ChannelSetup& setup, const Secrets& secrets,
                                                   const Surroundings& around);

} // namespace notify
