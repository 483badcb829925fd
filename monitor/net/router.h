// Which handler answers which path: a table, matched without sockets.
#pragma once

#include "monitor/net/request.h"
#include "monitor/net/response.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

// Thread-safe and quick: it runs on a thread that serves other clients too. What takes long answers later
// through `respond`, from a thread of its own.
using Handler = std::function<void(const Request& request, Respond respond)>;

enum class Access { Open, Token };

struct Route {
    std::string method;  // "GET" (answers HEAD too), "POST", "DELETE"
    std::string pattern; // "/pool/status"; one segment may be ":name" and is captured
    Handler handler;
    Access access = Access::Open;
    std::size_t bodyLimit = 0; // bytes kept; a longer body is refused. 0: a body is read over and dropped
};

struct Match {
    const Route* route = nullptr; // null: no such path (allow empty) or wrong method
    std::string capture;
    std::string allow; // "GET, HEAD": what the path takes
};

// Filled at the start, then only read: thread-safe.
class Router {
public:
    void add(Route route);
    [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

private:
    std::vector<Route> m_routes;
};

} // namespace net
