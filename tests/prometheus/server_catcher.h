// A server that answers as a test wants, and what the client needs to know of it.
#pragma once

#include "monitor/prometheus/client.h"
#include "tests/support/http_catcher.h"

#include <chrono>
#include <string>
#include <utility>

namespace prometheus_test {

[[nodiscard]] inline prometheus::ServerSpec specOf(const support::HttpCatcher& catcher)
{
    prometheus::ServerSpec spec;
    spec.url = catcher.url("");
    spec.timeout = std::chrono::seconds(5);
    spec.interval = std::chrono::seconds(1);
    auto sound = prometheus::soundServer(spec);
    return sound ? *sound : prometheus::ServerSpec{};
}

[[nodiscard]] inline support::CatcherAnswer saying(int status, std::string body, std::string headers = {})
{
    return {support::CatcherAnswer::Do::Reply, status, std::move(headers), std::move(body)};
}

} // namespace prometheus_test
