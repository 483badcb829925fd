#include "monitor/net/exchange.h"

#include <microhttpd.h>

#include <utility>

namespace net {

void Exchange::answer(Response response)
{
    const core::MutexLock lock(m_mutex);
    if (m_answered) {
        return;
    }
    m_answered = true;
    m_response = std::move(response);
    if (MHD_Connection* connection = std::exchange(m_asleep, nullptr)) {
        MHD_resume_connection(connection);
    }
}

std::optional<Response> Exchange::takeOrSleep(MHD_Connection* connection)
{
    const core::MutexLock lock(m_mutex);
    if (m_response) {
        return std::exchange(m_response, std::nullopt);
    }
    MHD_suspend_connection(connection);
    m_asleep = connection;
    return std::nullopt;
}

std::optional<Response> Exchange::take()
{
    const core::MutexLock lock(m_mutex);
    return std::exchange(m_response, std::nullopt);
}

} // namespace net
