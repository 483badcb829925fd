// A real HTTP server that speaks Kubernetes' scale API the way the API server does: keeps the state, refuses
// what is out of date (409), who is not known (401) or may not (403), and can be slow or broken when told.
// Also a webhook.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

class ScaleServer {
    template <class Work>
    auto locked(Work work) const
    {
        const std::lock_guard lock(m_mutex);
        return work();
    }

public:
    ScaleServer();
    ~ScaleServer();
    ScaleServer(const ScaleServer&) = delete;
    ScaleServer& operator=(const ScaleServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] int replicas() const
    {
        return locked([this] { return m_replicas; });
    }
    void setReplicas(int replicas)
    {
        locked([&] {
            m_replicas = replicas;
            ++m_version;
            return 0;
        });
    }
    // Deployment "app" in "shop"; the token it knows.
    static constexpr const char* kToken = "secret-token-1";
    static constexpr const char* kWeakToken = "may-only-read"; // GET is allowed, PUT is 403

    // Before each of the next `count` PUTs somebody else changes the object, by `change` replicas: 409.
    void disturb(int count, int change = 0);
    // The next `count` requests are answered with this status (500, 503 …) and nothing is done.
    void fail(int count, int status);
    // Every answer takes this long (ends early when the server does).
    void delay(std::chrono::milliseconds span) { m_delay = span; }
    // status.replicas stays behind spec.replicas until told otherwise.
    void holdBack(bool on) { m_holdBack = on; }
    // "METHOD path" and the body, in the order they came.
    struct Seen {
        std::string line;
        std::string body;
    };
    [[nodiscard]] std::vector<Seen> seen() const
    {
        return locked([this] { return m_seen; });
    }

private:
    void serve(const std::stop_token& stop);
    void handle(int client, const std::stop_token& stop);
    [[nodiscard]] std::string answer(const std::string& line, const std::string& token,
                                     const std::string& body);
    [[nodiscard]] std::string put(const std::string& body);
    [[nodiscard]] std::string object() const;

    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<std::chrono::milliseconds> m_delay{std::chrono::milliseconds(0)};
    std::atomic<bool> m_holdBack{false};
    mutable std::mutex m_mutex; // guards what follows
    int m_replicas = 2;
    int m_ready = 2;
    int m_version = 100;
    int m_disturbances = 0, m_disturbance = 0;
    int m_failures = 0, m_failure = 500;
    std::vector<Seen> m_seen;
    std::jthread m_thread; // last: joins first
};

} // namespace support
