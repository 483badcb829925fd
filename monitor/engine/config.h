// Everything the program can be told, from the defaults, a YAML file and the command line, in this order.
#pragma once

#include "monitor/cluster/spec.h"
#include "monitor/collect/logs/log_spec.h"
#include "monitor/core/clock.h"
#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/notify/setup_file.h"
#include "monitor/pg/conninfo.h"
#include "monitor/pool/pool_config.h"
#include "monitor/prometheus/server_spec.h"
#include "monitor/respond/degrade.h"
#include "monitor/respond/scale_out.h"
#include "monitor/store/options.h"
#include "monitor/targets/dns_sd.h"
#include "monitor/targets/target_spec.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

struct ListenAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;
};

// "127.0.0.1:8000", "[::1]:9000", "localhost:0" (0 = any free port).
[[nodiscard]] core::Result<ListenAddress> parseListen(std::string_view text);
// "1s", "250ms", "5m", "2h", "1.5s"; a bare number is seconds.
[[nodiscard]] core::Result<core::Nanos> parseSpan(std::string_view text);

struct HistoryConfig {
    bool on = true;
    std::filesystem::path file; // empty: dataDir/history.db
    store::Retention retention;
};

// The last minutes as a recording that is always there.
struct BlackBoxConfig {
    bool on = true;               // else only what is asked for is recorded
    core::Nanos keep = std::chrono::minutes(15);
    std::filesystem::path folder; // of it and of the incidents' recordings; empty: dataDir/recordings
    std::uint64_t maxBytes = std::uint64_t{64} << 20;
    bool onIncident = true;       // an incident saves its own
    std::size_t incidents = 20;   // so many are kept, and no more bytes than that
    std::uint64_t incidentBytes = std::uint64_t{512} << 20;
};

struct Config {
    bool embedded = true;   // a private PostgreSQL; else `server`
    pg::ConnInfo server;
    std::filesystem::path dataDir;
    std::optional<ListenAddress> listen = ListenAddress{}; // nullopt: no endpoint
    std::vector<std::string> allowedHosts; // further names a Host header may carry
    std::filesystem::path tokenFile;       // empty: dataDir/token
    std::vector<std::filesystem::path> ruleFiles; // beside the defaults
    std::filesystem::path defaultRules;    // resources/rules/default.yml, installed or in the source tree
    core::Nanos interval = std::chrono::seconds(1);
    core::Lang lang = core::Lang::English;
    pool::PoolConfig pool;
    std::vector<collect::LogSpec> logs;   // beside the program's own
    respond::DegradeConfig degrade;       // off until configured
    respond::ScaleOutConfig scaleOut;     // off until configured
    notify::NotifyConfig notify;
    cluster::Spec alertmanager; // peers that are watched; none: nobody is
    HistoryConfig history;
    std::vector<prometheus::ServerSpec> servers; // Prometheus-compatible ones that can be asked
    std::optional<prometheus::RemoteWriteSpec> remoteWrite; // off until configured
    std::vector<targets::TargetSpec> targets; // other people's pools, beside the window's list and discovery
    std::vector<targets::DnsQuestion> targetNames; // DNS is asked for more
    std::size_t memorySeries = 50'000;        // most in memory, the program's own and targets' together
    std::vector<std::string> scenarios;   // "NAME:key=value,…", started once the server is up
    bool scenarioConsent = false;         // said on the command line: allowed on a server given by --dsn
    std::filesystem::path csvFile;        // a snapshot at the end of `duration`, or appended to in headless mode
    bool csvAppend = false;
    core::Nanos duration{0}; // 0 = until stopped
    std::string logFile;     // of the program's own log; empty: the terminal only
    std::string logFormat;   // "text", "json"; empty: text
    std::string logLevel;    // "trace" … "critical"; empty: info
    std::map<std::string, std::string> sections; // of the file, each as it stands there: what a change is found by
    std::set<std::string> given; // settings by their names in the file that the command line has its own say on: it wins
    BlackBoxConfig blackBox;
};

// What came of reading the configuration again while the program runs; both sorted.
struct Reconfigured {
    std::vector<std::string> changed;      // in force now
    std::vector<std::string> needsRestart; // changed in the file, but not to be changed while it runs
    std::vector<std::string> overruled;    // changed in the file, but the command line says otherwise
};

// Reads a YAML file over `config`. Errors name file, line and reason; nothing is changed then. Secrets are refused.
[[nodiscard]] core::Result<void> readConfigFile(const std::filesystem::path& file, Config& config);
// The same of its text, which may be any bytes; `file` is what errors name.
[[nodiscard]] core::Result<void> readConfigText(const std::string& text, const std::string& file, Config& config);
// The defaults as a commented file, for --print-config.
[[nodiscard]] std::string defaultConfigText();

} // namespace engine
