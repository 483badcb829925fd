// The few things asked of libmicrohttpd's C interface, in our types. For http_server.cpp only.
#pragma once

#include "monitor/net/request.h"
#include "monitor/net/response.h"

#include <microhttpd.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace net {

// The request's headers, as values and as the memory they were received in.
struct HeaderWalk {
    Fields& headers;
    std::vector<std::string_view> pieces;
};

void walkHeaders(MHD_Connection* connection, HeaderWalk& walk);
// Of the whole head as received.
[[nodiscard]] std::size_t headerBytes(MHD_Connection* connection);
[[nodiscard]] int socketOf(MHD_Connection* connection);

struct DestroyResponse {
    void operator()(MHD_Response* response) const noexcept { MHD_destroy_response(response); }
};
using MhdResponse = std::unique_ptr<MHD_Response, DestroyResponse>;

// With the content type, the security headers and the response's own; its bytes are shared, not copied. Null
// when there is no memory.
[[nodiscard]] MhdResponse makeResponse(const Response& response);

} // namespace net
