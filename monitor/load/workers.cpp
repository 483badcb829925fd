#include "monitor/load/workers.h"

namespace load {

Workers::~Workers() {
    m_curfew.close();
    m_threads.clear(); // joins
}

void Workers::add(int count, const Work& work) {
    m_threads.reserve(m_threads.size() + static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const int index = static_cast<int>(m_threads.size());
        m_threads.emplace_back([this, work, index] {
            m_curfew.enter();
            work(m_curfew.stop(), index);
            m_curfew.leave();
        });
    }
}

} // namespace load
