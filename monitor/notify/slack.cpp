#include "monitor/notify/slack.h"

#include "monitor/notify/codec.h"
#include "monitor/notify/http.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <array>

#include <nlohmann/json.hpp>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{"url", SettingKind::Secret, true, {}, {"Incoming webhook", "传入 Webhook 地址"}},
    metrics::ChannelSetting{"channel", SettingKind::Text, false, {}, {"Another channel", "其他频道"}},
    metrics::ChannelSetting{
        "username", SettingKind::Text, false, {}, {"Shown as the sender", "显示的发送者"}},
};

constexpr std::size_t kMostText = 3000; // Slack cuts longer attachments

// Only these three mean something to Slack.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    }
    return out;
}

const char* colourOf(const Message& message)
{
    if (message.firing() == 0) {
        return "good";
    }
    return message.severity() == metrics::Severity::Critical ? "danger" : "warning";
}

class Slack final : public Notifier {
public:
    Slack(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        const Words words =
            surelyWordsOf(message, m_settings.setup, langOf(m_around), externalUrlOf(m_around));
        nlohmann::json body = {{"text", escaped(words.title)},
                               {"attachments",
                                {{{"color", colourOf(message)},
                                  {"fallback", escaped(words.title)},
                                  {"text", cutAt(escaped(words.text), kMostText)}}}}};
        for (const char* name : {"channel", "username"}) {
            if (const std::string value = m_settings.text(name); !value.empty()) {
                body[name] = value;
            }
        }
        HttpPost post{m_settings.text("url"), jsonText(body)};
        return deliveryOf(postAll({&post, 1}, stop).front());
    }

private:
    const ChannelSettings m_settings;
    const Surroundings m_around;
};

} // namespace

NotifierKind slackKind()
{
    return {{"slack", {"Slack", "Slack"}, kSettings, 60},
            [](const ChannelSettings& settings,
               const Surroundings& around) -> core::Result<std::unique_ptr<Notifier>> {
                return std::unique_ptr<Notifier>(std::make_unique<Slack>(settings, around));
            }};
}

} // namespace notify
