#include "monitor/alert/json_fields.h"

#include "monitor/core/format.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alert::fields {

namespace {

constexpr int kMaxDepth = 16;

const json* find(const json& object, const char* key)
{
    if (!object.is_object()) {
        return nullptr;
    }
    const auto at = object.find(key);
    return at != object.end() ? &*at : nullptr;
}

} // namespace

json parse(std::string_view text, std::size_t maxBytes)
{
    if (text.size() > maxBytes) {
        return json(json::value_t::discarded);
    }
    int deepest = 0;
    json value = json::parse(
        text,
        [&deepest](int depth, json::parse_event_t, json&) {
            deepest = std::max(deepest, depth);
            return depth < kMaxDepth;
        },
        false);
    return deepest < kMaxDepth ? value : json(json::value_t::discarded);
}

json number(double value)
{
    return std::isfinite(value) ? json(value) : json(core::numberText(value));
}

json time(core::WallTime value)
{
    return value.time_since_epoch().count();
}

json labels(const metrics::Labels& labels)
{
    json object = json::object();
    for (const auto& [name, value] : labels) {
        object[core::validUtf8(name)] = core::validUtf8(value);
    }
    return object;
}

json text(std::string_view value)
{
    return core::validUtf8(value);
}

std::string textOf(const json& object, const char* key)
{
    const json* value = find(object, key);
    return value != nullptr && value->is_string() ? core::validUtf8(value->get_ref<const std::string&>())
                                                  : std::string();
}

double numberOf(const json& object, const char* key, double fallback)
{
    const json* value = find(object, key);
    double parsed = fallback;
    if (value != nullptr && value->is_number()) {
        return value->get<double>();
    }
    return value != nullptr && value->is_string() &&
                   promql::parseFloat(value->get_ref<const std::string&>(), parsed)
               ? parsed
               : fallback;
}

std::int64_t wholeOf(const json& object, const char* key, std::int64_t fallback)
{
    const json* value = find(object, key);
    if (value == nullptr || !value->is_number_integer()) {
        return fallback;
    }
    const bool tooBig =
        value->is_number_unsigned() &&
        value->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return tooBig ? fallback : value->get<std::int64_t>();
}

core::WallTime timeOf(const json& object, const char* key)
{
    // Beyond the year 9999 nothing can be shown.
    constexpr std::int64_t kMost = 253'402'300'799LL * 1'000'000;
    const std::int64_t micros = wholeOf(object, key);
    return micros >= 0 && micros <= kMost ? core::WallTime(std::chrono::microseconds(micros))
                                          : core::WallTime{};
}

metrics::Labels labelsOf(const json& object, const char* key)
{
    metrics::Labels labels;
    for (const auto& [name, value] : mapOf(object, key)) {
        labels.emplace_back(name, value);
    }
    return labels;
}

std::map<std::string, std::string> mapOf(const json& object, const char* key)
{
    std::map<std::string, std::string> result;
    const json* value = find(object, key);
    if (value != nullptr && value->is_object()) {
        for (const auto& [name, entry] : value->items()) {
            if (entry.is_string()) {
                result[core::validUtf8(name)] = core::validUtf8(entry.get_ref<const std::string&>());
            }
        }
    }
    return result;
}

const json& arrayOf(const json& object, const char* key)
{
    static const json empty = json::array();
    const json* value = find(object, key);
    return value != nullptr && value->is_array() ? *value : empty;
}

} // namespace alert::fields
