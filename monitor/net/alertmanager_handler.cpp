#include "monitor/net/alertmanager_handler.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace net {

namespace {

using nlohmann::json;

Response refusal(const core::Error& error)
{
    const int status = error.code == "not_found" ? 404 : error.code == "unavailable" ? 503 : 400;
    return jsonResponse(status, json(error.message));
}

Response away()
{
    return refusal({"there are no rules", "unavailable"});
}

Response answer(core::Result<std::string> text)
{
    if (!text) {
        return refusal(text.error());
    }
    return {200, "application/json", std::make_shared<const std::string>(std::move(*text)), {}};
}

// "true", "false" or absent; nullopt is something else.
std::optional<bool> flagOf(const Request& request, const char* name)
{
    const std::string_view text = request.parameter(name);
    if (text.empty() || text == "true") {
        return true;
    }
    return text == "false" ? std::optional(false) : std::nullopt;
}

} // namespace

Response listAlerts(const Backend& backend, const Request& request)
{
    if (!backend.alertmanager.alerts) {
        return away();
    }
    AlertmanagerQuery query{request.parameters("filter"), std::string(request.parameter("receiver")), {}};
    for (const auto& [name, target] :
         {std::pair{"active", &query.show.active}, std::pair{"silenced", &query.show.silenced},
          std::pair{"inhibited", &query.show.inhibited}}) {
        const auto flag = flagOf(request, name);
        if (!flag) {
            return refusal({std::string(name) + " in query must be true or false", "bad_data"});
        }
        *target = *flag;
    }
    return answer(backend.alertmanager.alerts(query));
}

Response listSilences(const Backend& backend, const Request& request)
{
    return backend.alertmanager.silences ? answer(backend.alertmanager.silences(request.parameters("filter")))
                                         : away();
}

Response showSilence(const Backend& backend, const Request& request)
{
    return backend.alertmanager.silence ? answer(backend.alertmanager.silence(request.capture)) : away();
}

Response postSilence(const Backend& backend, const Request& request)
{
    return backend.alertmanager.post ? answer(backend.alertmanager.post(request.body)) : away();
}

Response deleteSilence(const Backend& backend, const Request& request)
{
    if (!backend.alertmanager.expire) {
        return away();
    }
    const auto expired = backend.alertmanager.expire(request.capture);
    return expired ? Response{200, "application/json", std::make_shared<const std::string>(), {}}
                   : refusal(expired.error());
}

} // namespace net
