#include "monitor/net/endpoint.h"

#include "monitor/metrics/exposition.h"
#include "monitor/net/accept.h"
#include "monitor/net/advice_handler.h"
#include "monitor/net/alertmanager_handler.h"
#include "monitor/net/health_handler.h"
#include "monitor/net/host_handler.h"
#include "monitor/net/metrics_handler.h"
#include "monitor/net/notifiers_handler.h"
#include "monitor/net/prometheus_api.h"
#include "monitor/net/prometheus_json.h"
#include "monitor/net/responses_handler.h"
#include "monitor/net/scenarios_handler.h"
#include "monitor/net/status_handler.h"
#include "monitor/net/url.h"
#include "monitor/net/work_queue.h"
#include "monitor/net/workload_handler.h"

#include <charconv>
#include <limits>
#include <memory>
#include <utility>

namespace net {

namespace {

constexpr std::size_t kQueryThreads = 2;
constexpr std::size_t kWaitingQueries = 64;
constexpr std::size_t kFormLimit = 64 * 1024;
constexpr std::size_t kJsonLimit = 64 * 1024;

constexpr core::Text kNoWindow{"window: a duration of at most a day is expected, 15m or 90",
                               "window：应为不超过一天的时长，例如 15m 或 90"};
constexpr core::Text kTooMany{"too many queries are waiting", "等待中的查询过多"};

constexpr std::string_view kIndex =
    "Poolscope\n"
    "\n"
    "GET  /metrics                 Prometheus text 0.0.4, or OpenMetrics 1.0 by Accept\n"
    "GET  /health/db               healthy, warning or critical; 503 while the database is away\n"
    "GET  /pool/status             figures, verdict, slots, waiters, events, autopsies, history\n"
    "GET  /pool/advice             what other sizes of the pool would have done; ?window=15m\n"
    "GET  /host                    memory, disk, CPU, load, processes\n"
    "GET  /api/v1/query …          as Prometheus: query_range, series, labels, rules, alerts, metadata\n"
    "GET  /api/v2/alerts, /silences as Alertmanager: POST /silences, DELETE /silence/ID (token)\n"
    "GET  /api/v2/scenarios        POST /NAME starts, DELETE /NAME stops (token)\n"
    "GET  /api/v2/responses        POST /degrade, /scale-out by hand (token)\n"
    "GET  /api/v2/notifiers        POST /NAME/test sends a test (token)\n"
    "POST /test/normal             /test/slow, /test/long-connection (token)\n";

// What all routes share; owned by their handlers.
struct Shared {
    Shared(Backend filled, const core::Clock& time)
        : backend(std::move(filled))
        , clock(time)
        , metricsHandler([this](const metrics::Snapshot& snapshot, ExpositionFormat format) {
            const bool open = format == ExpositionFormat::OpenMetrics1;
            return metrics::expose(snapshot, open ? metrics::Format::OpenMetrics : metrics::Format::Text,
                                   programLang());
        })
    {
    }

    [[nodiscard]] core::Lang programLang() const
    {
        return backend.langNow ? backend.langNow() : backend.lang;
    }
    [[nodiscard]] metrics::SnapshotPtr fresh() const { return backend.fresh ? backend.fresh() : latest(); }
    [[nodiscard]] metrics::SnapshotPtr latest() const { return backend.latest ? backend.latest() : nullptr; }
    [[nodiscard]] std::vector<metrics::SnapshotPtr> history() const
    {
        return backend.history ? backend.history() : std::vector<metrics::SnapshotPtr>();
    }

    const Backend backend;
    const core::Clock& clock;
    MetricsHandler metricsHandler;
    WorkQueue queries{kQueryThreads, kWaitingQueries}; // last: its jobs use what stands above
};
using SharedPtr = std::shared_ptr<Shared>;

// A handler that answers at once.
template <class Answer>
Handler atOnce(const SharedPtr& shared, Answer answer)
{
    return [shared, answer](const Request& request, const Respond& respond) {
        respond(answer(*shared, request, languageOf(request, shared->backend)));
    };
}

// On the query threads: a replay of some ten thousand requests takes its time.
Handler adviceHandler(const SharedPtr& shared)
{
    return [shared](const Request& request, const Respond& respond) {
        const core::Lang lang = languageOf(request, shared->backend);
        const auto window = adviceWindow(request);
        if (!window || !shared->backend.advice) {
            respond(window ? adviceResponse(nullptr, *window, lang) : errorResponse(400, kNoWindow, lang));
            return;
        }
        Shared* s = shared.get(); // the queue is the Shared's own and ends before it
        const bool taken = shared->queries.post([s, respond, lang, window = *window] {
            respond(adviceResponse(s->backend.advice(window), window, lang));
        });
        if (!taken) {
            respond(errorResponse(503, kTooMany, lang));
        }
    };
}

void addViews(Router& router, const SharedPtr& shared)
{
    const auto get = [&](const char* path, auto answer) {
        router.add({"GET", path, atOnce(shared, answer)});
    };
    get("/metrics", [](Shared& s, const Request& request, core::Lang lang) {
        return s.metricsHandler.answer(s.fresh(), request.header("accept"), lang);
    });
    get("/health/db",
        [](Shared& s, const Request&, core::Lang lang) { return healthResponse(s.fresh(), lang); });
    get("/pool/status", [](Shared& s, const Request&, core::Lang lang) {
        return statusResponse(s.fresh(), s.history(), lang, s.backend.witness);
    });
    router.add({"GET", "/pool/advice", adviceHandler(shared)});
    get("/host", [](Shared& s, const Request&, core::Lang lang) { return hostResponse(s.latest(), lang); });
    get("/", [](Shared&, const Request&, core::Lang) { return textResponse(200, std::string(kIndex)); });
    get("/-/healthy",
        [](Shared&, const Request&, core::Lang) { return textResponse(200, "Poolscope is healthy.\n"); });
    get("/-/ready", [](Shared& s, const Request&, core::Lang) {
        return s.latest() ? textResponse(200, "Poolscope is ready.\n")
                          : textResponse(503, "Poolscope is starting.\n");
    });
}

void addWorkloads(Router& router, const SharedPtr& shared)
{
    const auto post = [&](const char* path, Workload workload) {
        const Handler handler = [shared, workload](const Request& request, Respond respond) {
            answerWorkload(shared->backend, workload, languageOf(request, shared->backend),
                           std::move(respond));
        };
        router.add({"POST", path, handler, Access::Token});
    };
    post("/test/normal", Workload::Normal);
    post("/test/slow", Workload::Slow);
    post("/test/long-connection", Workload::LongConnection);
}

void addScenarios(Router& router, const SharedPtr& shared)
{
    router.add({"GET", "/api/v2/scenarios", atOnce(shared, [](Shared& s, const Request&, core::Lang) {
                    return listScenarios(s.backend);
                })});
    router.add({"POST", "/api/v2/scenarios/:name",
                atOnce(shared,
                       [](Shared& s, const Request& request, core::Lang lang) {
                           return startScenario(s.backend, request.capture, request.body, lang);
                       }),
                Access::Token, kJsonLimit});
    router.add(
        {"DELETE", "/api/v2/scenarios/:name",
         atOnce(shared, [](Shared& s, const Request& request,
                           core::Lang lang) { return stopScenario(s.backend, request.capture, lang); }),
         Access::Token});
}

void addResponses(Router& router, const SharedPtr& shared)
{
    router.add({"GET", "/api/v2/responses", atOnce(shared, [](Shared& s, const Request&, core::Lang lang) {
                    return listResponses(s.backend, lang);
                })});
    const auto post = [&](const char* path, auto parse) {
        const auto answer = [parse](Shared& s, const Request& request, core::Lang lang) {
            return carryOut(s.backend, parse(request.body), lang);
        };
        router.add({"POST", path, atOnce(shared, answer), Access::Token, kJsonLimit});
    };
    post("/api/v2/responses/degrade", &parseDegradeCommand);
    post("/api/v2/responses/scale-out", &parseScaleCommand);
}

void addNotifiers(Router& router, const SharedPtr& shared)
{
    router.add({"GET", "/api/v2/notifiers",
                atOnce(shared, [](Shared& s, const Request&, core::Lang) { return listNotifiers(s.backend); })});
    const Handler handler = [shared](const Request& request, Respond respond) {
        testNotifier(shared->backend, request.capture, languageOf(request, shared->backend), std::move(respond));
    };
    router.add({"POST", "/api/v2/notifiers/:name/test", handler, Access::Token});
}

void addAlertmanager(Router& router, const SharedPtr& shared)
{
    using Answer = Response (*)(const Backend&, const Request&);
    const auto handler = [&shared](Answer answer) {
        return atOnce(shared, [answer](Shared& s, const Request& request, core::Lang) {
            return answer(s.backend, request);
        });
    };
    router.add({"GET", "/api/v2/alerts", handler(listAlerts)});
    router.add({"GET", "/api/v2/silences", handler(listSilences)});
    router.add({"GET", "/api/v2/silence/:id", handler(showSilence)});
    router.add({"POST", "/api/v2/silences", handler(postSilence), Access::Token, kJsonLimit});
    router.add({"DELETE", "/api/v2/silence/:id", handler(deleteSilence), Access::Token});
}

using Ask = Response (PrometheusApi::*)(const Request&) const;

// A form in the body counts as parameters: the way Grafana and promtool ask.
core::Result<Request> withForm(Request request)
{
    if (request.method != "POST" || request.body.empty()) {
        return request;
    }
    auto form = parseForm(request.body);
    if (!form) {
        return core::fail(form.error().message);
    }
    request.query.insert(request.query.end(), std::make_move_iterator(form->begin()),
                         std::make_move_iterator(form->end()));
    return request;
}

Handler queryHandler(const SharedPtr& shared, Ask ask)
{
    return [shared, ask](const Request& request, const Respond& respond) {
        auto asked = withForm(request);
        if (!asked) {
            respond(apiError(400, "bad_data", asked.error().message));
            return;
        }
        if (!shared->backend.querier) {
            respond(apiError(503, "unavailable", "there is no history"));
            return;
        }
        Shared* s = shared.get(); // the queue is the Shared's own and ends before it
        const bool taken = shared->queries.post([s, ask, respond, asked = std::move(*asked)] {
            const PrometheusApi api(*s->backend.querier, s->clock);
            respond((api.*ask)(asked));
        });
        if (!taken) {
            respond(apiError(503, "unavailable", "too many queries are waiting"));
        }
    };
}

template <class Data>
Handler snapshotData(const SharedPtr& shared, Data data)
{
    return atOnce(shared, [data](Shared& s, const Request& request, core::Lang) {
        const metrics::SnapshotPtr snapshot = s.latest();
        return snapshot ? apiSuccess(data(*snapshot, request))
                        : apiError(503, "unavailable", "there is no sample yet");
    });
}

std::size_t metadataLimit(const Request& request)
{
    const std::string_view text = request.parameter("limit");
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    return error == std::errc() && end == text.data() + text.size() && limit > 0
               ? limit
               : std::numeric_limits<std::size_t>::max();
}

void addPrometheus(Router& router, const SharedPtr& shared)
{
    for (const auto& [path, ask] : {std::pair<const char*, Ask>{"/api/v1/query", &PrometheusApi::query},
                                    {"/api/v1/query_range", &PrometheusApi::queryRange},
                                    {"/api/v1/series", &PrometheusApi::series},
                                    {"/api/v1/labels", &PrometheusApi::labels}}) {
        router.add({"GET", path, queryHandler(shared, ask)});
        router.add({"POST", path, queryHandler(shared, ask), Access::Open, kFormLimit});
    }
    router.add({"GET", "/api/v1/label/:name/values", queryHandler(shared, &PrometheusApi::labelValues)});
    const auto get = [&](const char* path, auto data) {
        router.add({"GET", path, snapshotData(shared, data)});
    };
    get("/api/v1/rules",
        [](const metrics::Snapshot& s, const Request& r) { return rulesData(s, r.parameter("type")); });
    get("/api/v1/alerts", [](const metrics::Snapshot& s, const Request&) { return alertsData(s); });
    get("/api/v1/metadata", [](const metrics::Snapshot& s, const Request& r) {
        return metadataData(s, r.parameter("metric"), metadataLimit(r));
    });
    router.add({"GET", "/api/v1/status/buildinfo", atOnce(shared, [](Shared&, const Request&, core::Lang) {
                    return apiSuccess(buildInfoData());
                })});
}

} // namespace

core::Lang languageOf(const Request& request, const Backend& backend)
{
    return negotiateLanguage(request.header("accept-language"),
                             backend.langNow ? backend.langNow() : backend.lang);
}

Router makeRouter(Backend backend, const core::Clock& clock)
{
    const auto shared = std::make_shared<Shared>(std::move(backend), clock);
    Router router;
    addViews(router, shared);
    addWorkloads(router, shared);
    addScenarios(router, shared);
    addResponses(router, shared);
    addNotifiers(router, shared);
    addAlertmanager(router, shared);
    addPrometheus(router, shared);
    return router;
}

} // namespace net
