#include "monitor/cluster/reply_words.h"

#include "monitor/cluster/peer_reader.h"
#include "monitor/core/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace cluster {

bool isWell(const http::Reply& reply) noexcept
{
    return reply.status >= 200 && reply.status < 300;
}

bool isFinal(const http::Reply& reply) noexcept
{
    return reply.status >= 400 && reply.status < 500 && reply.status != 408 && reply.status != 429;
}

std::string reasonOf(const http::Reply& reply)
{
    if (reply.status == 0) {
        return core::oneLine(reply.error, 200);
    }
    if (reply.status >= 300 && reply.status < 400) {
        return fmt::format("HTTP {}: it sends us elsewhere, which is not followed", reply.status);
    }
    const std::string said = readRefusal(reply.body);
    return fmt::format("HTTP {}{}{}", reply.status, said.empty() ? "" : ": ", said);
}

bool isId(const std::string& id)
{
    return !id.empty() && id.size() <= 100 &&
           std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

std::string joined(const std::vector<std::string>& list)
{
    return fmt::format("{}", fmt::join(list, "; "));
}

} // namespace cluster
