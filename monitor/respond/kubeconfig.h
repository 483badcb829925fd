// How to reach a cluster's API: by what the settings say, a kubeconfig, or the account a pod is given.
#pragma once

#include "monitor/core/result.h"
#include "monitor/respond/http_call.h"
#include "monitor/respond/scaler.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace respond {

struct ClusterAccess {
    std::string api; // "https://host:6443", without a slash at the end
    std::string token;
    TlsSettings tls;
};

// Of the current context. Certificates and tokens may stand in the file (base64) or in files it names,
// relative to `folder`. What it cannot do is refused with the reason: exec plugins, user and password,
// insecure-skip-tls-verify. Total.
[[nodiscard]] core::Result<ClusterAccess> parseKubeconfig(std::string_view yaml,
                                                          const std::filesystem::path& folder);

// Reads the files anew at each call: tokens are rotated.
[[nodiscard]] core::Result<ClusterAccess> clusterAccess(const KubernetesTarget& target);

// RFC 4648, line ends allowed; nothing when it is not.
[[nodiscard]] core::Result<std::string> decodeBase64(std::string_view text);

} // namespace respond
