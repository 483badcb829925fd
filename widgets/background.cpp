#include "widgets/background.h"

#include <QMetaObject>

#include <utility>

namespace widgets {

Background::Background(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& stop) { work(stop); })
{
}

Background::~Background()
{
    cancel();
    m_thread.request_stop();
    m_thread.join();
}

void Background::run(Job job)
{
    cancel();
    m_busy = true;
    {
        const core::MutexLock lock(m_mutex);
        m_next = std::move(job);
    }
    m_wanted.notify_one();
}

void Background::cancel()
{
    m_busy = false;
    const core::MutexLock lock(m_mutex);
    m_current.request_stop();
    m_current = std::stop_source();
    m_next = nullptr;
    m_done = nullptr;
}

void Background::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        Job job;
        std::stop_token given;
        {
            core::MutexLock lock(m_mutex);
            m_wanted.wait(lock, stop, [this]() REQUIRES(m_mutex) { return static_cast<bool>(m_next); });
            job = std::exchange(m_next, nullptr);
            given = m_current.get_token();
        }
        if (!job) {
            continue;
        }
        Finish finish = job(given);
        const core::MutexLock lock(m_mutex);
        if (!given.stop_requested()) {
            m_done = finish ? std::move(finish) : Finish([] {});
            // Carries nothing: the value waits under the mutex.
            QMetaObject::invokeMethod(
                this, [this] { collect(); }, Qt::QueuedConnection);
        }
    }
}

void Background::collect()
{
    Finish finish;
    {
        const core::MutexLock lock(m_mutex);
        if (m_next || !m_done) {
            return; // given up meanwhile
        }
        finish = std::exchange(m_done, nullptr);
    }
    m_busy = false;
    finish();
}

} // namespace widgets
