#include "monitor/net/notifiers_handler.h"

#include "monitor/core/format.h"
#include "monitor/net/public_text.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace net {

namespace {

using nlohmann::json;

constexpr core::Text kUnavailable{"notifications are not available", "通知不可用"};

json timeJson(core::WallTime at)
{
    return at.time_since_epoch().count() != 0 ? json(core::isoUtcMicros(at)) : json();
}

json channelJson(const metrics::ChannelRow& row)
{
    return {{"name", row.name},
            {"kind", row.kind},
            {"enabled", row.enabled},
            {"quiet", row.quiet},
            {"sent", row.sent},
            {"retried", row.retried},
            {"refused", row.failed},
            {"expired", row.expired},
            {"queued", row.queued},
            {"last_sent", timeJson(row.lastSent)},
            {"last_failure", timeJson(row.lastFailure)},
            {"last_error", publicCause(row.lastError)},
            {"next_try_in_seconds", core::seconds(row.nextTryIn)}};
}

int statusOf(const core::Error& error)
{
    return error.code == "unknown" ? 404 : error.code == "busy" ? 503 : 502;
}

} // namespace

Response listNotifiers(const Backend& backend)
{
    json channels = json::array();
    if (const metrics::SnapshotPtr snapshot = backend.latest ? backend.latest() : nullptr) {
        for (const metrics::ChannelRow& row : snapshot->channels) {
            channels.push_back(channelJson(row));
        }
    }
    return jsonResponse(200, {{"notifiers", std::move(channels)}});
}

void testNotifier(const Backend& backend, const std::string& name, core::Lang lang, Respond respond)
{
    if (!backend.testNotifier) {
        respond(errorResponse(503, kUnavailable, lang));
        return;
    }
    backend.testNotifier(name, [name, respond = std::move(respond)](const core::Result<void>& outcome) {
        respond(outcome ? jsonResponse(200, {{"name", name}, {"outcome", "sent"}})
                        : errorResponse(statusOf(outcome.error()), publicCause(outcome.error().message)));
    });
}

} // namespace net
