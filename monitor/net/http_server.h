// The HTTP endpoint: libmicrohttpd behind guards, limits and deadlines. Two threads serve all clients;
// whatever takes long answers later and holds none of them.
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/net/connection_watch.h"
#include "monitor/net/router.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace net {

struct ServerLimits {
    std::size_t connections = 2048; // open at once; fewer when the process may not open so many files
    std::size_t working = 64; // requests being worked on at once; the next ones get 503 with Retry-After
    std::size_t header = 16 * 1024; // bytes of request line and headers
    std::size_t body = 1024 * 1024; // bytes; a route may take less
    WatchLimits watch;
};

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;             // 0 = any free one
    std::vector<std::string> allowedHosts; // further names in the Host header
    std::string token;                     // for POST and DELETE; empty refuses them all
    core::Lang lang = core::Lang::English; // of errors, when Accept-Language says nothing
    std::function<core::Lang()> langNow = {};
    ServerLimits limits;
};

struct ServerFigures {
    std::size_t connections = 0;  // open now
    std::size_t working = 0;      // requests being worked on now
    std::uint64_t requests = 0;   // answered, ever
    std::uint64_t refused = 0;    // of these by a guard or limit
    std::uint64_t closedLate = 0; // connections closed for being too slow or in the way
};

// start() and stop() belong to one thread; the rest is thread-safe.
class HttpServer {
public:
    HttpServer(Router router, ServerOptions options);
    ~HttpServer(); // stops
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Raises the process' soft limit of open files when it is too low for `connections`. Errors are one line
    // with the port and what to do; code "EADDRINUSE" … A failed or stopped server may be started again.
    [[nodiscard]] core::Result<void> start();
    // Answers what is being worked on with 503, closes all connections, joins. Late answers are then ignored.
    void stop();

    [[nodiscard]] bool running() const;
    [[nodiscard]] std::uint16_t port() const; // the real one while running
    // "http://127.0.0.1:8000"; empty while not running.
    [[nodiscard]] std::string address() const;
    [[nodiscard]] ServerFigures figures() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace net
