// The desktop's key ring: freedesktop's Secret Service on the session bus (GNOME Keyring, KWallet,
// KeePassXC), by libsecret. What is kept there is encrypted on disk and open only while its owner is logged
// in.
#pragma once

#include "monitor/core/result.h"

#include <memory>
#include <string>

namespace notify {

// Thread-safe; every call blocks for at most the time it names. Errors are one line and hold no secret; their
// codes: "unreachable" (no service here), "locked", "missing", "" (whatever else the service says).
class KeyRing {
public:
    virtual ~KeyRing() = default;

    // Whether there is a service that answers (5 s).
    [[nodiscard]] virtual core::Result<void> reachable() = 0;
    // Never asks its owner for a password: what is locked is an error (5 s).
    [[nodiscard]] virtual core::Result<std::string> lookup(const std::string& name) = 0;
    // May ask its owner to unlock it, who sits in front of the window then (60 s).
    [[nodiscard]] virtual core::Result<void> store(const std::string& name, const std::string& value) = 0;
    // Nothing of that name is no error (5 s).
    [[nodiscard]] virtual core::Result<void> remove(const std::string& name) = 0;
};

// `owner` tells several installations of one user apart: the data folder. Nothing is asked before the first
// call.
[[nodiscard]] std::shared_ptr<KeyRing> sessionKeyRing(std::string owner);

} // namespace notify
