// A small blocking HTTP client for tests: raw enough to send what no well-behaved client would.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace support {

struct HttpAnswer {
    int status = 0; // 0: no answer in time, or no connection
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;
    std::chrono::milliseconds took{0};
};

struct HttpCall {
    std::uint16_t port = 0;
    std::string_view method = "GET";
    std::string_view path = "/";
    std::string_view extraHeaders = {}; // "Name: value\r\n…"
    std::string_view body = {};
    std::chrono::milliseconds timeout = std::chrono::seconds(5);
};

// To 127.0.0.1, one connection a call, closed after the answer.
[[nodiscard]] HttpAnswer httpCall(const HttpCall& call);
// The bytes as they are; everything that comes back until the peer closes or time is over.
[[nodiscard]] std::string httpRaw(std::uint16_t port, std::string_view bytes, std::chrono::milliseconds timeout);

} // namespace support
