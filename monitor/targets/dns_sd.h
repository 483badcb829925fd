// Prometheus' discovery by DNS (configuration, <dns_sd_config>): names that are asked again and again for
// hosts and ports.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/targets/target_spec.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace targets {

struct DnsQuestion {
    enum class Type { A, Aaaa, Srv, Mx, Ns };
    std::vector<std::string> names;
    Type type = Type::Srv;
    std::uint16_t port = 0; // of all but SRV, which name none
    core::Nanos refresh = std::chrono::seconds(30);
    std::string scheme = "http";
    std::string path = "/metrics";
    std::string environment;
    std::vector<std::string> tags; // "dns=NAME" comes to them

    friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

// A question can be asked: names, a port for all but SRV, a refresh of 1 s … 1 d. Errors name the setting.
[[nodiscard]] core::Result<void> checkQuestion(const DnsQuestion& question);

// Hosts with ports ("db1.example:9187", "[::1]:80"), sorted, each once, at most 500; none when there is no
// such name. Waits: some four seconds for each server at most, `stop` ends it at once. `servers`:
// "127.0.0.1:5353,…"; empty: the system's. A failure of the server is an error; what it answers is read with
// suspicion. Thread-safe.
[[nodiscard]] core::Result<std::vector<std::string>> lookUp(const std::string& name,
                                                            const DnsQuestion& question,
                                                            const std::string& servers,
                                                            const std::stop_token& stop);

// A thread of its own ("targets-dns") asks; without an answer what was known stays, and problems() says so.
// Used by one thread; the destructor returns soon.
class DnsDiscovery {
public:
    // Sound questions only (checkQuestion()).
    explicit DnsDiscovery(std::vector<DnsQuestion> questions, std::string servers = {});
    // Asks other ones from now on: of those that stay what was known stays.
    DnsDiscovery(std::vector<DnsQuestion> questions, const DnsDiscovery& before);

    [[nodiscard]] const std::vector<DnsQuestion>& questions() const noexcept { return m_questions; }

    // True when targets() is another list than at the last call.
    [[nodiscard]] bool refresh();
    [[nodiscard]] std::vector<TargetSpec> targets() const;
    [[nodiscard]] std::vector<std::string> problems() const;

private:
    struct Asked {
        std::vector<std::string> hosts;
        std::string problem;
    };
    void begin();
    void run(const std::stop_token& stop);
    void ask(std::size_t which, const std::stop_token& stop);

    const std::vector<DnsQuestion> m_questions;
    const std::string m_servers;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    core::CondVar m_wake;
    std::vector<std::vector<Asked>> m_asked GUARDED_BY(m_mutex); // by question and name
    bool m_changed GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; // last: joins first
};

} // namespace targets
