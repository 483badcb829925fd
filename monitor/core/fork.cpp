#include "monitor/core/fork.h"

#include <pthread.h>

namespace core {

Process::Process()
{
    static const int watching =
        pthread_atfork(nullptr, nullptr, [] { s_forks.fetch_add(1, std::memory_order_relaxed); });
    (void)watching; // ENOMEM at worst: then children are taken for us, as without this class
    m_forks = s_forks.load(std::memory_order_relaxed);
}

} // namespace core
