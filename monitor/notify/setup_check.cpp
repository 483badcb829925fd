#include "monitor/notify/setup_check.h"

#include "monitor/notify/http.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace notify {

namespace {

using metrics::ChannelSetting;
using metrics::SettingKind;

core::Unexpected<core::Error> wrong(std::string_view setting, std::string_view reason)
{
    return core::fail(fmt::format("{}: {}", setting, reason), std::string(setting));
}

bool goodName(std::string_view name)
{
    return !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '_';
    });
}

core::Result<void> checkValue(const ChannelSetting& setting, const std::string& value)
{
    switch (setting.kind) {
    case SettingKind::Secret:
        if (!Secrets::isReference(value)) {
            return wrong(setting.name,
                         "a secret does not belong here: secret:NAME (a line of secrets.yml), "
                         "keyring:NAME or env:NAME");
        }
        break;
    case SettingKind::Url:
        if (!Secrets::isReference(value)) {
            if (const auto checked = checkUrl(value); !checked) {
                return wrong(setting.name, checked.error().message);
            }
        }
        break;
    case SettingKind::Number: {
        int number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc() || end != value.data() + value.size() || number < 0 || number > 65535) {
            return wrong(setting.name, "a whole number from 0 to 65535 is expected");
        }
        break;
    }
    case SettingKind::Flag:
        if (value != "yes" && value != "no" && value != "true" && value != "false") {
            return wrong(setting.name, "yes or no is expected");
        }
        break;
    case SettingKind::Text:
    case SettingKind::List:
        break;
    }
    const bool control = std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 && c != '\t'; });
    return control ? core::Result<void>(wrong(setting.name, "holds control characters"))
                   : core::Result<void>();
}

core::Result<void> checkSettings(const metrics::ChannelSetup& setup, const metrics::ChannelKind& kind)
{
    for (const auto& [name, values] : setup.settings) {
        const auto known = std::ranges::find(kind.settings, name, &ChannelSetting::name);
        if (known == kind.settings.end()) {
            return wrong(name, fmt::format("{} has no such setting", kind.name));
        }
        if (known->kind != SettingKind::List && values.size() > 1) {
            return wrong(name, "a single value is expected");
        }
        for (const std::string& value : values) {
            if (auto checked = checkValue(*known, value); !checked) {
                return checked;
            }
        }
    }
    for (const ChannelSetting& setting : kind.settings) {
        const auto given = setup.settings.find(std::string(setting.name));
        const bool there =
            given != setup.settings.end() && !given->second.empty() && !given->second.front().empty();
        if (setting.required && !there) {
            return wrong(setting.name, "is missing");
        }
    }
    return {};
}

core::Result<void> checkNumbers(const metrics::ChannelSetup& setup)
{
    const auto within = [](core::Nanos span, core::Nanos least, core::Nanos most) {
        return span >= least && span <= most;
    };
    if (!within(setup.groupWait, core::Nanos(0), std::chrono::hours(1))) {
        return wrong("group_wait", "0 s … 1 h is expected");
    }
    if (!within(setup.groupInterval, std::chrono::seconds(1), std::chrono::hours(24))) {
        return wrong("group_interval", "1 s … 24 h is expected");
    }
    if (setup.repeatInterval &&
        !within(*setup.repeatInterval, std::chrono::minutes(1), std::chrono::hours(24 * 30))) {
        return wrong("repeat_interval", "1 m … 30 d is expected");
    }
    if (!within(setup.deadline, std::chrono::seconds(10), std::chrono::hours(24 * 7))) {
        return wrong("deadline", "10 s … 7 d is expected");
    }
    if (setup.perMinute < 0 || setup.perMinute > 600) {
        return wrong("per_minute", "1 … 600 is expected");
    }
    if (setup.quiet &&
        (setup.quiet->from == setup.quiet->to || std::min(setup.quiet->from, setup.quiet->to) < 0 ||
         std::max(setup.quiet->from, setup.quiet->to) >= 24 * 60)) {
        return wrong("quiet_hours", "two different times of day are expected");
    }
    return {};
}

// With its fallbacks, and secrets in place of their references; what is secret goes to `redact` too.
core::Result<ChannelSettings> resolved(const metrics::ChannelSetup& setup, const metrics::ChannelKind& kind,
                                       const Secrets& secrets, Redactor& redact)
{
    ChannelSettings settings{setup, {}};
    for (const ChannelSetting& setting : kind.settings) {
        const auto given = setup.settings.find(std::string(setting.name));
        auto values = given != setup.settings.end() ? given->second : std::vector<std::string>();
        std::erase_if(values, [](const std::string& value) { return value.empty(); });
        if (values.empty() && !setting.fallback.empty()) {
            values = {std::string(setting.fallback)};
        }
        const bool secret = setting.kind == SettingKind::Secret || setting.kind == SettingKind::Url;
        for (std::string& value : values) {
            if (!secret) {
                continue;
            }
            if (Secrets::isReference(value)) {
                auto found = secrets.resolve(value);
                if (!found) {
                    return wrong(setting.name, found.error().message);
                }
                value = std::move(*found);
                if (value.find("://") == std::string::npos) {
                    redact.hide(value);
                }
            }
            redact.hideUrl(value);
        }
        settings.values[std::string(setting.name)] = std::move(values);
    }
    for (const char* name : {"url", "urls"}) {
        for (const std::string& url : settings.list(name)) {
            if (const auto checked = checkUrl(url); !checked) {
                return wrong(name, checked.error().message);
            }
        }
    }
    return settings;
}

} // namespace

core::Result<void> checkSetup(const metrics::ChannelSetup& setup)
{
    if (!goodName(setup.name)) {
        return wrong("name", "letters, digits, - and _ are expected, at most 40");
    }
    const NotifierKind* kind = findKind(setup.kind);
    if (kind == nullptr) {
        std::string names;
        for (const NotifierKind& known : notifierKinds()) {
            names += (names.empty() ? "" : ", ") + std::string(known.kind.name);
        }
        return wrong("kind", fmt::format("one of {} is expected", names));
    }
    if (auto checked = checkNumbers(setup); !checked) {
        return checked;
    }
    if (auto checked = checkSettings(setup, kind->kind); !checked) {
        return checked;
    }
    const auto templates = checkTemplates(setup);
    return templates ? core::Result<void>()
                     : core::Result<void>(wrong("template", templates.error().message));
}

core::Result<ReadyChannel> makeReady(const metrics::ChannelSetup& setup, const Secrets& secrets,
                                     const Surroundings& around)
{
    if (const auto checked = checkSetup(setup); !checked) {
        return core::Unexpected<core::Error>{checked.error()};
    }
    ReadyChannel ready;
    const NotifierKind& kind = *findKind(setup.kind);
    const auto settings = resolved(setup, kind.kind, secrets, ready.redact);
    if (!settings) {
        return core::Unexpected<core::Error>{settings.error()};
    }
    auto made = kind.make(*settings, around);
    if (!made) {
        return core::fail(ready.redact(made.error().message));
    }
    ready.notifier = std::move(*made);
    return ready;
}

} // namespace notify
