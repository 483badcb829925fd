#include "monitor/notify/wording.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"
#include "monitor/gotext/template.h"
#include "monitor/notify/codec.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace notify {

namespace {

using gotext::TemplateList;
using gotext::TemplateMap;
using gotext::TemplateValue;
using nlohmann::json;

constexpr core::Text kTitle{
    R"([{{ .Status | toUpper }}{{ if gt .Total 1 }}:{{ .Total }}{{ end }}] {{ .Severity }}: {{ .Names }})",
    R"([{{ if eq .Status "firing" }}告警{{ else }}恢复{{ end }}{{ if gt .Total 1 }}:{{ .Total }}{{ end }}] {{ .Severity }}：{{ .Names }})"};

constexpr core::Text kText{
    R"({{ range $i, $a := .Alerts }}{{ if lt $i 20 }}{{ $a.Status | toUpper }} {{ $a.Severity }} {{ $a.Labels.alertname }}: {{ $a.Summary }}
{{ if $a.Description }}  {{ $a.Description }}
{{ end }}  value {{ $a.Value }}, since {{ $a.StartsAt }}{{ if $a.Lasted }}, lasted {{ $a.Lasted }}{{ end }}
{{ end }}{{ end }}{{ if .More }}… and {{ .More }} more
{{ end }}{{ if .ExternalURL }}{{ .ExternalURL }}
{{ end }})",
    R"({{ range $i, $a := .Alerts }}{{ if lt $i 20 }}{{ if eq $a.Status "firing" }}告警{{ else }}恢复{{ end }} {{ $a.Severity }} {{ $a.Labels.alertname }}：{{ $a.Summary }}
{{ if $a.Description }}  {{ $a.Description }}
{{ end }}  当前值 {{ $a.Value }}，开始于 {{ $a.StartsAt }}{{ if $a.Lasted }}，持续 {{ $a.Lasted }}{{ end }}
{{ end }}{{ end }}{{ if .More }}… 另有 {{ .More }} 条
{{ end }}{{ if .ExternalURL }}{{ .ExternalURL }}
{{ end }})"};

template <class T>
TemplateValue value(T data)
{
    TemplateValue result;
    result.data = std::move(data);
    return result;
}

TemplateValue mapValue(const auto& pairs)
{
    auto map = std::make_shared<TemplateMap>();
    for (const auto& [name, text] : pairs) {
        map->entries[name] = value(std::string(text));
    }
    return value(std::shared_ptr<const TemplateMap>(std::move(map)));
}

std::string lastedText(const Alert& alert)
{
    return alert.firing ? std::string() : core::spanText(alert.endsAt - alert.startsAt);
}

TemplateValue alertValue(const Alert& alert, const std::string& externalUrl)
{
    auto map = std::make_shared<TemplateMap>();
    map->isStruct = true;
    auto& fields = map->entries;
    fields["Status"] = value(std::string(alert.firing ? "firing" : "resolved"));
    fields["Labels"] = mapValue(alert.labels);
    fields["Annotations"] = mapValue(alert.annotations);
    fields["StartsAt"] = value(core::isoUtc(alert.startsAt));
    fields["EndsAt"] = value(alert.firing ? std::string() : core::isoUtc(alert.endsAt));
    fields["GeneratorURL"] = value(generatorUrl(externalUrl, alert));
    fields["Fingerprint"] = value(fmt::format("{:016x}", alert.fingerprint));
    fields["Summary"] = value(core::oneLine(alert.summary, 300));
    fields["Description"] = value(core::oneLine(alert.description, 1000));
    fields["Severity"] = value(std::string(metrics::severityName(alert.severity)));
    fields["Value"] = value(alert.value);
    fields["Lasted"] = value(lastedText(alert));
    return value(std::shared_ptr<const TemplateMap>(std::move(map)));
}

std::string namesOf(const Message& message)
{
    std::set<std::string> names;
    for (const Alert& alert : message.alerts) {
        names.insert(alert.name());
    }
    std::string text;
    std::size_t said = 0;
    for (const std::string& name : names) {
        if (++said > 3) {
            return fmt::format("{} … ({})", text, names.size());
        }
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

gotext::TemplateContext contextOf(const Message& message, const std::string& externalUrl)
{
    auto root = std::make_shared<TemplateMap>();
    root->isStruct = true;
    auto& fields = root->entries;
    TemplateList alerts;
    for (const Alert& alert : message.alerts) {
        alerts.push_back(alertValue(alert, externalUrl));
    }
    const auto total = static_cast<std::int64_t>(message.alerts.size());
    fields["Receiver"] = value(message.channel);
    fields["Status"] = value(std::string(message.firing() > 0 ? "firing" : "resolved"));
    fields["Alerts"] = value(std::make_shared<const TemplateList>(std::move(alerts)));
    fields["GroupLabels"] = mapValue(message.groupLabels);
    fields["CommonLabels"] = mapValue(message.commonLabels());
    fields["CommonAnnotations"] = mapValue(message.commonAnnotations());
    fields["ExternalURL"] = value(externalUrl);
    fields["Severity"] = value(std::string(metrics::severityName(message.severity())));
    fields["Names"] = value(namesOf(message));
    fields["Total"] = value(total);
    fields["More"] = value(std::max<std::int64_t>(total - kListed, 0));
    gotext::TemplateContext context;
    context.root = std::move(root);
    return context;
}

core::Result<std::string> expanded(std::string_view text, std::string_view name,
                                   const gotext::TemplateContext& context)
{
    const auto parsed = gotext::Template::parse(text, name);
    return parsed ? parsed->expand(context) : core::Result<std::string>(core::fail(parsed.error().message));
}

} // namespace

std::string_view builtInTitle(core::Lang lang)
{
    return kTitle.in(lang);
}

std::string_view builtInText(core::Lang lang)
{
    return kText.in(lang);
}

core::Result<Words> wordsOf(const Message& message, const metrics::ChannelSetup& setup, core::Lang lang,
                            const std::string& externalUrl)
{
    const gotext::TemplateContext context = contextOf(message, externalUrl);
    const auto title =
        expanded(setup.title.empty() ? kTitle.in(lang) : std::string_view(setup.title), "title", context);
    if (!title) {
        return core::Unexpected<core::Error>{title.error()};
    }
    const auto text =
        expanded(setup.text.empty() ? kText.in(lang) : std::string_view(setup.text), "text", context);
    if (!text) {
        return core::Unexpected<core::Error>{text.error()};
    }
    return Words{core::oneLine(*title, 250), core::validUtf8(*text)};
}

Words surelyWordsOf(const Message& message, const metrics::ChannelSetup& setup, core::Lang lang,
                    const std::string& externalUrl)
{
    if (auto words = wordsOf(message, setup, lang, externalUrl)) {
        return std::move(*words);
    }
    metrics::ChannelSetup plain = setup;
    plain.title.clear();
    plain.text.clear();
    auto words = wordsOf(message, plain, lang, externalUrl);
    return words ? std::move(*words) : Words{namesOf(message), words.error().message};
}

core::Result<void> checkTemplates(const metrics::ChannelSetup& setup)
{
    const auto words = wordsOf(exampleMessage(setup.name, core::WallTime(std::chrono::hours(1))), setup,
                               core::Lang::English, "");
    return words ? core::Result<void>() : core::Result<void>(core::Unexpected<core::Error>{words.error()});
}

std::string generatorUrl(const std::string& externalUrl, const Alert& alert)
{
    return externalUrl.empty() || alert.expr.empty()
               ? std::string()
               : externalUrl + "/api/v1/query?query=" + percentEncoded(alert.expr);
}

json webhookAlert(const Alert& alert, const std::string& externalUrl)
{
    json labels = json::object();
    for (const auto& [name, text] : alert.labels) {
        labels[name] = text;
    }
    return {{"status", alert.firing ? "firing" : "resolved"},
            {"labels", std::move(labels)},
            {"annotations", alert.annotations.empty() ? json::object() : json(alert.annotations)},
            {"startsAt", core::isoUtc(alert.startsAt)},
            {"endsAt", alert.firing ? std::string("0001-01-01T00:00:00Z") : core::isoUtc(alert.endsAt)},
            {"generatorURL", generatorUrl(externalUrl, alert)},
            {"fingerprint", fmt::format("{:016x}", alert.fingerprint)}};
}

json webhookBody(const Message& message, const std::string& externalUrl, std::size_t mostAlerts)
{
    const auto object = [](const auto& pairs) {
        json map = json::object();
        for (const auto& [name, text] : pairs) {
            map[name] = text;
        }
        return map;
    };
    json alerts = json::array();
    for (const Alert& alert : message.alerts) {
        if (mostAlerts > 0 && alerts.size() >= mostAlerts) {
            break;
        }
        alerts.push_back(webhookAlert(alert, externalUrl));
    }
    const std::size_t truncated = message.alerts.size() - alerts.size();
    return {{"receiver", message.channel},
            {"status", message.firing() > 0 ? "firing" : "resolved"},
            {"alerts", std::move(alerts)},
            {"groupLabels", object(message.groupLabels)},
            {"commonLabels", object(message.commonLabels())},
            {"commonAnnotations", object(message.commonAnnotations())},
            {"externalURL", externalUrl},
            {"version", "4"},
            {"groupKey", message.groupKey},
            {"truncatedAlerts", truncated}};
}

} // namespace notify
