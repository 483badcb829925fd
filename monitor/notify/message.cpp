#include "monitor/notify/message.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <tuple>

namespace notify {

namespace {

using nlohmann::json;

std::int64_t micros(core::WallTime time)
{
    return time.time_since_epoch().count();
}

core::WallTime wallOf(const json& from, const char* key)
{
    return core::WallTime(std::chrono::microseconds(from.at(key).get<std::int64_t>()));
}

} // namespace

std::string Alert::label(std::string_view wanted) const
{
    const auto at =
        std::ranges::find(labels, wanted, [](const auto& pair) { return std::string_view(pair.first); });
    return at == labels.end() ? std::string() : at->second;
}

std::size_t Message::firing() const
{
    return static_cast<std::size_t>(std::ranges::count_if(alerts, &Alert::firing));
}

metrics::Severity Message::severity() const
{
    const bool any = firing() > 0;
    auto worst = metrics::Severity::Info;
    for (const Alert& alert : alerts) {
        if (alert.firing || !any) {
            worst = std::max(worst, alert.severity);
        }
    }
    return worst;
}

metrics::Labels Message::commonLabels() const
{
    metrics::Labels common = alerts.empty() ? metrics::Labels() : alerts.front().labels;
    std::erase_if(common, [&](const auto& pair) {
        return std::ranges::any_of(alerts, [&](const Alert& alert) {
            return std::ranges::find(alert.labels, pair) == alert.labels.end();
        });
    });
    return common;
}

std::map<std::string, std::string> Message::commonAnnotations() const
{
    auto common = alerts.empty() ? std::map<std::string, std::string>() : alerts.front().annotations;
    std::erase_if(common, [&](const auto& pair) {
        return std::ranges::any_of(alerts, [&](const Alert& alert) {
            const auto at = alert.annotations.find(pair.first);
            return at == alert.annotations.end() || at->second != pair.second;
        });
    });
    return common;
}

Alert alertOf(const metrics::AlertEvent& event)
{
    Alert alert;
    alert.incident = event.incidentId;
    alert.fingerprint = event.fingerprint;
    alert.firing = event.told != metrics::AlertTold::Resolved;
    alert.severity = event.severity;
    alert.labels = event.labels;
    alert.annotations = event.annotations;
    alert.summary = event.summary;
    alert.description = event.description;
    alert.value = core::humanText(event.value, event.unit);
    alert.expr = event.expr;
    alert.startsAt = event.startsAt;
    alert.endsAt = alert.firing ? core::WallTime() : event.endsAt;
    alert.at = event.at;
    return alert;
}

void sortAlerts(std::vector<Alert>& alerts)
{
    std::ranges::stable_sort(alerts, [](const Alert& a, const Alert& b) {
        return std::tuple(!a.firing, -static_cast<int>(a.severity), std::tie(a.labels)) <
               std::tuple(!b.firing, -static_cast<int>(b.severity), std::tie(b.labels));
    });
}

Message exampleMessage(const std::string& channel, core::WallTime now)
{
    Alert alert;
    alert.incident = "test";
    alert.severity = metrics::Severity::Warning;
    alert.labels = {{"alertname", "PoolscopeTest"}, {"severity", "warning"}};
    alert.annotations = {{"summary", "This is a test"},
                         {"description", "Sent by hand to see whether it arrives."}};
    alert.summary = "This is a test · 这是一条测试消息";
    alert.description = "Sent by hand to see whether it arrives. · 手动发送，用于确认通道可用。";
    alert.value = "92.3 %";
    alert.expr = "poolscope_test";
    alert.startsAt = now - std::chrono::minutes(2);
    alert.at = now;
    Message message;
    message.id = "test-" + std::to_string(micros(now));
    message.channel = channel;
    message.groupLabels = {{"alertname", "PoolscopeTest"}};
    message.groupKey = "{}:{alertname=\"PoolscopeTest\"}";
    message.alerts = {std::move(alert)};
    message.createdAt = now;
    message.test = true;
    return message;
}

json toJson(const Alert& alert)
{
    return {{"incident", alert.incident},
            {"fingerprint", alert.fingerprint},
            {"firing", alert.firing},
            {"severity", static_cast<int>(alert.severity)},
            {"labels", alert.labels},
            {"annotations", alert.annotations},
            {"summary", alert.summary},
            {"description", alert.description},
            {"value", alert.value},
            {"expr", alert.expr},
            {"startsAt", micros(alert.startsAt)},
            {"endsAt", micros(alert.endsAt)},
            {"at", micros(alert.at)}};
}

json toJson(const Message& message)
{
    json alerts = json::array();
    std::ranges::transform(message.alerts, std::back_inserter(alerts),
                           [](const Alert& a) { return toJson(a); });
    return {{"id", message.id},
            {"channel", message.channel},
            {"groupKey", message.groupKey},
            {"groupLabels", message.groupLabels},
            {"alerts", std::move(alerts)},
            {"createdAt", micros(message.createdAt)},
            {"test", message.test}};
}

core::Result<Alert> alertFromJson(const json& from)
{
    try {
        Alert alert;
        from.at("incident").get_to(alert.incident);
        from.at("fingerprint").get_to(alert.fingerprint);
        from.at("firing").get_to(alert.firing);
        const int severity = from.at("severity").get<int>();
        if (severity < 0 || severity > static_cast<int>(metrics::Severity::Critical)) {
            return core::fail("no such severity");
        }
        alert.severity = static_cast<metrics::Severity>(severity);
        from.at("labels").get_to(alert.labels);
        from.at("annotations").get_to(alert.annotations);
        from.at("summary").get_to(alert.summary);
        from.at("description").get_to(alert.description);
        from.at("value").get_to(alert.value);
        from.at("expr").get_to(alert.expr);
        alert.startsAt = wallOf(from, "startsAt");
        alert.endsAt = wallOf(from, "endsAt");
        alert.at = wallOf(from, "at");
        return alert;
    } catch (const json::exception& bad) {
        return core::fail(bad.what());
    }
}

core::Result<Message> messageFromJson(const json& from)
{
    try {
        Message message;
        from.at("id").get_to(message.id);
        from.at("channel").get_to(message.channel);
        from.at("groupKey").get_to(message.groupKey);
        from.at("groupLabels").get_to(message.groupLabels);
        message.createdAt = wallOf(from, "createdAt");
        from.at("test").get_to(message.test);
        for (const json& item : from.at("alerts")) {
            auto alert = alertFromJson(item);
            if (!alert) {
                return core::fail(alert.error().message);
            }
            message.alerts.push_back(std::move(*alert));
        }
        return message;
    } catch (const json::exception& bad) {
        return core::fail(bad.what());
    }
}

} // namespace notify
