#include "monitor/net/accept.h"

#include "monitor/net/request.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace net {

namespace {

// No client needs more; a header of 16 KiB of commas must not cost.
constexpr std::size_t kMaxItems = 64;

struct Item {
    std::string value; // lower case, without parameters
    std::string version;
    int quality = 1000; // thousandths
};

std::string_view nextPart(std::string_view& text, char separator)
{
    const auto end = std::min(text.find(separator), text.size());
    const std::string_view part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

// weight = "0" ["." 0*3DIGIT] | "1" ["." 0*3("0")]; nothing when it is none.
std::optional<int> quality(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return std::nullopt;
    }
    int thousandths = (text[0] - '0') * 1000;
    int weight = 100;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        thousandths += (digit - '0') * weight;
        weight /= 10;
    }
    return thousandths <= 1000 ? std::optional(thousandths) : std::nullopt;
}

std::optional<Item> parseItem(std::string_view text)
{
    Item item;
    item.value = lowerCase(nextPart(text, ';'));
    while (!text.empty()) {
        const std::string_view parameter = nextPart(text, ';');
        const auto equals = std::min(parameter.find('='), parameter.size());
        const std::string name = lowerCase(trimmed(parameter.substr(0, equals)));
        std::string_view value = trimmed(parameter.substr(std::min(equals + 1, parameter.size())));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        if (name == "q") {
            const auto weight = quality(value);
            if (!weight) {
                return std::nullopt;
            }
            item.quality = *weight;
        } else if (name == "version") {
            item.version = value;
        }
    }
    return item.value.empty() ? std::nullopt : std::optional(item);
}

std::vector<Item> parseItems(std::string_view text)
{
    std::vector<Item> items;
    while (!text.empty() && items.size() < kMaxItems) {
        if (auto item = parseItem(nextPart(text, ','))) {
            items.push_back(std::move(*item));
        }
    }
    return items;
}

} // namespace

ExpositionFormat negotiateExposition(std::string_view accept)
{
    int open = 0;
    int plain = -1;
    int wildcard = 0;
    for (const Item& item : parseItems(accept)) {
        if (item.value == "application/openmetrics-text" &&
            (item.version.empty() || item.version == "1.0.0")) {
            open = std::max(open, item.quality);
        } else if (item.value == "text/plain" && (item.version.empty() || item.version == "0.0.4")) {
            plain = std::max(plain, item.quality);
        } else if (item.value == "text/*" || item.value == "*/*") {
            wildcard = std::max(wildcard, item.quality);
        }
    }
    return open > 0 && open >= (plain >= 0 ? plain : wildcard) ? ExpositionFormat::OpenMetrics1
                                                               : ExpositionFormat::Text004;
}

core::Lang negotiateLanguage(std::string_view acceptLanguage, core::Lang fallback)
{
    int best = 0;
    core::Lang lang = fallback;
    for (const Item& item : parseItems(acceptLanguage)) {
        if (item.quality > best && item.value != "*") {
            best = item.quality;
            lang = item.value == "zh" || item.value.starts_with("zh-") ? core::Lang::Chinese
                                                                       : core::Lang::English;
        }
    }
    return lang;
}

} // namespace net
