#include "monitor/cluster/peer_reader.h"

#include "monitor/alert/json_fields.h"
#include "monitor/alert/silence.h"
#include "monitor/core/format.h"
#include "monitor/metrics/fingerprint.h"
#include "monitor/metrics/label_of.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace cluster {

namespace fields = alert::fields;
using fields::json;
using metrics::ClusterAlert;

namespace {

constexpr std::size_t kMostText = 2000; // characters of one

std::string shortText(const json& object, const char* key)
{
    return core::oneLine(fields::textOf(object, key), kMostText);
}

const json& objectOf(const json& object, const char* key)
{
    static const json kNone = json::object();
    const auto at = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && at != object.end() && at->is_object() ? *at : kNone;
}

std::vector<std::string> textsOf(const json& object, const char* key)
{
    std::vector<std::string> texts;
    for (const json& one : fields::arrayOf(object, key)) {
        if (one.is_string() && texts.size() < kMostRows) {
            texts.push_back(core::oneLine(one.get_ref<const std::string&>(), kMostText));
        }
    }
    return texts;
}

metrics::Severity severityIn(const metrics::Labels& labels)
{
    const std::string_view text = metrics::labelOf(labels, "severity");
    if (text == "critical" || text == "page" || text == "error" || text == "emergency") {
        return metrics::Severity::Critical;
    }
    return text == "info" || text == "none" || text == "notice" ? metrics::Severity::Info
                                                                : metrics::Severity::Warning;
}

std::optional<ClusterAlert> alertOf(const json& one)
{
    ClusterAlert alert;
    alert.labels = fields::labelsOf(one, "labels");
    const auto starts = alert::parseTime(fields::textOf(one, "startsAt"));
    if (alert.labels.empty() || !starts) {
        return std::nullopt;
    }
    // As the peer names it: its silences' and inhibitions' references are by it.
    alert.fingerprint = shortText(one, "fingerprint");
    if (alert.fingerprint.empty()) {
        alert.fingerprint = metrics::fingerprintText(metrics::fingerprintOf(alert.labels));
    }
    alert.name = core::oneLine(metrics::labelOf(alert.labels, "alertname"), kMostText);
    alert.severity = severityIn(alert.labels);
    alert.startsAt = *starts;
    alert.annotations = fields::mapOf(one, "annotations");
    for (const json& receiver : fields::arrayOf(one, "receivers")) {
        alert.receivers.push_back(shortText(receiver, "name"));
    }
    const json& status = objectOf(one, "status");
    const std::string state = fields::textOf(status, "state");
    alert.state = state == "suppressed"    ? ClusterAlert::State::Suppressed
                  : state == "unprocessed" ? ClusterAlert::State::Unprocessed
                                           : ClusterAlert::State::Active;
    alert.silencedBy = textsOf(status, "silencedBy");
    alert.inhibitedBy = textsOf(status, "inhibitedBy");
    return alert;
}

core::Result<json> arrayIn(std::string_view text)
{
    json value = fields::parse(text, kMostAnswer);
    return value.is_array() ? core::Result<json>(std::move(value))
                            : core::fail("answers something that is no Alertmanager's", "broken");
}

} // namespace

core::Result<PeerStatus> readStatus(std::string_view text)
{
    const json value = fields::parse(text, kMostAnswer);
    if (!value.is_object() || !value.contains("versionInfo") || !value.contains("cluster")) {
        return core::fail("answers something that is no Alertmanager's", "broken");
    }
    PeerStatus status;
    status.version = shortText(objectOf(value, "versionInfo"), "version");
    const json& group = objectOf(value, "cluster");
    status.gossip = shortText(group, "status");
    status.name = shortText(group, "name");
    for (const json& peer : fields::arrayOf(group, "peers")) {
        if (std::string name = shortText(peer, "name"); !name.empty() && status.members.size() < kMostRows) {
            status.members.push_back(std::move(name));
        }
    }
    return status;
}

core::Result<std::vector<ClusterAlert>> readAlerts(std::string_view text)
{
    const auto array = arrayIn(text);
    if (!array) {
        return core::Unexpected<core::Error>{array.error()};
    }
    std::vector<ClusterAlert> alerts;
    for (const json& one : *array) {
        if (auto alert = alertOf(one); alert && alerts.size() < kMostRows) {
            alerts.push_back(std::move(*alert));
        }
    }
    return alerts;
}

core::Result<std::vector<metrics::SilenceRow>> readSilences(std::string_view text)
{
    const auto array = arrayIn(text);
    if (!array) {
        return core::Unexpected<core::Error>{array.error()};
    }
    std::vector<metrics::SilenceRow> silences;
    for (const json& one : *array) {
        auto silence = alert::readSilence(one.dump(-1, ' ', false, json::error_handler_t::replace));
        if (silence && !silence->id.empty() && silences.size() < kMostRows) {
            silences.push_back(std::move(*silence));
        }
    }
    return silences;
}

core::Result<std::string> readSilenceId(std::string_view text)
{
    std::string id = shortText(fields::parse(text, 64U << 10U), "silenceID");
    return id.empty() ? core::Result<std::string>(core::fail("does not say what it made of it", "broken"))
                      : core::Result<std::string>(std::move(id));
}

std::string readRefusal(std::string_view body)
{
    const json value = fields::parse(body, 64U << 10U);
    if (value.is_string()) {
        return core::oneLine(value.get_ref<const std::string&>(), 200);
    }
    const std::string message = fields::textOf(value, "message");
    return core::oneLine(message.empty() ? std::string(body.substr(0, 1000)) : message, 200);
}

} // namespace cluster
