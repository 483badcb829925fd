// The ordinary callers several scenarios have in the background.
#pragma once

#include "monitor/load/context.h"
#include "monitor/load/workers.h"

#include <string_view>

namespace load::steps {

// A cheap statement that needs no schema.
inline constexpr Statement kPing{"SELECT 1"};

// `clients` callers, each asking for a connection, running the statement, giving it back and pausing, over
// and over.
struct Clients {
    int count = 1;
    std::string_view tag; // literals only
    std::string_view sql; // outlives the workers
    core::Nanos deadline = std::chrono::seconds(5);
    core::Nanos pause = std::chrono::milliseconds(100);
};
void addClients(Workers& workers, Context& context, const Clients& clients);

} // namespace load::steps
