#include "monitor/net/mhd_glue.h"

#include <string>

namespace net {

namespace {

MHD_Result addHeader(void* target, MHD_ValueKind, const char* name, size_t nameSize, const char* value,
                     size_t valueSize)
{
    auto& walk = *static_cast<HeaderWalk*>(target);
    const std::string_view text = value ? std::string_view(value, valueSize) : std::string_view();
    walk.headers.emplace_back(lowerCase({name, nameSize}), std::string(text));
    walk.pieces.emplace_back(name, nameSize);
    walk.pieces.push_back(text);
    return MHD_YES;
}

void freeBytes(void* holder)
{
    delete static_cast<std::shared_ptr<const std::string>*>(holder);
}

} // namespace

void walkHeaders(MHD_Connection* connection, HeaderWalk& walk)
{
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &addHeader, &walk);
}

std::size_t headerBytes(MHD_Connection* connection)
{
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

int socketOf(MHD_Connection* connection)
{
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

MhdResponse makeResponse(const Response& response)
{
    auto holder = std::make_unique<std::shared_ptr<const std::string>>(
        response.body ? response.body : std::make_shared<const std::string>());
    const std::string& bytes = **holder;
    // This version of the library takes a void* but only reads.
    void* data = const_cast<char*>(bytes.data());
    MhdResponse made(
        MHD_create_response_from_buffer_with_free_callback_cls(bytes.size(), data, &freeBytes, holder.get()));
    if (!made) {
        return made;
    }
    static_cast<void>(holder.release()); // the response's own now
    const auto add = [&](const char* name, const std::string& value) {
        MHD_add_response_header(made.get(), name, value.c_str());
    };
    add("Content-Type", response.contentType);
    add("X-Content-Type-Options", "nosniff");
    add("Cache-Control", "no-store");
    add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    for (const auto& [name, value] : response.headers) {
        add(name.c_str(), value);
    }
    return made;
}

} // namespace net
