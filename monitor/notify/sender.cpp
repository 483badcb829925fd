#include "monitor/notify/sender.h"

#include <chrono>
#include <utility>

namespace notify {

Sender::Sender(Make make, Done done)
    : m_make(std::move(make))
    , m_done(std::move(done))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

Sender::~Sender()
{
    m_thread.request_stop();
    m_thread.join();
}

void Sender::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        for (const Message& message : m_messages.waitAndDrain(stop, std::chrono::seconds(10))) {
            if (stop.stop_requested()) {
                return;
            }
            sendOne(message, stop);
            m_reported.store(true, std::memory_order_release);
        }
    }
}

void Sender::sendOne(const Message& message, const std::stop_token& stop)
{
    if (!m_channel) {
        auto made = m_make();
        if (!made) {
            // A secret that is missing may be there at the next try.
            m_done(message, Delivery::retry(made.error().message), made.error().message);
            return;
        }
        m_channel.emplace(std::move(*made));
    }
    const Delivery delivery = m_channel->notifier->send(message, stop);
    if (!stop.stop_requested()) {
        m_done(message, delivery, m_channel->redact(delivery.error));
    }
}

} // namespace notify
