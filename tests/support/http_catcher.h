// A web server for tests of those who call: keeps what it was sent and fails as it is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

struct CaughtRequest {
    std::string method;
    std::string path;                           // with its query
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;
    std::chrono::steady_clock::time_point at;
};

struct CatcherAnswer {
    enum class Do {
        Reply,
        Hang,    // not a word until the catcher ends
        Reset,   // not a word, and a reset
        Half,    // the head and the half of the body, then a reset
        Trickle, // a byte at a time
        Endless  // the body again and again
    } act = Do::Reply;
    int status = 200;
    std::string headers = {}; // "Name: value\r\n…"
    std::string body = {};
};

// On 127.0.0.1, any free port; one connection a request. Thread-safe.
class HttpCatcher {
public:
    HttpCatcher();
    ~HttpCatcher();

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] std::string url(const std::string& path = "/") const;
    // For every request from now on, by its number (from 0).
    void answer(std::function<CatcherAnswer(std::size_t number)> how);
    // The same by what was asked.
    void answerTo(std::function<CatcherAnswer(const CaughtRequest& request)> how);
    [[nodiscard]] std::vector<CaughtRequest> requests() const;
    // False when there are fewer after `atMost`.
    [[nodiscard]] bool waitFor(std::size_t count, std::chrono::milliseconds atMost) const;

private:
    void run(const std::stop_token& stop);
    void serve(int fd, const std::stop_token& stop);

    int m_listener = -1;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex; // guards what follows
    mutable std::condition_variable m_more;
    std::vector<CaughtRequest> m_requests;
    std::function<CatcherAnswer(std::size_t, const CaughtRequest&)> m_how;
    std::vector<std::jthread> m_served;
    std::jthread m_thread; // last: joins first
};

} // namespace support
