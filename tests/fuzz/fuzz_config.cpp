// The main configuration file. Any bytes end in settings that stay within what they may be, or in one line
// that names file and line and leaves the settings before untouched.
#include "monitor/engine/config.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static constexpr std::size_t kMost = 16384;
    if (size > kMost) {
        return 0;
    }
    const std::string text(reinterpret_cast<const char*>(data), size);
    engine::Config config;
    config.dataDir = "/before";
    const auto read = engine::readConfigText(text, "fuzz.yml", config);
    if (!read) {
        const std::string& why = read.error().message;
        require(why.starts_with("fuzz.yml:") && why.find('\n') == std::string::npos &&
                why.size() < 4 * kMost);
        require(config.dataDir == "/before" && config.sections.empty());
        return 0;
    }
    require(config.interval >= std::chrono::milliseconds(100) && config.interval <= std::chrono::seconds(60));
    require(!config.listen || !config.listen->host.empty());
    engine::Config again;
    again.dataDir = "/before";
    require(engine::readConfigText(text, "fuzz.yml", again).has_value() && again.sections == config.sections);
    return 0;
}
