#include "monitor/notify/webhook.h"

#include "monitor/notify/http.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <array>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{"url", SettingKind::Url, true, {}, {"Address", "地址"}},
    metrics::ChannelSetting{"token", SettingKind::Secret, false, {}, {"Bearer token", "Bearer 令牌"}},
    metrics::ChannelSetting{"user", SettingKind::Text, false, {}, {"User", "用户名"}},
    metrics::ChannelSetting{"password", SettingKind::Secret, false, {}, {"Password", "密码"}},
    metrics::ChannelSetting{"ca_file", SettingKind::Text, false, {}, {"Authorities (PEM)", "CA 证书（PEM）"}},
    metrics::ChannelSetting{
        "max_alerts", SettingKind::Number, false, "0", {"Alerts at most, 0: all", "最多告警数，0 表示全部"}},
};

class Webhook final : public Notifier {
public:
    Webhook(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        const auto most = static_cast<std::size_t>(std::max(m_settings.number("max_alerts"), 0));
        HttpPost post{m_settings.text("url"), jsonText(webhookBody(message, externalUrlOf(m_around), most))};
        post.headers = {"X-Poolscope-Message-Id: " + message.id}; // the same when it is tried again
        if (const std::string token = m_settings.text("token"); !token.empty()) {
            post.headers.push_back("Authorization: Bearer " + token);
        }
        post.user = m_settings.text("user");
        post.password = m_settings.text("password");
        post.caFile = m_settings.text("ca_file");
        return deliveryOf(postAll({&post, 1}, stop).front());
    }

private:
    const ChannelSettings m_settings;
    const Surroundings m_around;
};

} // namespace

NotifierKind webhookKind()
{
    return {{"webhook", {"Webhook", "Webhook"}, kSettings, 60},
            [](const ChannelSettings& settings,
               const Surroundings& around) -> core::Result<std::unique_ptr<Notifier>> {
                return std::unique_ptr<Notifier>(std::make_unique<Webhook>(settings, around));
            }};
}

} // namespace notify
