#include "monitor/net/router.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace net {

namespace {

// The captured segment (empty when the pattern has none), or nothing when the path is another one.
std::optional<std::string> captured(std::string_view pattern, std::string_view path)
{
    const auto colon = pattern.find("/:");
    if (colon == std::string_view::npos) {
        return pattern == path ? std::optional<std::string>("") : std::nullopt;
    }
    const std::string_view head = pattern.substr(0, colon + 1);
    const auto tailAt = pattern.find('/', colon + 1);
    const std::string_view tail =
        tailAt == std::string_view::npos ? std::string_view() : pattern.substr(tailAt);
    if (path.size() <= head.size() + tail.size() || !path.starts_with(head) || !path.ends_with(tail)) {
        return std::nullopt;
    }
    const std::string_view segment = path.substr(head.size(), path.size() - head.size() - tail.size());
    return segment.find('/') == std::string_view::npos ? std::optional<std::string>(segment) : std::nullopt;
}

void addMethod(std::string& allow, std::string_view method)
{
    allow.append(allow.empty() ? "" : ", ").append(method);
    if (method == "GET") {
        allow += ", HEAD";
    }
}

} // namespace

void Router::add(Route route)
{
    m_routes.push_back(std::move(route));
}

Match Router::match(std::string_view method, std::string_view path) const
{
    Match found;
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (const Route& route : m_routes) {
        auto segment = captured(route.pattern, path);
        if (!segment) {
            continue;
        }
        addMethod(found.allow, route.method);
        if (route.method == wanted && !found.route) {
            found.route = &route;
            found.capture = std::move(*segment);
        }
    }
    return found;
}

} // namespace net
