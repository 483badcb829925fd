#include "monitor/load/request.h"

#include "monitor/core/format.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace load {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

core::Unexpected<core::Error> malformed(std::string_view text, core::Lang lang, core::Text why) {
    const std::string shown = core::oneLine(text, 80);
    return core::fail(
        lang == core::Lang::Chinese
            ? fmt::format("场景“{}”：{}；格式为 名称[:参数=数值,…]，例如 burst:rate=500,duration=30", shown,
                          why.chinese)
            : fmt::format("scenario \"{}\": {}; the form is NAME[:key=value,…], for example "
                          "burst:rate=500,duration=30",
                          shown, why.english),
        "malformed");
}

} // namespace

core::Result<Request> parse(std::string_view text, core::Lang lang) {
    const std::size_t colon = text.find(':');
    Request request;
    request.name = std::string(trimmed(text.substr(0, colon)));
    if (request.name.empty()) {
        return malformed(text, lang, {"there is no name", "缺少名称"});
    }
    std::string_view rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (colon != std::string_view::npos && trimmed(rest).empty()) {
        return malformed(text, lang, {"nothing follows the colon", "冒号后没有内容"});
    }
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const std::string_view item = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        const std::size_t equals = item.find('=');
        const std::string_view key = trimmed(item.substr(0, equals));
        if (equals == std::string_view::npos || key.empty() ||
            (comma != std::string_view::npos && rest.empty())) {
            return malformed(text, lang, {"a key=value is missing", "缺少 参数=数值"});
        }
        const std::string_view digits = trimmed(item.substr(equals + 1));
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
            return malformed(text, lang, {"a value is not a number", "数值无效"});
        }
        if (!request.parameters.emplace(key, value).second) {
            return malformed(text, lang, {"a key is given twice", "参数重复"});
        }
    }
    return request;
}

} // namespace load
