#include "tests/support/scale_server.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {

namespace {

using nlohmann::json;

constexpr const char* kPath = "/apis/apps/v1/namespaces/shop/deployments/app/scale";

std::string reply(int status, const json& body)
{
    const std::string text = body.dump();
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nContent-Type: application/json\r\nConnection: close\r\n"
           "Content-Length: " +
           std::to_string(text.size()) + "\r\n\r\n" + text;
}

std::string refusal(int status, const std::string& message)
{
    return reply(status, {{"kind", "Status"},
                          {"apiVersion", "v1"},
                          {"status", "Failure"},
                          {"message", message},
                          {"code", status}});
}

bool readable(int socket, int millis)
{
    pollfd ready{socket, POLLIN, 0};
    return poll(&ready, 1, millis) > 0;
}

} // namespace

ScaleServer::ScaleServer()
    : m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(m_listener, 16) != 0 ||
        getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::abort();
    }
    m_port = ntohs(address.sin_port);
    m_thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

ScaleServer::~ScaleServer()
{
    m_thread.request_stop();
    m_thread.join();
    close(m_listener);
}

void ScaleServer::disturb(int count, int change)
{
    locked([&] {
        m_disturbances = count;
        m_disturbance = change;
        return 0;
    });
}

void ScaleServer::fail(int count, int status)
{
    locked([&] {
        m_failures = count;
        m_failure = status;
        return 0;
    });
}

void ScaleServer::serve(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (!readable(m_listener, 20)) {
            continue;
        }
        if (const int client = accept(m_listener, nullptr, nullptr); client >= 0) {
            handle(client, stop);
            close(client);
        }
    }
}

void ScaleServer::handle(int client, const std::stop_token& stop)
{
    std::string bytes;
    std::size_t length = 0;
    std::size_t head = std::string::npos;
    while (!stop.stop_requested() && (head == std::string::npos || bytes.size() < head + 4 + length)) {
        if (!readable(client, 20)) {
            continue;
        }
        std::array<char, 4096> buffer{};
        const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            return;
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        head = bytes.find("\r\n\r\n");
        const std::size_t at = bytes.find("Content-Length: ");
        length = at < head ? std::strtoul(bytes.c_str() + at + 16, nullptr, 10) : 0;
    }
    const std::string line = bytes.substr(0, bytes.find(" HTTP/"));
    const std::size_t bearer = bytes.find("Authorization: Bearer ");
    const std::string token =
        bearer < head ? bytes.substr(bearer + 22, bytes.find("\r\n", bearer) - bearer - 22) : std::string();
    const auto until = std::chrono::steady_clock::now() + m_delay.load();
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
        (void)poll(nullptr, 0, 5);
    }
    const std::string answered =
        locked([&] { return answer(line, token, bytes.substr(std::min(head + 4, bytes.size()))); });
    (void)send(client, answered.data(), answered.size(), MSG_NOSIGNAL);
}

std::string ScaleServer::object() const
{
    return json{{"kind", "Scale"},
                {"apiVersion", "autoscaling/v1"},
                {"metadata",
                 {{"name", "app"},
                  {"namespace", "shop"},
                  {"resourceVersion", std::to_string(m_version)},
                  {"uid", "4711"}}},
                {"spec", {{"replicas", m_replicas}}},
                {"status", {{"replicas", m_ready}, {"selector", "app=app"}}}}
        .dump();
}

std::string ScaleServer::answer(const std::string& line, const std::string& token, const std::string& body)
{
    m_seen.push_back({line, body});
    if (m_failures > 0) {
        --m_failures;
        return refusal(m_failure, "the server is told to fail");
    }
    if (line == "POST /hook") {
        return reply(200, {{"replicas", json::parse(body, nullptr, false).value("replicas", 0) + 10}});
    }
    if (line == "POST /moved") {
        return "HTTP/1.1 302 X\r\nLocation: /hook\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    }
    if (token != kToken && token != kWeakToken) {
        return refusal(401, "Unauthorized");
    }
    if (line == std::string("GET ") + kPath) {
        m_ready = m_holdBack ? m_ready : m_replicas;
        return reply(200, json::parse(object()));
    }
    if (line == std::string("PUT ") + kPath) {
        return token == kWeakToken ? refusal(403, "deployments.apps \"app\" is forbidden") : put(body);
    }
    return refusal(404, "the server could not find the requested resource");
}

std::string ScaleServer::put(const std::string& body)
{
    if (m_disturbances > 0) {
        --m_disturbances;
        ++m_version;
        m_replicas += m_disturbance;
    }
    const json scale = json::parse(body, nullptr, false);
    if (!scale.is_object() || !scale.contains("spec") || !scale["spec"].contains("replicas")) {
        return refusal(400, "no Scale object");
    }
    if (scale["metadata"].value("resourceVersion", "") != std::to_string(m_version)) {
        return refusal(409, "Operation cannot be fulfilled: the object has been modified");
    }
    m_replicas = scale["spec"]["replicas"];
    ++m_version;
    return reply(200, json::parse(object()));
}

} // namespace support
