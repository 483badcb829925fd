#include "monitor/targets/dns_sd.h"

#include "monitor/core/clock.h"
#include "monitor/core/format.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace targets {

namespace {

constexpr std::size_t kMostHosts = 500;
constexpr int kTryMillis = 2000; // the first try; the second waits twice as long
constexpr int kTries = 2;
constexpr int kSliceMicros = 50'000; // how soon a stop is heard

struct ChannelEnd {
    void operator()(ares_channel channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<std::remove_pointer_t<ares_channel>, ChannelEnd>;

struct Reply {
    bool over = false;
    int status = ARES_SUCCESS;
    std::string bytes;
};

void onReply(void* self, int status, int, unsigned char* bytes, int length)
{
    Reply& reply = *static_cast<Reply*>(self);
    reply.over = true;
    reply.status = status;
    if (bytes != nullptr && length > 0) {
        reply.bytes.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    }
}

core::Result<Channel> openChannel(const std::string& servers)
{
    static std::once_flag once;
    std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
    ares_options options{};
    options.timeout = kTryMillis;
    options.tries = kTries;
    ares_channel raw = nullptr;
    if (const int failed = ares_init_options(&raw, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
        failed != ARES_SUCCESS) {
        return core::fail(ares_strerror(failed));
    }
    Channel channel(raw);
    if (!servers.empty() && ares_set_servers_ports_csv(raw, servers.c_str()) != ARES_SUCCESS) {
        return core::fail("the servers are none: " + core::oneLine(servers, 100));
    }
    return channel;
}

// Until the reply is there or a stop is asked for.
void drive(ares_channel channel, const Reply& reply, const std::stop_token& stop)
{
    while (!reply.over) {
        if (stop.stop_requested()) {
            ares_cancel(channel);
            return;
        }
        std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
        const int mask = ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM);
        std::vector<pollfd> wanted;
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            const auto at = static_cast<unsigned>(i);
            const bool reads = (static_cast<unsigned>(mask) >> at & 1U) != 0;
            const bool writes = (static_cast<unsigned>(mask) >> (at + ARES_GETSOCK_MAXNUM) & 1U) != 0;
            if (reads || writes) {
                wanted.push_back(
                    {sockets[i], static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0});
            }
        }
        timeval slice{0, kSliceMicros};
        timeval room{};
        const timeval* next = ares_timeout(channel, &slice, &room);
        ::poll(wanted.data(), wanted.size(),
               static_cast<int>(next->tv_sec * 1000 + next->tv_usec / 1000) + 1);
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); // what is late
        for (const pollfd& socket : wanted) {
            const bool reads = (socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
            const bool writes = (socket.revents & POLLOUT) != 0;
            ares_process_fd(channel, reads ? socket.fd : ARES_SOCKET_BAD,
                            writes ? socket.fd : ARES_SOCKET_BAD);
        }
    }
}

std::string hostText(int family, const void* address, std::uint16_t port)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, address, text.data(), text.size());
    return family == AF_INET6 ? fmt::format("[{}]:{}", text.data(), port)
                              : fmt::format("{}:{}", text.data(), port);
}

// Of a host's name only what one can have: it becomes part of a URL.
bool isHost(std::string_view name)
{
    return !name.empty() && name.size() <= 253 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.-_") == std::string_view::npos;
}

std::optional<std::vector<std::string>> addressesIn(const Reply& reply, const DnsQuestion& question)
{
    hostent* found = nullptr;
    const auto* bytes = reinterpret_cast<const unsigned char*>(reply.bytes.data());
    const int length = static_cast<int>(reply.bytes.size());
    const int parsed = question.type == DnsQuestion::Type::A
                           ? ares_parse_a_reply(bytes, length, &found, nullptr, nullptr)
                           : ares_parse_aaaa_reply(bytes, length, &found, nullptr, nullptr);
    if (parsed != ARES_SUCCESS) {
        return parsed == ARES_ENODATA ? std::optional(std::vector<std::string>()) : std::nullopt;
    }
    const std::unique_ptr<hostent, decltype(&ares_free_hostent)> owned(found, ares_free_hostent);
    std::vector<std::string> hosts;
    for (char** address = found->h_addr_list; *address != nullptr && hosts.size() < kMostHosts; ++address) {
        hosts.push_back(hostText(found->h_addrtype, *address, question.port));
    }
    return hosts;
}

// A host's name as a record has it, with its port; nothing where it is none.
void addHost(std::vector<std::string>& hosts, const char* name, std::uint16_t port)
{
    std::string host = name;
    host.erase(host.find_last_not_of('.') + 1);
    if (isHost(host) && hosts.size() < kMostHosts) {
        hosts.push_back(fmt::format("{}:{}", host, port));
    }
}

std::optional<std::vector<std::string>> servicesIn(const Reply& reply)
{
    ares_srv_reply* found = nullptr;
    const int parsed = ares_parse_srv_reply(reinterpret_cast<const unsigned char*>(reply.bytes.data()),
                                            static_cast<int>(reply.bytes.size()), &found);
    if (parsed != ARES_SUCCESS) {
        return parsed == ARES_ENODATA ? std::optional(std::vector<std::string>()) : std::nullopt;
    }
    const std::unique_ptr<ares_srv_reply, decltype(&ares_free_data)> owned(found, ares_free_data);
    std::vector<std::string> hosts;
    for (const ares_srv_reply* one = found; one != nullptr; one = one->next) {
        if (one->port != 0) { // RFC 2782: a host "." is no service
            addHost(hosts, one->host, one->port);
        }
    }
    return hosts;
}

std::optional<std::vector<std::string>> exchangersIn(const Reply& reply, const DnsQuestion& question)
{
    ares_mx_reply* found = nullptr;
    const int parsed = ares_parse_mx_reply(reinterpret_cast<const unsigned char*>(reply.bytes.data()),
                                           static_cast<int>(reply.bytes.size()), &found);
    if (parsed != ARES_SUCCESS) {
        return parsed == ARES_ENODATA ? std::optional(std::vector<std::string>()) : std::nullopt;
    }
    const std::unique_ptr<ares_mx_reply, decltype(&ares_free_data)> owned(found, ares_free_data);
    std::vector<std::string> hosts;
    for (const ares_mx_reply* one = found; one != nullptr; one = one->next) {
        addHost(hosts, one->host, question.port);
    }
    return hosts;
}

std::optional<std::vector<std::string>> nameServersIn(const Reply& reply, const DnsQuestion& question)
{
    hostent* found = nullptr;
    const int parsed = ares_parse_ns_reply(reinterpret_cast<const unsigned char*>(reply.bytes.data()),
                                           static_cast<int>(reply.bytes.size()), &found);
    if (parsed != ARES_SUCCESS) {
        return parsed == ARES_ENODATA ? std::optional(std::vector<std::string>()) : std::nullopt;
    }
    const std::unique_ptr<hostent, decltype(&ares_free_hostent)> owned(found, ares_free_hostent);
    std::vector<std::string> hosts;
    for (char** name = found->h_aliases; name != nullptr && *name != nullptr; ++name) {
        addHost(hosts, *name, question.port);
    }
    return hosts;
}

std::optional<std::vector<std::string>> hostsIn(const Reply& reply, const DnsQuestion& question)
{
    switch (question.type) {
    case DnsQuestion::Type::A:
    case DnsQuestion::Type::Aaaa:
        return addressesIn(reply, question);
    case DnsQuestion::Type::Mx:
        return exchangersIn(reply, question);
    case DnsQuestion::Type::Ns:
        return nameServersIn(reply, question);
    case DnsQuestion::Type::Srv:
        break;
    }
    return servicesIn(reply);
}

int typeOf(DnsQuestion::Type type)
{
    switch (type) {
    case DnsQuestion::Type::A:
        return ns_t_a;
    case DnsQuestion::Type::Aaaa:
        return ns_t_aaaa;
    case DnsQuestion::Type::Mx:
        return ns_t_mx;
    case DnsQuestion::Type::Ns:
        return ns_t_ns;
    case DnsQuestion::Type::Srv:
        break;
    }
    return ns_t_srv;
}

} // namespace

core::Result<void> checkQuestion(const DnsQuestion& question)
{
    if (question.names.empty() || question.names.size() > 50 ||
        !std::all_of(question.names.begin(), question.names.end(), isHost)) {
        return core::fail("names: 1 … 50 names of hosts or services are expected");
    }
    if (question.type != DnsQuestion::Type::Srv && question.port == 0) {
        return core::fail("port: is needed for A, AAAA, MX and NS");
    }
    if (question.refresh < std::chrono::seconds(1) || question.refresh > std::chrono::hours(24)) {
        return core::fail("refresh_interval: 1s … 1d is expected");
    }
    if ((question.scheme != "http" && question.scheme != "https") || !question.path.starts_with('/')) {
        return core::fail("scheme, metrics_path: http or https, and a path that begins with / are expected");
    }
    return {};
}

core::Result<std::vector<std::string>> lookUp(const std::string& name, const DnsQuestion& question,
                                              const std::string& servers, const std::stop_token& stop)
{
    auto channel = openChannel(servers);
    if (!channel) {
        return core::fail(channel.error().message);
    }
    Reply reply;
    ares_search(channel->get(), name.c_str(), ns_c_in, typeOf(question.type), onReply, &reply);
    drive(channel->get(), reply, stop);
    if (reply.status == ARES_ENOTFOUND || reply.status == ARES_ENODATA) {
        return std::vector<std::string>();
    }
    if (reply.status != ARES_SUCCESS) {
        return core::fail(core::oneLine(ares_strerror(reply.status), 100));
    }
    auto hosts = hostsIn(reply, question);
    if (!hosts) {
        return core::fail("the answer cannot be understood");
    }
    std::sort(hosts->begin(), hosts->end());
    hosts->erase(std::unique(hosts->begin(), hosts->end()), hosts->end());
    return std::move(*hosts);
}

DnsDiscovery::DnsDiscovery(std::vector<DnsQuestion> questions, std::string servers)
    : m_questions(std::move(questions))
    , m_servers(std::move(servers))
{
    for (const DnsQuestion& question : m_questions) {
        m_asked.emplace_back(question.names.size());
    }
    begin();
}

DnsDiscovery::DnsDiscovery(std::vector<DnsQuestion> questions, const DnsDiscovery& before)
    : m_questions(std::move(questions))
    , m_servers(before.m_servers)
{
    const core::MutexLock lock(before.m_mutex);
    for (const DnsQuestion& question : m_questions) {
        const auto known = std::find(before.m_questions.begin(), before.m_questions.end(), question);
        m_asked.push_back(known == before.m_questions.end()
                              ? std::vector<Asked>(question.names.size())
                              : before.m_asked[static_cast<std::size_t>(known - before.m_questions.begin())]);
    }
    m_changed = true;
    begin();
}

void DnsDiscovery::begin()
{
    if (!m_questions.empty()) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

void DnsDiscovery::ask(std::size_t which, const std::stop_token& stop)
{
    const DnsQuestion& question = m_questions[which];
    for (std::size_t i = 0; i < question.names.size() && !stop.stop_requested(); ++i) {
        auto hosts = lookUp(question.names[i], question, m_servers, stop);
        if (stop.stop_requested()) {
            return;
        }
        const core::MutexLock lock(m_mutex);
        Asked& asked = m_asked[which][i];
        asked.problem = hosts ? std::string()
                              : fmt::format("DNS: {}: {}; what was known stays", question.names[i],
                                            hosts.error().message);
        if (hosts && *hosts != asked.hosts) {
            asked.hosts = std::move(*hosts);
            m_changed = true;
        }
    }
}

void DnsDiscovery::run(const std::stop_token& stop)
{
    const core::Clock& clock = core::SystemClock::instance();
    std::vector<core::SteadyTime> due(m_questions.size(), clock.steadyNow());
    while (!stop.stop_requested()) {
        for (std::size_t i = 0; i < m_questions.size(); ++i) {
            if (clock.steadyNow() >= due[i]) {
                ask(i, stop);
                due[i] = clock.steadyNow() + m_questions[i].refresh;
            }
        }
        core::MutexLock lock(m_mutex);
        m_wake.wait_until(lock, stop, *std::min_element(due.begin(), due.end()), [] { return false; });
    }
}

bool DnsDiscovery::refresh()
{
    const core::MutexLock lock(m_mutex);
    return std::exchange(m_changed, false);
}

std::vector<TargetSpec> DnsDiscovery::targets() const
{
    std::vector<TargetSpec> all;
    const core::MutexLock lock(m_mutex);
    for (std::size_t i = 0; i < m_questions.size(); ++i) {
        const DnsQuestion& question = m_questions[i];
        for (std::size_t n = 0; n < question.names.size(); ++n) {
            for (const std::string& host : m_asked[i][n].hosts) {
                TargetSpec spec;
                spec.url = question.scheme + "://" + host + question.path;
                spec.environment = question.environment;
                spec.tags = question.tags;
                spec.tags.push_back("dns=" + question.names[n]);
                if (auto sound = soundSpec(std::move(spec))) {
                    all.push_back(std::move(*sound));
                }
            }
        }
    }
    return all;
}

std::vector<std::string> DnsDiscovery::problems() const
{
    std::vector<std::string> all;
    const core::MutexLock lock(m_mutex);
    for (const auto& names : m_asked) {
        for (const Asked& asked : names) {
            if (!asked.problem.empty()) {
                all.push_back(asked.problem);
            }
        }
    }
    return all;
}

} // namespace targets
