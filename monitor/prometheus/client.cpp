#include "monitor/prometheus/client.h"

#include "monitor/prometheus/transport.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

namespace prometheus {

namespace {

std::string secondsText(std::int64_t millis)
{
    return fmt::format("{}.{:03}", millis / 1000, millis % 1000);
}

core::Unexpected<core::Error> canceled()
{
    return core::fail("stopped", "canceled");
}

// False when stopped before.
bool wait(core::Nanos span, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    static_cast<void>(never.wait_for(lock, stop, span, [] { return false; }));
    return !stop.stop_requested();
}

template <class Read>
auto readWith(const core::Result<std::string>& body, Read read) -> decltype(read(std::string_view()))
{
    if (!body) {
        return core::Unexpected{body.error()};
    }
    return read(std::string_view(*body));
}

} // namespace

Client::Client(ServerSpec spec, const core::Clock& clock)
    : m_spec(std::move(spec))
    , m_clock(clock)
    , m_limit(m_spec.perSecond)
{
}

ClientState Client::state() const
{
    const core::MutexLock lock(m_mutex);
    return m_state;
}

core::Result<void> Client::waitForTurn(const std::stop_token& stop)
{
    core::Nanos span{0};
    {
        const core::MutexLock lock(m_mutex);
        if (m_backOff.left(m_clock.steadyNow()) > core::Nanos(0)) {
            return core::fail(m_state.problem, m_code);
        }
        span = m_limit.take(m_clock.steadyNow());
    }
    return wait(span, stop) ? core::Result<void>() : canceled();
}

core::Result<void> Client::note(std::string code, std::string problem, std::optional<core::Nanos> retryAfter)
{
    const core::MutexLock lock(m_mutex);
    m_backOff.fail(m_clock.steadyNow(), retryAfter);
    m_state.away = true;
    m_state.problem = problem;
    m_code = code;
    return core::fail(std::move(problem), std::move(code));
}

core::Result<std::string> Client::ask(std::string path, const Parameters& form, const std::stop_token& stop)
{
    if (const auto turn = waitForTurn(stop); !turn) {
        return core::Unexpected{turn.error()};
    }
    Request request;
    request.path = std::move(path);
    for (const auto& [name, value] : form) {
        request.body += fmt::format("{}{}={}", request.body.empty() ? "" : "&", name, encoded(value));
    }
    {
        const core::MutexLock lock(m_mutex);
        ++m_state.asked;
    }
    Reply reply = send(m_spec, request, stop);
    if (reply.stopped) {
        return canceled();
    }
    core::Result<void> well;
    if (reply.status == 0) {
        well = note("unreachable", reply.error, std::nullopt);
    } else if (!reply.redirect.empty()) {
        well = note("redirect",
                    fmt::format("it points to {}, which is not followed: name that address", reply.redirect),
                    std::nullopt);
    } else if (reply.status == 429 || reply.status == 503) {
        const auto own = readQueryAnswer(reply.body);
        well = note("busy",
                    fmt::format("it is too busy (HTTP {}{})", reply.status,
                                !own && own.error().code != "strange" ? ": " + own.error().message : ""),
                    reply.retryAfter);
    } else if (reply.status >= 500 || reply.status == 401 || reply.status == 403) {
        const bool wantsTenant = reply.status == 401 && reply.body.starts_with("no org id"); // Mimir, Cortex
        well = note("http",
                    fmt::format("HTTP {}{}", reply.status,
                                wantsTenant ? ": it wants a tenant (tenant: in the configuration)" : ""),
                    reply.retryAfter);
    }
    if (!well) {
        return core::Unexpected{well.error()};
    }
    const core::MutexLock lock(m_mutex);
    m_backOff.succeed();
    m_state.away = false;
    m_state.problem.clear();
    if (reply.status < 200 || reply.status > 299) { // the question was wrong: 400, 404, 422
        const auto own = readQueryAnswer(reply.body);
        return own || own.error().code == "strange" ? core::fail(fmt::format("HTTP {}", reply.status), "http")
                                                    : core::fail(own.error().message, own.error().code);
    }
    return std::move(reply.body);
}

Dialect Client::dialect(const std::stop_token& stop)
{
    {
        const core::MutexLock lock(m_mutex);
        if (m_dialect) {
            return *m_dialect;
        }
    }
    const auto body = ask("/api/v1/status/buildinfo", {}, stop);
    if (!body && body.error().code != "http") {
        return Dialect::Prometheus; // away: asked again
    }
    const auto info = readWith(body, [](std::string_view text) { return readBuildInfo(text); });
    const core::MutexLock lock(m_mutex);
    m_dialect = info ? dialectOf(*info) : Dialect::Prometheus;
    return *m_dialect;
}

// Thanos: half an answer is an answer with warnings. VictoriaMetrics hides the newest 30 s unless asked not
// to.
void Client::addDialect(Parameters& form, const std::stop_token& stop)
{
    switch (dialect(stop)) {
    case Dialect::Thanos:
        form.emplace_back("partial_response", "true");
        form.emplace_back("dedup", "true");
        return;
    case Dialect::VictoriaMetrics:
        form.emplace_back("latency_offset", "1s");
        return;
    case Dialect::Prometheus:
    case Dialect::Mimir:
        return;
    }
}

core::Result<QueryAnswer> Client::range(std::string_view expression, const metrics::Steps& steps,
                                        const std::stop_token& stop)
{
    Parameters form{
        {"query", std::string(expression)},
        {"start", secondsText(steps.start)},
        {"end", secondsText(steps.end)},
        {"step", secondsText(steps.step)},
        {"timeout", fmt::format("{}ms", std::chrono::floor<core::Millis>(m_spec.timeout).count())}};
    addDialect(form, stop);
    if (dialect(stop) == Dialect::Thanos) { // known by now; "auto": what is fine enough for the step
        form.emplace_back("max_source_resolution", "auto");
    }
    return readWith(ask("/api/v1/query_range", form, stop),
                    [](std::string_view text) { return readQueryAnswer(text); });
}

core::Result<QueryAnswer> Client::instant(std::string_view expression, std::int64_t at,
                                          const std::stop_token& stop)
{
    Parameters form{
        {"query", std::string(expression)},
        {"time", secondsText(at)},
        {"timeout", fmt::format("{}ms", std::chrono::floor<core::Millis>(m_spec.timeout).count())}};
    addDialect(form, stop);
    return readWith(ask("/api/v1/query", form, stop),
                    [](std::string_view text) { return readQueryAnswer(text); });
}

core::Result<std::vector<metrics::Labels>> Client::series(std::string_view selector, std::int64_t start,
                                                          std::int64_t end, const std::stop_token& stop)
{
    const Parameters form{
        {"match[]", std::string(selector)}, {"start", secondsText(start)}, {"end", secondsText(end)}};
    return readWith(ask("/api/v1/series", form, stop),
                    [](std::string_view text) { return readLabelSets(text); });
}

core::Result<std::vector<std::string>> Client::labelNames(const std::stop_token& stop)
{
    return readWith(ask("/api/v1/labels", {}, stop), [](std::string_view text) { return readTexts(text); });
}

core::Result<std::vector<std::string>> Client::labelValues(std::string_view label,
                                                           const std::stop_token& stop)
{
    return readWith(ask(fmt::format("/api/v1/label/{}/values", encoded(label)), {}, stop),
                    [](std::string_view text) { return readTexts(text); });
}

core::Result<std::vector<MetricMeta>> Client::metadata(const std::stop_token& stop)
{
    return readWith(ask("/api/v1/metadata", {}, stop),
                    [](std::string_view text) { return readMetadata(text); });
}

core::Result<RulesAnswer> Client::rules(const std::stop_token& stop)
{
    return readWith(ask("/api/v1/rules", {}, stop), [](std::string_view text) { return readRules(text); });
}

core::Result<std::vector<metrics::RemoteTarget>> Client::targets(const std::stop_token& stop)
{
    return readWith(ask("/api/v1/targets?state=active", {}, stop),
                    [](std::string_view text) { return readTargets(text); });
}

} // namespace prometheus
