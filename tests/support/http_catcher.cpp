#include "tests/support/http_catcher.h"

#include "tests/support/listener.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace support {

namespace {

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// Until head and body are whole; empty when the peer went away.
std::string readRequest(int fd, const std::stop_token& stop)
{
    std::string bytes;
    std::size_t wanted = std::string::npos;
    while (bytes.size() < wanted) {
        if (!readable(fd, stop)) {
            return {};
        }
        std::array<char, 65536> buffer{};
        const ssize_t got = read(fd, buffer.data(), buffer.size());
        if (got <= 0) {
            return {};
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        const std::size_t head = bytes.find("\r\n\r\n");
        if (head != std::string::npos && wanted == std::string::npos) {
            const std::string names = lower(bytes.substr(0, head));
            const std::size_t at = names.find("content-length:");
            std::size_t length = 0;
            if (at != std::string::npos) {
                const std::size_t digits = names.find_first_of("0123456789", at);
                std::from_chars(names.data() + digits, names.data() + names.size(), length);
            }
            wanted = head + 4 + length;
        }
    }
    return bytes;
}

CaughtRequest parsed(const std::string& bytes)
{
    CaughtRequest request;
    request.at = std::chrono::steady_clock::now();
    const std::size_t head = bytes.find("\r\n\r\n");
    request.body = bytes.substr(head + 4);
    std::size_t at = bytes.find("\r\n");
    const std::string first = bytes.substr(0, at);
    request.method = first.substr(0, first.find(' '));
    request.path = first.substr(request.method.size() + 1);
    request.path.resize(request.path.find(' '));
    while (at < head) {
        const std::size_t end = bytes.find("\r\n", at + 2);
        const std::string line = bytes.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        request.headers[lower(line.substr(0, colon))] = line.substr(line.find_first_not_of(' ', colon + 1));
        at = end;
    }
    return request;
}

void resetAtClose(int fd)
{
    const linger hard{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

std::string headOf(const CatcherAnswer& answer)
{
    const std::string length = answer.act == CatcherAnswer::Do::Endless
                                   ? std::string()
                                   : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    return "HTTP/1.1 " + std::to_string(answer.status) + " X\r\n" + answer.headers + length +
           "Connection: close\r\n\r\n";
}

bool say(int fd, std::string_view bytes)
{
    return send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

// Until it is said, or nobody listens any more.
void obey(const CatcherAnswer& answer, int fd, const std::stop_token& stop)
{
    const std::string head = headOf(answer);
    switch (answer.act) {
    case CatcherAnswer::Do::Reply:
        (void)say(fd, head + answer.body);
        break;
    case CatcherAnswer::Do::Hang:
        (void)readable(fd, stop);
        break;
    case CatcherAnswer::Do::Reset:
        resetAtClose(fd);
        break;
    case CatcherAnswer::Do::Half:
        (void)say(fd, head + answer.body.substr(0, answer.body.size() / 2));
        resetAtClose(fd);
        break;
    case CatcherAnswer::Do::Trickle:
        for (const char byte : head + answer.body) {
            pollfd gone{fd, POLLRDHUP, 0};
            if (stop.stop_requested() || poll(&gone, 1, 20) != 0 || !say(fd, {&byte, 1})) {
                break;
            }
        }
        break;
    case CatcherAnswer::Do::Endless:
        for (bool heard = say(fd, head); heard && !stop.stop_requested();) {
            heard = say(fd, answer.body);
        }
        break;
    }
}

} // namespace

HttpCatcher::HttpCatcher()
    : m_how([](std::size_t, const CaughtRequest&) { return CatcherAnswer{}; })
{
    m_listener = listenLocally(m_port);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

HttpCatcher::~HttpCatcher()
{
    m_thread.request_stop();
    m_thread.join();
    for (std::jthread& served : m_served) {
        served.request_stop();
    }
    m_served.clear();
    close(m_listener);
}

std::string HttpCatcher::url(const std::string& path) const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

void HttpCatcher::answer(std::function<CatcherAnswer(std::size_t)> how)
{
    const std::lock_guard lock(m_mutex);
    m_how = [how = std::move(how)](std::size_t number, const CaughtRequest&) { return how(number); };
}

void HttpCatcher::answerTo(std::function<CatcherAnswer(const CaughtRequest&)> how)
{
    const std::lock_guard lock(m_mutex);
    m_how = [how = std::move(how)](std::size_t, const CaughtRequest& request) { return how(request); };
}

std::vector<CaughtRequest> HttpCatcher::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

bool HttpCatcher::waitFor(std::size_t count, std::chrono::milliseconds atMost) const
{
    std::unique_lock lock(m_mutex);
    return m_more.wait_for(lock, atMost, [&] { return m_requests.size() >= count; });
}

void HttpCatcher::run(const std::stop_token& stop)
{
    while (readable(m_listener, stop)) {
        if (const int fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0) {
            m_served.emplace_back([this, fd](const std::stop_token& end) { serve(fd, end); });
        }
    }
}

void HttpCatcher::serve(int fd, const std::stop_token& stop)
{
    if (const std::string bytes = readRequest(fd, stop); !bytes.empty()) {
        CatcherAnswer answer;
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(parsed(bytes));
            answer = m_how(m_requests.size() - 1, m_requests.back());
        }
        m_more.notify_all();
        obey(answer, fd, stop);
    }
    close(fd);
}

} // namespace support
