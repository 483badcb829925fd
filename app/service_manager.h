// What the service manager is told: sd_notify(3)'s protocol, datagrams to the socket in NOTIFY_SOCKET. Spoken here and not
// through libsystemd, so that the variable can be taken out of the environment before children are started: PostgreSQL
// speaks the protocol too and would answer for us.
#pragma once

#include <string>
#include <string_view>

namespace app {

// Main thread only. Without a service manager everything here does nothing.
class ServiceManager {
public:
    // Takes NOTIFY_SOCKET out of the environment: make it before any child or thread is started.
    ServiceManager();

    [[nodiscard]] bool present() const noexcept { return !m_address.empty(); }
    // It works from now on; `status` is a line for `systemctl status`.
    void ready(std::string_view status) const;
    // Begins reading the configuration anew; ready() ends it.
    void reloading() const;
    void stopping() const;

private:
    void send(const std::string& lines) const;

    std::string m_address; // a path, or '@' and a name in the abstract namespace
};

} // namespace app
