// What --scenario says: NAME[:key=value,…].
#pragma once

#include "monitor/core/lang.h"
#include "monitor/core/result.h"
#include "monitor/load/scenario_spec.h"

#include <string>
#include <string_view>

namespace load {

struct Request {
    std::string name;
    Parameters parameters;
};

// "exhaustion", "burst:rate=500,work=20". Numbers are decimal and finite, in the parameter's own unit. Errors
// say what is wrong and show the form; whether name and keys exist is Runner::start()'s to say.
[[nodiscard]] core::Result<Request> parse(std::string_view text, core::Lang lang);

} // namespace load
