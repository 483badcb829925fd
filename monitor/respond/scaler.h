// Who adds replicas: an orchestrator, a webhook, a command. All calls may take seconds; they run on the
// scale-out thread.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/respond/http_call.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace respond {

struct KubernetesTarget {
    std::string space;               // namespace
    std::string name;                // of the deployment
    std::string kind = "deployment"; // or statefulset, replicaset
    std::string api = {}; // "https://host:6443"; empty: by kubeconfig, else from inside the cluster
    std::filesystem::path tokenFile = {}; // read anew for each request: tokens are rotated
    std::filesystem::path caFile = {};
    std::filesystem::path kubeconfig = {};

    friend bool operator==(const KubernetesTarget&, const KubernetesTarget&) = default;
};

// POST of {"action": "scale_out" …}; the answer may be {"replicas": n}.
struct WebhookTarget {
    std::string url;
    std::filesystem::path tokenFile = {};
    std::filesystem::path caFile = {};

    friend bool operator==(const WebhookTarget&, const WebhookTarget&) = default;
};

// Run as it stands, without a shell. {replicas}, {from} and {reason} in arguments are replaced; a number
// alone on the first line of its output is taken as the replicas there are.
struct CommandTarget {
    std::vector<std::string> arguments; // the first is the program, an absolute path
    core::Nanos timeout = std::chrono::seconds(30);

    friend bool operator==(const CommandTarget&, const CommandTarget&) = default;
};

using ScaleTarget = std::variant<std::monostate, KubernetesTarget, WebhookTarget, CommandTarget>;
[[nodiscard]] core::Result<void> problemOf(const ScaleTarget& target);

struct Replicas {
    int wanted = -1; // as the target was told; -1 = not known
    int ready = -1;  // as it reports; -1 = not known
};

// What is asked for: `change` replicas more (or fewer), within the limits.
struct ScaleRequest {
    int change = 1;
    int minimum = 1;
    int maximum = 1;
    std::string reason; // names of alerts
};

struct ScaleResult {
    int from = -1;
    int to = -1;      // equal to `from`: the limit is reached, nothing was done
    int attempts = 1; // more than one: somebody else was at it, too
};

class Scaler {
public:
    virtual ~Scaler() = default;
    [[nodiscard]] virtual std::string title() const = 0; // "deployment shop/app"; no secrets
    [[nodiscard]] virtual core::Result<Replicas> read(const std::stop_token& stop) = 0;
    [[nodiscard]] virtual core::Result<ScaleResult> scale(const ScaleRequest& request,
                                                          const std::stop_token& stop) = 0;
    // Exactly what scale() would send or run, one a line; reads, changes nothing.
    [[nodiscard]] virtual core::Result<std::vector<std::string>> rehearse(const ScaleRequest& request,
                                                                          const std::stop_token& stop) = 0;
};

// nullptr for std::monostate.
[[nodiscard]] std::unique_ptr<Scaler> makeScaler(const ScaleTarget& target);

// `current` changed as asked, within the limits; never away from them: more than the maximum is left as it
// is.
[[nodiscard]] int replicasFor(int current, const ScaleRequest& request) noexcept;
// The first line, trimmed; for tokens. Errors name the file, not its content.
[[nodiscard]] core::Result<std::string> readSecret(const std::filesystem::path& file);
[[nodiscard]] core::Result<std::string> readWhole(const std::filesystem::path& file);

} // namespace respond
