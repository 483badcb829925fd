#include "tests/support/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

namespace support {

int listenLocally(std::uint16_t& port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (fd < 0 || bind(fd, plain, length) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, plain, &length) != 0) {
        std::perror("listenLocally");
        std::abort();
    }
    port = ntohs(address.sin_port);
    return fd;
}

bool readable(int fd, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        pollfd one{fd, POLLIN, 0};
        if (poll(&one, 1, 50) > 0) {
            return true;
        }
    }
    return false;
}

} // namespace support
