#include "monitor/net/advice_handler.h"

#include "monitor/core/format.h"
#include "monitor/net/prometheus_parse.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string_view>

namespace net {

namespace {

using nlohmann::json;

constexpr core::Text kNoAdvice{"there is no pool to advise on yet", "尚无可供分析的连接池"};
constexpr std::chrono::milliseconds kLongestWindow = std::chrono::hours(24);

json waitJson(const metrics::WaitFigures& wait)
{
    return {{"p50", core::seconds(wait.p50)},
            {"p95", core::seconds(wait.p95)},
            {"p99", core::seconds(wait.p99)},
            {"max", core::seconds(wait.most)}};
}

json forecastJson(const metrics::SizeForecast& forecast)
{
    return {{"places", forecast.places},
            {"kept", forecast.kept},
            {"wait_seconds", waitJson(forecast.wait)},
            {"timeouts", forecast.timeouts},
            {"cancelled", forecast.cancelled},
            {"queue_full", forecast.queueFull},
            {"opened", forecast.opened},
            {"peak_open", forecast.peakOpen},
            {"peak_waiting", forecast.peakWaiting}};
}

json orNull(const std::optional<metrics::SizeForecast>& forecast)
{
    return forecast ? forecastJson(*forecast) : json(nullptr);
}

json serverJson(const metrics::PoolAdvice& advice)
{
    if (!advice.serverLimit) {
        return nullptr;
    }
    return {{"places", *advice.serverLimit},
            {"room", advice.places == 0 ? json(nullptr) : json(*advice.serverLimit - advice.places)}};
}

json traceJson(const metrics::PoolAdvice& advice)
{
    return {{"requests", advice.requests},
            {"span_seconds", core::seconds(advice.span)},
            {"estimated", advice.estimated},
            {"excluded", advice.excluded},
            {"missed", advice.missed},
            {"resized", advice.resized},
            {"wait_seconds", waitJson(advice.recorded)},
            {"timeouts", advice.recordedTimeouts}};
}

} // namespace

std::optional<core::Nanos> adviceWindow(const Request& request)
{
    const std::string_view text = request.parameter("window");
    if (text.empty()) {
        return core::Nanos(0);
    }
    const auto millis = parseApiDuration(text);
    if (!millis || *millis <= 0 || *millis > kLongestWindow.count()) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(*millis);
}

Response adviceResponse(const metrics::PoolAdvicePtr& advice, core::Nanos window, core::Lang lang)
{
    if (!advice) {
        return errorResponse(503, kNoAdvice, lang);
    }
    json forecasts = json::array();
    for (const metrics::SizeForecast& forecast : advice->forecasts) {
        forecasts.push_back(forecastJson(forecast));
    }
    return jsonResponse(200, {{"timestamp", core::isoUtcMicros(advice->at)},
                              {"window_seconds", core::seconds(window)},
                              {"verdict", metrics::adviceVerdictName(advice->verdict)},
                              {"sentence", metrics::adviceSentence(*advice, lang)},
                              {"places", advice->places == 0 ? json(nullptr) : json(advice->places)},
                              {"kept", advice->kept},
                              {"timeout_seconds", core::seconds(advice->timeout)},
                              {"slow_seconds", core::seconds(advice->slow)},
                              {"server", serverJson(*advice)},
                              {"recorded", traceJson(*advice)},
                              {"today", orNull(advice->today)},
                              {"suggested", orNull(advice->suggested)},
                              {"forecasts", std::move(forecasts)},
                              {"cost_seconds", core::seconds(advice->cost)}});
}

} // namespace net
