#include "monitor/alert/silence.h"

#include "monitor/core/format.h"
#include "monitor/core/time_text.h"
#include "monitor/promql/text.h"
#include "monitor/series/label_ops.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace alert {

using metrics::SilenceMatcher;
using metrics::SilenceRow;
using nlohmann::json;

namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;
constexpr std::size_t kMaxMatchers = 64;
constexpr std::size_t kMaxText = 4096;

series::MatchOp opOf(const SilenceMatcher& matcher) noexcept
{
    return matcher.isRegex ? (matcher.isEqual ? series::MatchOp::Regex : series::MatchOp::NotRegex)
                           : (matcher.isEqual ? series::MatchOp::Equal : series::MatchOp::NotEqual);
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto last = text.find_last_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

std::string textOf(const json& object, const char* key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_string()
               ? core::validUtf8(at->get_ref<const std::string&>().substr(0, kMaxText))
               : std::string();
}

bool flagOf(const json& object, const char* key, std::optional<bool> fallback, bool& missing)
{
    const auto at = object.find(key);
    if (at != object.end() && at->is_boolean()) {
        return at->get<bool>();
    }
    missing = missing || at != object.end() || !fallback;
    return fallback.value_or(false);
}

core::Result<SilenceRow> rowOf(const json& object)
{
    if (!object.is_object()) {
        return core::fail("a silence must be an object", "bad_silence");
    }
    SilenceRow row;
    const auto matchers = object.find("matchers");
    if (matchers == object.end() || !matchers->is_array()) {
        return core::fail("matchers in body is required", "bad_silence");
    }
    for (const json& one : *matchers) {
        bool wrong = !one.is_object() || !one.contains("name") || !one.contains("value");
        if (!wrong) {
            SilenceMatcher matcher{textOf(one, "name"), textOf(one, "value")};
            matcher.isRegex = flagOf(one, "isRegex", std::nullopt, wrong);
            matcher.isEqual = flagOf(one, "isEqual", true, wrong);
            row.matchers.push_back(std::move(matcher));
        }
        if (wrong || row.matchers.size() > kMaxMatchers) {
            return core::fail("each matcher needs name, value and isRegex", "bad_silence");
        }
    }
    for (const auto& [key, target] :
         {std::pair{"startsAt", &row.startsAt}, std::pair{"endsAt", &row.endsAt}}) {
        const auto time = parseTime(textOf(object, key));
        if (!time) {
            return core::fail(fmt::format("{} in body must be a time", key), "bad_silence");
        }
        *target = *time;
    }
    const auto updated = parseTime(textOf(object, "updatedAt"));
    row.updatedAt = updated ? *updated : core::WallTime{};
    row.id = textOf(object, "id");
    row.createdBy = textOf(object, "createdBy");
    row.comment = textOf(object, "comment");
    return row;
}

json objectOf(const SilenceRow& silence, core::WallTime now)
{
    json matchers = json::array();
    for (const SilenceMatcher& matcher : silence.matchers) {
        matchers.push_back({{"name", matcher.name},
                            {"value", core::validUtf8(matcher.value)},
                            {"isRegex", matcher.isRegex},
                            {"isEqual", matcher.isEqual}});
    }
    return {{"id", silence.id},
            {"matchers", std::move(matchers)},
            {"startsAt", core::isoUtc(silence.startsAt)},
            {"endsAt", core::isoUtc(silence.endsAt)},
            {"updatedAt", core::isoUtc(silence.updatedAt)},
            {"createdBy", core::validUtf8(silence.createdBy)},
            {"comment", core::validUtf8(silence.comment)},
            {"status", {{"state", metrics::silenceStateName(silence.stateAt(now))}}}};
}

core::Result<json> parsed(std::string_view text)
{
    if (text.size() > kMaxBytes) {
        return core::fail("more than 1 MiB", "bad_silence");
    }
    // Nesting is bounded by hand: the library's recursion is not.
    int depth = 0;
    auto value = json::parse(
        text,
        [&depth](int at, json::parse_event_t, json&) {
            depth = std::max(depth, at);
            return at < 16;
        },
        false);
    if (value.is_discarded() || depth >= 16) {
        return core::fail("no JSON that can be read", "bad_silence");
    }
    return value;
}

// The value of a matcher: a quoted string, or everything as it stands.
core::Result<std::string> valueOf(std::string_view text)
{
    if (!text.starts_with('"')) {
        return std::string(text);
    }
    auto plain = promql::unquote(text);
    return plain ? std::move(plain)
                 : core::fail("a quoted value does not end well: " + core::oneLine(text, 60));
}

} // namespace

core::Result<CompiledSilence> CompiledSilence::make(SilenceRow row)
{
    if (row.matchers.empty() || row.matchers.size() > kMaxMatchers) {
        return core::fail("invalid silence: at least one matcher required", "bad_silence");
    }
    std::vector<series::Matcher> matchers;
    for (const SilenceMatcher& one : row.matchers) {
        if (!series::isLabelName(one.name)) {
            return core::fail("invalid silence: invalid label name \"" + core::oneLine(one.name, 60) + "\"",
                              "bad_silence");
        }
        auto made = series::Matcher::make(opOf(one), one.name, one.value);
        if (!made) {
            return core::fail("invalid silence: " + made.error().message, "bad_silence");
        }
        matchers.push_back(std::move(*made));
    }
    if (std::all_of(matchers.begin(), matchers.end(),
                    [](const auto& matcher) { return matcher.matches(""); })) {
        return core::fail("invalid silence: at least one matcher must not match the empty string",
                          "bad_silence");
    }
    if (row.endsAt <= row.startsAt) {
        return core::fail("invalid silence: end time must not be before start time", "bad_silence");
    }
    return CompiledSilence(std::move(row), std::move(matchers));
}

core::Result<SilenceMatcher> parseMatcher(std::string_view text)
{
    const std::string_view all = trimmed(text);
    const auto at = all.find_first_of("=!");
    if (at == std::string_view::npos || at == 0) {
        return core::fail("a matcher is name=value, name!=value, name=~regex or name!~regex: " +
                          core::oneLine(all, 60));
    }
    SilenceMatcher matcher;
    matcher.name = std::string(trimmed(all.substr(0, at)));
    const std::string_view op = all.substr(at, 2);
    matcher.isEqual = op != "!=" && op != "!~";
    matcher.isRegex = op == "=~" || op == "!~";
    const bool lone = all[at] == '!' && matcher.isEqual; // "!" that is no operator
    auto value = valueOf(trimmed(all.substr(at + (matcher.isRegex || !matcher.isEqual ? 2 : 1))));
    if (!series::isLabelName(matcher.name) || lone) {
        return core::fail("no label name: " + core::oneLine(matcher.name, 60));
    }
    if (!value) {
        return core::Unexpected<core::Error>{value.error()};
    }
    matcher.value = std::move(*value);
    return matcher;
}

core::Result<std::vector<SilenceMatcher>> parseMatchers(std::string_view text)
{
    std::string_view rest = trimmed(text);
    if (rest.starts_with('{') && rest.ends_with('}') && rest.size() >= 2) {
        rest = trimmed(rest.substr(1, rest.size() - 2));
    }
    std::vector<SilenceMatcher> matchers;
    while (!rest.empty()) {
        std::size_t end = 0;
        for (bool quoted = false; end < rest.size() && (quoted || rest[end] != ','); ++end) {
            if (quoted && rest[end] == '\\') {
                ++end;
            } else if (rest[end] == '"') {
                quoted = !quoted;
            }
        }
        end = std::min(end, rest.size());
        auto matcher = parseMatcher(rest.substr(0, end));
        if (!matcher) {
            return core::Unexpected<core::Error>{matcher.error()};
        }
        matchers.push_back(std::move(*matcher));
        rest = trimmed(end < rest.size() ? rest.substr(end + 1) : std::string_view());
    }
    return matchers;
}

std::string newSilenceId()
{
    std::random_device random;
    const auto word = [&random] { return std::uint64_t{random()} << 32U | random(); };
    const std::uint64_t high = (word() & 0xffffffffffff0fffULL) | 0x4000ULL;            // RFC 4122: version 4
    const std::uint64_t low = (word() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL; // and variant 1
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                       high & 0xffffU, low >> 48U, low & 0xffffffffffffULL);
}

core::Result<SilenceRow> readSilence(std::string_view text)
{
    const auto value = parsed(text);
    return value ? rowOf(*value) : core::Unexpected<core::Error>{value.error()};
}

core::Result<std::vector<SilenceRow>> readSilences(std::string_view text, std::vector<std::string>& problems)
{
    const auto value = parsed(text);
    if (!value) {
        return core::Unexpected<core::Error>{value.error()};
    }
    if (!value->is_array()) {
        return core::fail("an array of silences is expected", "bad_silence");
    }
    std::vector<SilenceRow> rows;
    for (std::size_t i = 0; i < value->size(); ++i) {
        auto row = rowOf((*value)[i]);
        if (row) {
            rows.push_back(std::move(*row));
        } else {
            problems.push_back(fmt::format("silence {}: {}", i + 1, row.error().message));
        }
    }
    return rows;
}

std::string silenceJson(const SilenceRow& silence, core::WallTime now)
{
    return objectOf(silence, now).dump();
}

std::string silencesJson(std::span<const SilenceRow> silences, core::WallTime now)
{
    json array = json::array();
    for (const SilenceRow& silence : silences) {
        array.push_back(objectOf(silence, now));
    }
    return array.dump();
}

core::Result<core::WallTime> parseTime(std::string_view text)
{
    return core::parseRfc3339(text);
}

} // namespace alert
