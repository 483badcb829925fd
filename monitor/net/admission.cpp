#include "monitor/net/admission.h"

#include "monitor/net/url.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace net {

namespace {

constexpr core::Text kVersion{"only HTTP/1.0 and HTTP/1.1 are spoken here", "仅支持 HTTP/1.0 和 HTTP/1.1"};
constexpr core::Text kHeaderSize{"the request header is too large", "请求头过大"};
constexpr core::Text kTarget{"the request target is malformed", "请求地址格式错误"};
constexpr core::Text kHeader{"a request header is malformed", "请求头格式错误"};
constexpr core::Text kLength{"the length of the request body is not clear", "请求体长度不明确"};
constexpr core::Text kBody{"the request body is too large", "请求体过大"};

// token of RFC 9110 §5.6.2
bool isTokenLetter(char c) noexcept
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool isValueLetter(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

bool headersAreSane(const Request& request)
{
    return std::ranges::all_of(request.headers, [](const auto& field) {
        return !field.first.empty() && std::ranges::all_of(field.first, isTokenLetter) &&
               std::ranges::all_of(field.second, isValueLetter);
    });
}

// Content-Length, 0 when absent; nothing when it is no number, repeated, or stands beside Transfer-Encoding
// (which two servers in a row could understand differently, RFC 9112 §6.3).
std::optional<std::uint64_t> announcedLength(const Request& request)
{
    const std::size_t lengths = request.headerCount("content-length");
    const std::size_t encodings = request.headerCount("transfer-encoding");
    if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1) ||
        (encodings == 1 && lowerCase(trimmed(request.header("transfer-encoding"))) != "chunked")) {
        return std::nullopt;
    }
    if (lengths == 0) {
        return 0;
    }
    const std::string_view text = trimmed(request.header("content-length"));
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return length;
}

Verdict refused(int status, const core::Text& detail, core::Lang lang)
{
    return {nullptr, errorResponse(status, detail, lang)};
}

Response notAllowed(const std::string& allow)
{
    Response response = errorResponse(405, "Method Not Allowed");
    response.headers.emplace_back("Allow", allow);
    return response;
}

} // namespace

Response tooLarge(core::Lang lang)
{
    return errorResponse(413, kBody, lang);
}

Verdict Admission::admit(Request& request, const RawHead& head, core::Lang lang) const
{
    if (request.version != "HTTP/1.1" && request.version != "HTTP/1.0") {
        return refused(505, kVersion, lang);
    }
    if (head.bytes > m_limits.header) {
        return refused(431, kHeaderSize, lang);
    }
    auto target = parseTarget(head.target);
    if (!target) {
        return refused(400, kTarget, lang);
    }
    if (!head.whole || !headersAreSane(request)) {
        return refused(400, kHeader, lang);
    }
    const auto length = announcedLength(request);
    if (!length) {
        return refused(400, kLength, lang);
    }
    if (auto refusal = m_guard.checkHost(request, target->authority, lang)) {
        return {nullptr, std::move(refusal)};
    }
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    Match match = m_router.match(request.method, request.path);
    if (!match.route) {
        return {nullptr, match.allow.empty() ? errorResponse(404, "Not Found") : notAllowed(match.allow)};
    }
    if (match.route->access == Access::Token) {
        if (auto refusal = m_guard.checkToken(request, lang)) {
            return {nullptr, std::move(refusal)};
        }
    }
    if (*length > (match.route->bodyLimit > 0 ? match.route->bodyLimit : m_limits.body)) {
        return {nullptr, tooLarge(lang)};
    }
    request.capture = std::move(match.capture);
    return {match.route, std::nullopt};
}

} // namespace net
