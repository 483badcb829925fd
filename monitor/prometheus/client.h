// Asks one Prometheus-compatible server: Prometheus, Thanos, Mimir, VictoriaMetrics.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/prometheus/answer.h"
#include "monitor/prometheus/pace.h"
#include "monitor/prometheus/server_spec.h"
#include "monitor/prometheus/watch_answer.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {

struct ClientState {
    bool away = false;       // the last request failed for the server's or the network's sake
    std::string problem;     // why, one line without credentials
    std::uint64_t asked = 0; // requests ever sent
};

// Every method waits for its answer and for its turn (spec.perSecond), ends soon after `stop` (code
// "canceled"), and is thread-safe. Errors: the server's words with its errorType; "unreachable" (network,
// TLS), "busy" (429, 503), "redirect", "http". After unreachable, busy and 5xx nothing is sent until the
// pause is over (1 s, doubling to 60 s; Retry-After where longer): the same error at once.
class Client {
public:
    explicit Client(ServerSpec spec, const core::Clock& clock = core::SystemClock::instance());

    // start, start + step … ≤ end, all ms; the server refuses more than 11,000 points a series.
    [[nodiscard]] core::Result<QueryAnswer> range(std::string_view expression, const metrics::Steps& steps,
                                                  const std::stop_token& stop = {});
    [[nodiscard]] core::Result<QueryAnswer> instant(std::string_view expression, std::int64_t at,
                                                    const std::stop_token& stop = {});
    [[nodiscard]] core::Result<std::vector<metrics::Labels>>
    series(std::string_view selector, std::int64_t start, std::int64_t end, const std::stop_token& stop = {});
    [[nodiscard]] core::Result<std::vector<std::string>> labelNames(const std::stop_token& stop = {});
    [[nodiscard]] core::Result<std::vector<std::string>> labelValues(std::string_view label,
                                                                     const std::stop_token& stop = {});
    [[nodiscard]] core::Result<std::vector<MetricMeta>> metadata(const std::stop_token& stop = {});
    [[nodiscard]] core::Result<RulesAnswer> rules(const std::stop_token& stop = {}); // with their alerts
    [[nodiscard]] core::Result<std::vector<metrics::RemoteTarget>> targets(const std::stop_token& stop = {});
    // Asked once; Prometheus when the server does not tell.
    [[nodiscard]] Dialect dialect(const std::stop_token& stop = {});

    [[nodiscard]] const ServerSpec& spec() const noexcept { return m_spec; }
    [[nodiscard]] ClientState state() const;

private:
    using Parameters = std::vector<std::pair<std::string_view, std::string>>;
    // The body of a 2xx, or of a 4xx that carries the API's own error.
    [[nodiscard]] core::Result<std::string> ask(std::string path, const Parameters& form,
                                                const std::stop_token& stop);
    [[nodiscard]] core::Result<void> waitForTurn(const std::stop_token& stop);
    [[nodiscard]] core::Result<void> note(std::string code, std::string problem,
                                          std::optional<core::Nanos> retryAfter);
    void addDialect(Parameters& form, const std::stop_token& stop);

    const ServerSpec m_spec;
    const core::Clock& m_clock;
    mutable core::Mutex m_mutex; // guards what follows; never held while asking
    RateLimit m_limit GUARDED_BY(m_mutex);
    BackOff m_backOff GUARDED_BY(m_mutex){std::chrono::seconds(1), std::chrono::seconds(60)};
    ClientState m_state GUARDED_BY(m_mutex);
    std::string m_code GUARDED_BY(m_mutex); // of the last failure
    std::optional<Dialect> m_dialect GUARDED_BY(m_mutex);
};

} // namespace prometheus
