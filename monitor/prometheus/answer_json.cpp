#include "monitor/prometheus/answer_json.h"

#include "monitor/core/format.h"

namespace prometheus {

using nlohmann::json;

namespace {

constexpr int kDeepest = 16;

} // namespace

// `data` of an answer that says success.
core::Result<json> dataOf(std::string_view text)
{
    const auto shallow = [](int depth, json::parse_event_t, json&) {
        return depth <= kDeepest;
    }; // deeper is left out
    const json root = json::parse(text.begin(), text.end(), shallow, false);
    if (!root.is_object()) {
        return core::fail("the answer is no JSON", "strange");
    }
    const auto word = [&root](const char* key) {
        const auto found = root.find(key);
        return found != root.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (word("status") == "error") {
        return core::fail(
            core::oneLine(word("error").empty() ? "the server gives no reason" : word("error"), 500),
            core::oneLine(word("errorType"), 40));
    }
    if (word("status") != "success" || !root.contains("data")) {
        return core::fail("the answer is not that of a Prometheus-compatible server", "strange");
    }
    return root["data"];
}

std::string wordOf(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string()
               ? core::oneLine(found->get<std::string>(), 2000)
               : std::string();
}

const json& partOf(const json& object, const char* key)
{
    static const json nothing;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

const json& listOf(const json& object, const char* key)
{
    static const json none = json::array();
    const json& part = partOf(object, key);
    return part.is_array() ? part : none;
}

metrics::Labels labelsOf(const json& object)
{
    metrics::Labels labels;
    if (object.is_object()) {
        for (const auto& [name, value] : object.items()) { // sorted by name
            if (value.is_string()) {
                labels.emplace_back(name, value.get<std::string>());
            }
        }
    }
    return labels;
}

core::Unexpected<core::Error> tooMany()
{
    return core::fail("the answer holds too much", "strange");
}

} // namespace prometheus
