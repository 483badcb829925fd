// One HTTP request to a Prometheus-compatible server (monitor/http). Inside of this room only.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/prometheus/server_spec.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace prometheus {

struct Request {
    std::string path;      // behind the server's URL: /api/v1/query; of an endpoint given in full: empty
    std::string body = {}; // not empty: POST
    std::string contentType = "application/x-www-form-urlencoded";
    std::vector<std::string> headers = {}; // "Name: value"
};

struct Reply {
    int status = 0; // 0: none, see error
    std::string body;
    std::string error;    // one line without credentials
    std::string redirect; // where a 3xx points: it is told, never followed, so no credentials go there
    std::optional<core::Nanos> retryAfter;
    bool stopped = false;
};

// Waits for the answer, at most spec.timeout. Half an answer, one beyond spec.maxBytes and a secret that
// cannot be read are errors. Thread-safe; ends within about 0.1 s of `stop`.
[[nodiscard]] Reply send(const ServerSpec& spec, const Request& request, const std::stop_token& stop);
// As a form's value or a path's part: percent-encoded but for letters, digits, - . _ ~.
[[nodiscard]] std::string encoded(std::string_view text);

} // namespace prometheus
