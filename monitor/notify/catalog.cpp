// Every way to tell people, one line each.
#include "monitor/notify/alertmanager.h"
#include "monitor/notify/command.h"
#include "monitor/notify/desktop.h"
#include "monitor/notify/dingtalk.h"
#include "monitor/notify/email.h"
#include "monitor/notify/slack.h"
#include "monitor/notify/webhook.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace notify {

std::span<const NotifierKind> notifierKinds()
{
    static const std::vector<NotifierKind> kinds{
        alertmanagerKind(), commandKind(), desktopKind(), dingtalkKind(),
        emailKind(),        slackKind(),   webhookKind(),
    };
    return kinds;
}

const NotifierKind* findKind(std::string_view name)
{
    const auto kinds = notifierKinds();
    const auto at = std::ranges::find(kinds, name, [](const NotifierKind& kind) { return kind.kind.name; });
    return at == kinds.end() ? nullptr : &*at;
}

std::string ChannelSettings::text(std::string_view name) const
{
    const auto all = list(name);
    return all.empty() ? std::string() : all.front();
}

std::vector<std::string> ChannelSettings::list(std::string_view name) const
{
    const auto at = values.find(std::string(name));
    return at == values.end() ? std::vector<std::string>() : at->second;
}

bool ChannelSettings::flag(std::string_view name) const
{
    const std::string value = text(name);
    return value == "yes" || value == "true" || value == "on" || value == "1";
}

int ChannelSettings::number(std::string_view name) const
{
    const std::string value = text(name);
    int number = 0;
    (void)std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

} // namespace notify
