// Files a person writes for the program: scenarios, channels, secrets' references, kubeconfigs, recorded CSV.
// Any bytes end in a value or in an error of one line. The first byte says which reader gets the rest.
#include "monitor/export/csv.h"
#include "monitor/load/scenario_file.h"
#include "monitor/notify/http.h"
#include "monitor/notify/secrets.h"
#include "monitor/notify/setup_check.h"
#include "monitor/notify/setup_file.h"
#include "monitor/respond/kubeconfig.h"

#include <yaml-cpp/yaml.h>

#include <cstddef>
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

bool oneLine(std::string_view text)
{
    return text.find_first_of(std::string_view("\n\r\0", 3)) == std::string_view::npos;
}

void scenarios(std::string_view text)
{
    if (const auto scenario = load::parseScenario(text, "fuzz.yml"); !scenario) {
        require(scenario.error().message.starts_with("fuzz.yml"));
    }
}

void channels(std::string_view text)
{
    YAML::Node root;
    try {
        root = YAML::Load(std::string(text));
    } catch (const YAML::Exception&) {
        return; // readNotify() is given what YAML has understood
    }
    const auto read = notify::readNotify(root);
    if (!read) {
        require(!read.error().reason.empty());
        return;
    }
    for (const metrics::ChannelSetup& channel : read->channels) { // what was let in can be judged again
        require(notify::checkSetup(channel).has_value());
    }
}

void clusters(std::string_view text)
{
    const auto access = respond::parseKubeconfig(text, "/nowhere");
    require(access || oneLine(access.error().message));
    static_cast<void>(respond::decodeBase64(text));
}

void lines(std::string_view text)
{
    require(!exporting::parseLine(text).empty());
}

void words(std::string_view text)
{
    const std::string bytes(text);
    notify::Redactor redact;
    redact.hideUrl(bytes);
    redact.hide("kanarienvogel");
    const std::string shown = redact("a kanarienvogel b " + bytes);
    require(shown.find("kanarienvogel") == std::string::npos && oneLine(shown));
    if (notify::checkUrl(bytes)) {
        require(oneLine(bytes) && bytes.find(' ') == std::string::npos);
    }
    static_cast<void>(http::parseRetryAfter(text, core::WallTime(std::chrono::hours(490'000))));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static constexpr std::size_t kMost = 16384;
    if (size < 1 || size > kMost) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        scenarios(text);
        break;
    case 1:
        channels(text);
        break;
    case 2:
        clusters(text);
        break;
    case 3:
        lines(text);
        break;
    default:
        words(text);
        break;
    }
    return 0;
}
