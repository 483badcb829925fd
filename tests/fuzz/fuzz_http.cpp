// Any bytes as a request head: nothing crashes, what is let in is clean, and nobody gets in under a foreign
// name.
#include "monitor/net/accept.h"
#include "monitor/net/admission.h"
#include "monitor/net/prometheus_parse.h"
#include "monitor/net/public_text.h"
#include "monitor/net/scenarios_handler.h"
#include "monitor/net/url.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

// "target\nname:value\nname:value…": the head as the library would have cut it.
net::Request requestFrom(std::string_view bytes, std::string& target)
{
    net::Request request;
    request.method = "GET";
    request.version = "HTTP/1.1";
    target = std::string(bytes.substr(0, bytes.find('\n')));
    while (bytes.find('\n') != std::string_view::npos) {
        bytes.remove_prefix(bytes.find('\n') + 1);
        const std::string_view line = bytes.substr(0, bytes.find('\n'));
        const auto colon = std::min(line.find(':'), line.size());
        request.headers.emplace_back(
            net::lowerCase(line.substr(0, colon)),
            std::string(net::trimmed(line.substr(std::min(colon + 1, line.size())))));
    }
    return request;
}

void admitted(const net::Request& request)
{
    require(request.path.starts_with('/') && request.path.find('\0') == std::string::npos);
    require(request.headerCount("host") == 1);
    for (const auto& [name, value] : request.query) {
        require(name.find('\0') == std::string::npos && value.find('\0') == std::string::npos);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    net::Router router;
    router.add({"GET", "/a", {}});
    router.add({"GET", "/label/:name/values", {}});
    const net::Guard guard("127.0.0.1", {}, "token");
    const net::Admission admission(router, guard, {});
    std::string target;
    net::Request request = requestFrom(bytes, target);
    const net::Verdict verdict = admission.admit(request, {target, size, true}, core::Lang::English);
    require((verdict.route != nullptr) != verdict.refusal.has_value());
    if (verdict.route) {
        admitted(request);
    }

    static_cast<void>(net::negotiateExposition(bytes));
    static_cast<void>(net::negotiateLanguage(bytes, core::Lang::English));
    static_cast<void>(net::parseApiTime(bytes));
    static_cast<void>(net::parseApiDuration(bytes));
    require(net::publicCause(bytes).find('\n') == std::string::npos);
    metrics::ScenarioRow row;
    row.parameters.push_back({"rate", "", "", 1, 1, 0, 10, true});
    if (const auto parameters = net::parseParameters(bytes, row, core::Lang::English)) {
        for (const auto& [name, value] : *parameters) {
            require((name == "rate" && value >= 0 && value <= 10) ||
                    (name == "consent" && (value == 0 || value == 1)));
        }
    }
    return 0;
}
