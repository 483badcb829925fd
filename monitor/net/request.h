// One HTTP request as the handlers see it: plain values, no socket.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;       // "GET", "POST" … as sent (methods are case-sensitive)
    std::string path;         // percent-decoded, begins with '/'
    Fields query;             // percent-decoded, in the order sent, repeats kept
    Fields headers;           // names in lower case, in the order sent, repeats kept
    std::string body;         // at most the route's limit
    std::string version;      // "HTTP/1.1"
    std::string capture;      // what stands for the ":name" of the route's pattern
    std::string localAddress; // numeric address the client reached us at; empty when not known

    // The first header of that name (lower case); empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t headerCount(std::string_view name) const noexcept;
    // The first query parameter of that name; empty when there is none.
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
    [[nodiscard]] bool hasParameter(std::string_view name) const noexcept;
    // All of that name, in order ("match[]" may be repeated).
    [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;
    // HEAD is answered as GET; the server leaves the body out.
    [[nodiscard]] bool isGet() const noexcept { return method == "GET" || method == "HEAD"; }
};

// Letters of ASCII only, independent of the locale.
[[nodiscard]] std::string lowerCase(std::string_view text);
// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

} // namespace net
