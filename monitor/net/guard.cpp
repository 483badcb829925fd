#include "monitor/net/guard.h"

#include "monitor/net/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace net {

namespace {

constexpr core::Text kOneHost{"exactly one Host header is needed", "需要且仅需要一个 Host 请求头"};
constexpr core::Text kBadHost{"the Host header is malformed", "Host 请求头格式错误"};
constexpr core::Text kForeignHost{
    "this server does not go by that name; use the address it listens at or localhost",
    "该服务器不使用此名称；请使用其监听地址或 localhost"};
constexpr core::Text kForeignOrigin{"requests from other web pages are refused", "拒绝来自其他网页的请求"};
constexpr core::Text kTokenNeeded{
    "this needs the header 'Authorization: Bearer TOKEN'; the token is in the token file",
    "需要请求头 'Authorization: Bearer TOKEN'；令牌在令牌文件中"};

// Of a numeric address only: "127.0.0.1.evil.example" is a name anybody may own.
bool isLoopback(const std::string& address)
{
    in_addr v4{};
    constexpr std::string_view mapped = "::ffff:";
    const char* text = address.c_str() + (address.starts_with(mapped) ? mapped.size() : 0);
    return address == "::1" || (inet_pton(AF_INET, text, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127);
}

bool isAny(std::string_view address)
{
    return address == "0.0.0.0" || address == "::";
}

std::vector<std::string> lowered(std::vector<std::string> names)
{
    for (std::string& name : names) {
        name = lowerCase(name);
    }
    return names;
}

} // namespace

std::string canonicalAddress(std::string_view text)
{
    const std::string wanted(text);
    std::array<unsigned char, sizeof(in6_addr)> binary{};
    std::array<char, INET6_ADDRSTRLEN> spelled{};
    for (const int family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, wanted.c_str(), binary.data()) == 1 &&
            inet_ntop(family, binary.data(), spelled.data(), static_cast<socklen_t>(spelled.size()))) {
            return spelled.data();
        }
    }
    return wanted;
}

bool equalInConstantTime(std::string_view left, std::string_view right) noexcept
{
    if (left.size() != right.size()) {
        return false;
    }
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i])));
    }
    return difference == 0;
}

Guard::Guard(std::string bound, std::vector<std::string> names, std::string token)
    : m_bound(canonicalAddress(bound))
    , m_names(lowered(std::move(names)))
    , m_token(std::move(token))
{
}

bool Guard::isOurs(std::string_view host, const Request& request) const
{
    const std::string address = canonicalAddress(host);
    if (address == m_bound || std::ranges::find(m_names, host) != m_names.end()) {
        return true;
    }
    const std::string local = canonicalAddress(request.localAddress);
    // Bound to every address, the one the client really reached is as good as a bound one.
    const bool reached =
        isAny(m_bound) && !local.empty() && (address == local || "::ffff:" + address == local);
    const bool loopback = isLoopback(m_bound) || (isAny(m_bound) && isLoopback(local));
    return reached ||
           (loopback && (host == "localhost" || host.ends_with(".localhost") || isLoopback(address))) ||
           host == "localhost";
}

bool Guard::isOwnOrigin(std::string_view origin, int hostPort, const Request& request) const
{
    constexpr std::string_view scheme = "http://"; // "null" and https pages are not ours
    if (!lowerCase(origin.substr(0, scheme.size())).starts_with(scheme)) {
        return false;
    }
    const auto parsed = parseHostPort(origin.substr(scheme.size()));
    return parsed && parsed->port == hostPort && isOurs(parsed->host, request);
}

std::optional<Response> Guard::checkHost(const Request& request, std::string_view authority,
                                         core::Lang lang) const
{
    if (request.headerCount("host") != 1) {
        return errorResponse(400, kOneHost, lang);
    }
    const auto host = parseHostPort(authority.empty() ? request.header("host") : authority);
    if (!host) {
        return errorResponse(400, kBadHost, lang);
    }
    if (!isOurs(host->host, request)) {
        return errorResponse(421, kForeignHost, lang);
    }
    for (const auto& [name, value] : request.headers) {
        if (name == "origin" && !isOwnOrigin(value, host->port, request)) {
            return errorResponse(403, kForeignOrigin, lang);
        }
    }
    return std::nullopt;
}

std::optional<Response> Guard::checkToken(const Request& request, core::Lang lang) const
{
    constexpr std::string_view scheme = "bearer ";
    const std::string_view sent = request.header("authorization");
    const bool bearer = lowerCase(sent.substr(0, scheme.size())) == scheme;
    if (!m_token.empty() && bearer && request.headerCount("authorization") == 1 &&
        equalInConstantTime(trimmed(sent.substr(scheme.size())), m_token)) {
        return std::nullopt;
    }
    Response response = errorResponse(401, kTokenNeeded, lang);
    response.headers.emplace_back("WWW-Authenticate",
                                  bearer ? "Bearer realm=\"poolscope\", error=\"invalid_token\""
                                         : "Bearer realm=\"poolscope\"");
    return response;
}

} // namespace net
