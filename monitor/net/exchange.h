// One request and its answer while the HTTP library holds the connection. Shared by the library's thread and
// whoever answers, whichever lives longer.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/net/connection_watch.h"
#include "monitor/net/request.h"
#include "monitor/net/response.h"
#include "monitor/net/router.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

struct MHD_Connection;

namespace net {

class Exchange {
public:
    explicit Exchange(std::string_view rawTarget)
        : m_rawTarget(rawTarget)
    {
    }

    // On the library's thread only.
    Request request;
    const Route* route = nullptr;    // set once the request has been let in
    std::optional<Response> refusal; // set when it has not
    std::size_t bodyBytes = 0;
    bool begun = false;   // headers seen
    bool working = false; // counted among the requests being worked on

    [[nodiscard]] const std::string& rawTarget() const noexcept { return m_rawTarget; }

    // From any thread, the first call counts: keeps the answer and wakes the connection when it sleeps.
    void answer(Response response);
    // On the library's thread: the answer when there is one; else the connection is put to sleep until there
    // is.
    [[nodiscard]] std::optional<Response> takeOrSleep(MHD_Connection* connection);
    [[nodiscard]] std::optional<Response> take();

private:
    const std::string m_rawTarget;
    core::Mutex
        m_mutex; // guards what follows; the library's suspend and resume are called under it, both are quick
    std::optional<Response> m_response GUARDED_BY(m_mutex);
    bool m_answered GUARDED_BY(m_mutex) = false;
    MHD_Connection* m_asleep GUARDED_BY(m_mutex) = nullptr;
};

} // namespace net
