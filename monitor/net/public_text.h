// What may leave the machine of an error: the cause, never addresses, paths, names or credentials.
#pragma once

#include <string>
#include <string_view>

namespace net {

// One line of at most 200 characters. libpq's "connection to server at … failed:" is left out; quoted names,
// numeric addresses, host:port pairs, URIs, absolute paths and the values of key=value pairs become "…".
// Total.
[[nodiscard]] std::string publicCause(std::string_view error);

} // namespace net
