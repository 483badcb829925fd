// Where secrets typed into the window go. Settings hold "keyring:NAME" or "secret:NAME" then, never the secret itself.
#pragma once

namespace metrics {

// The desktop's key ring, or secrets.yml (mode 0600); Unknown until the ring was asked.
enum class SecretPlace { Unknown, File, KeyRing };

} // namespace metrics
