// Who may ask: Host and Origin against DNS rebinding and foreign pages, the bearer token for what changes
// something.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

// Immutable after construction, hence thread-safe.
class Guard {
public:
    // `bound`: the numeric address listened at; `names`: further host names to be called by; `token`: empty
    // refuses every request that needs one.
    Guard(std::string bound, std::vector<std::string> names, std::string token);

    // 400 without exactly one Host (and with a malformed one), 421 for a foreign one, 403 for a foreign
    // Origin; nothing when the request is welcome. `authority` is that of an absolute request target, else
    // empty.
    [[nodiscard]] std::optional<Response> checkHost(const Request& request, std::string_view authority,
                                                    core::Lang lang) const;
    // 401 with WWW-Authenticate unless "Authorization: Bearer <token>" is right; compared in constant time.
    [[nodiscard]] std::optional<Response> checkToken(const Request& request, core::Lang lang) const;

private:
    [[nodiscard]] bool isOurs(std::string_view host, const Request& request) const;
    [[nodiscard]] bool isOwnOrigin(std::string_view origin, int hostPort, const Request& request) const;

    const std::string m_bound;
    const std::vector<std::string> m_names; // lower case
    const std::string m_token;
};

// The numeric address in its one canonical spelling ("0:0:0:0:0:0:0:1" → "::1"); the text itself when it is
// none.
[[nodiscard]] std::string canonicalAddress(std::string_view text);
// Takes as long for equal as for different texts of one length.
[[nodiscard]] bool equalInConstantTime(std::string_view left, std::string_view right) noexcept;

} // namespace net
