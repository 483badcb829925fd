// Sockets of the small servers tests run.
#pragma once

#include <cstdint>
#include <stop_token>

namespace support {

// Listens on 127.0.0.1 at any free port, which is put into `port`; never fails but by exiting.
[[nodiscard]] int listenLocally(std::uint16_t& port);
// Waits until there is something to read (or the end); false when stop is asked for.
[[nodiscard]] bool readable(int fd, const std::stop_token& stop);

} // namespace support
