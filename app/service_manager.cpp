#include "app/service_manager.h"

#include "monitor/core/format.h"

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace app {

ServiceManager::ServiceManager()
{
    const char* address = std::getenv("NOTIFY_SOCKET");
    if (address != nullptr && (address[0] == '/' || address[0] == '@')
        && std::strlen(address) < sizeof(sockaddr_un::sun_path)) {
        m_address = address;
    }
    unsetenv("NOTIFY_SOCKET");
}

void ServiceManager::ready(std::string_view status) const
{
    send("READY=1\nSTATUS=" + core::oneLine(status, 200));
}

// systemd wants the time at which it began, on the same clock as its own (Type=notify-reload).
void ServiceManager::reloading() const
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void ServiceManager::stopping() const
{
    send("STOPPING=1");
}

// A manager that does not take it has its own time limits: nothing here waits or fails.
void ServiceManager::send(const std::string& lines) const
{
    if (m_address.empty()) {
        return;
    }
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, m_address.data(), m_address.size());
    if (to.sun_path[0] == '@') {
        to.sun_path[0] = '\0';
    }
    const int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sender < 0) {
        return;
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_address.size());
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets interface is so
    (void)sendto(sender, lines.data(), lines.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), length);
    close(sender);
}

} // namespace app
