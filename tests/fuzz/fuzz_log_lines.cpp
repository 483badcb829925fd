// Bytes of a log file, in any encoding and cut anywhere, to lines and what they say.
#include "monitor/collect/logs/line_decoder.h"
#include "monitor/collect/logs/line_facts.h"
#include "monitor/core/format.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static constexpr std::array kEncodings{"auto", "UTF-16LE",   "UTF-16BE", "UTF-32",
                                           "GBK",  "ISO-8859-1", "UTF-7"};
    if (size < 2) {
        return 0;
    }
    collect::LineDecoder decoder(kEncodings[data[0] % kEncodings.size()]);
    const std::size_t step = data[1] + 1U;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    const collect::LineReader reader({"fuzz", "/fuzz"});
    const auto sink = [&](std::string_view line) {
        if (core::validUtf8(line) != line) {
            std::abort();
        }
        (void)reader.read(line);
    };
    decoder.begin(bytes.substr(0, 4));
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.substr(at, step), sink);
    }
    decoder.finish(sink);
    return 0;
}
