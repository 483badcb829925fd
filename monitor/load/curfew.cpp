#include "monitor/load/curfew.h"

#include <utility>

namespace load {

namespace {

constexpr core::Nanos kMoment = std::chrono::milliseconds(1000);
constexpr core::Nanos kAgain = std::chrono::milliseconds(500);

} // namespace

Curfew::Lengthy::Lengthy(Curfew& curfew, std::function<void()> cut)
    : m_curfew(curfew)
    , m_cut(std::move(cut)) {
    const core::MutexLock lock(m_curfew.m_mutex);
    m_curfew.m_lengthy.push_back(this);
}

Curfew::Lengthy::~Lengthy() {
    const core::MutexLock lock(m_curfew.m_mutex);
    std::erase(m_curfew.m_lengthy, this);
}

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
    core::MutexLock lock(m_mutex);
    const auto allGone = [this] { return m_inside == 0; };
    m_left.wait_for(lock, kMoment, allGone);
    while (m_inside > 0) {
        for (const Lengthy* lengthy : m_lengthy) {
            lengthy->m_cut();
        }
        m_left.wait_for(lock, kAgain, allGone);
    }
}

} // namespace load
