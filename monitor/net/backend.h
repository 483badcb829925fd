// What the HTTP endpoint asks of the program. Filled in by the engine; net knows neither pool nor store.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/metrics/pool_advice.h"
#include "monitor/metrics/pool_trace.h"
#include "monitor/metrics/querier.h"
#include "monitor/metrics/snapshot.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace net {

enum class Workload { Normal, Slow, LongConnection };

struct WorkloadResult {
    bool ok = false;
    int count = 0;
    std::string error; // one line, no credentials
};

struct AlertmanagerQuery {
    std::vector<std::string> filters; // matchers
    std::string receiver;             // regular expression
    struct Show {
        bool active = true;
        bool silenced = true;
        bool inhibited = true;
    } show;
};

// Alerts and silences in Alertmanager's JSON. Errors: code "bad_data" or "not_found". All null when there are no rules.
struct AlertmanagerBackend {
    std::function<core::Result<std::string>(const AlertmanagerQuery&)> alerts;
    std::function<core::Result<std::string>(const std::vector<std::string>& filters)> silences;
    std::function<core::Result<std::string>(const std::string& id)> silence;
    std::function<core::Result<std::string>(std::string_view json)> post;
    std::function<core::Result<void>(const std::string& id)> expire;
};

// All are thread-safe and none but `advice` takes long; `runWorkload` answers later, on any thread, exactly once.
struct Backend {
    std::function<metrics::SnapshotPtr()> fresh;  // pool figures at this moment (see Sampler::fresh)
    std::function<metrics::SnapshotPtr()> latest; // the last tick's
    std::function<std::vector<metrics::SnapshotPtr>()> history; // the last 60 ticks, oldest first
    std::function<void(Workload, std::function<void(WorkloadResult)>)> runWorkload;
    // Parameters are checked against the scenario's row before. A body's "consent": true arrives as "consent"
    // = 1.
    std::function<core::Result<void>(const std::string& name,
                                     const std::map<std::string, double>& parameters)>
        startScenario;
    std::function<core::Result<void>(const std::string& name)> stopScenario;
    // From the requests of the last `window` (0 = all that are known). May take a second: asked for on the query
    // threads only. nullptr: not now.
    std::function<metrics::PoolAdvicePtr(core::Nanos window)> advice;
    std::function<core::Result<void>(const metrics::ResponseCommand&)> carryOut; // see Engine::respond()
    // One message now; answers later, exactly once. Error codes: "unknown", "busy", else it was not delivered.
    std::function<void(const std::string& name, std::function<void(const core::Result<void>&)>)> testNotifier = {};
    const metrics::Querier* querier = nullptr;
    const metrics::PoolWitness* witness = nullptr; // may be null
    core::Lang lang = core::Lang::English;    // when Accept-Language says nothing
    AlertmanagerBackend alertmanager = {};
    std::function<core::Lang()> langNow = {}; // the same, when it may change while running
};

} // namespace net
