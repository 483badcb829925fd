// The thread on which one channel sends: a server that hangs keeps no other waiting.
#pragma once

#include "monitor/core/bounded_queue.h"
#include "monitor/notify/setup_check.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace notify {

// Thread-safe. The destructor breaks off what is under way and joins; nothing is reported then.
class Sender {
public:
    using Make = std::function<core::Result<ReadyChannel>()>;
    // Called on this thread, once a message; `error` without secrets.
    using Done = std::function<void(const Message&, const Delivery&, const std::string& error)>;

    // `make` is asked at the first message, and again at the next one as long as it fails.
    Sender(Make make, Done done);
    ~Sender();

    void send(Message message) { m_messages.push(std::move(message)); }
    // True once a message was reported.
    [[nodiscard]] bool isDone() const noexcept { return m_reported.load(std::memory_order_acquire); }

private:
    void run(const std::stop_token& stop);
    void sendOne(const Message& message, const std::stop_token& stop);

    const Make m_make;
    const Done m_done;
    std::optional<ReadyChannel> m_channel; // this thread's alone
    std::atomic<bool> m_reported{false};
    core::BoundedQueue<Message> m_messages{16};
    std::jthread m_thread; // last: joins first
};

} // namespace notify
