#include "monitor/load/curfew.h"

namespace load {

namespace {

constexpr core::Nanos kMoment = std::chrono::milliseconds(1000);

} // namespace

void Curfew::enter() {
    const core::MutexLock lock(m_mutex);
    ++m_inside;
}

void Curfew::leave() {
    const core::MutexLock lock(m_mutex);
    --m_inside;
    m_left.notify_all(); // under the lock: who waits may destroy this as soon as it is gone
}

void Curfew::close() {
    m_stop.request_stop();
    {
        core::MutexLock lock(m_mutex);
        m_left.wait_for(lock, kMoment, [this] { return m_inside == 0; });
    }
    m_abort.request_stop();
}

} // namespace load
