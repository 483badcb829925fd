// Whether a request is let in, decided from its head alone: without sockets, so that every rule is tested as
// a function.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/net/guard.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"
#include "monitor/net/router.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace net {

struct HeadLimits {
    std::size_t header = 16 * 1024;
    std::size_t body = 1024 * 1024;
};

struct Verdict {
    const Route* route = nullptr;
    std::optional<Response> refusal; // set when route is null
};

// What was received, before it is understood.
struct RawHead {
    std::string_view target;
    std::size_t bytes = 0; // of the whole head
    bool whole = true;     // nothing of it is hidden behind a NUL or in a folded line
};

// The rules of one server. Immutable, hence thread-safe.
class Admission {
public:
    Admission(const Router& router, const Guard& guard, HeadLimits limits)
        : m_router(router)
        , m_guard(guard)
        , m_limits(limits)
    {
    }

    // In this order: 505 version, 431 size, 400 malformed (target, headers, lengths), 400/421/403 Host and
    // Origin, 404 path, 405 method with Allow, 401 token, 413 announced body. Fills path, query and capture
    // of `request`.
    [[nodiscard]] Verdict admit(Request& request, const RawHead& head, core::Lang lang) const;

private:
    const Router& m_router;
    const Guard& m_guard;
    const HeadLimits m_limits;
};

// 413 {"detail": …}.
[[nodiscard]] Response tooLarge(core::Lang lang);

} // namespace net
