#include "monitor/notify/dingtalk.h"

#include "monitor/notify/codec.h"
#include "monitor/notify/dingtalk_text.h"
#include "monitor/notify/http.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{
        "url", SettingKind::Secret, true, {}, {"The robot's webhook", "机器人 Webhook 地址"}},
    metrics::ChannelSetting{
        "signing_key", SettingKind::Secret, false, {}, {"For signatures (SEC…)", "加签密钥（SEC…）"}},
    metrics::ChannelSetting{
        "keyword", SettingKind::Text, false, {}, {"Required by the robot", "自定义关键词"}},
    metrics::ChannelSetting{
        "at_mobiles", SettingKind::List, false, {}, {"Phone numbers to mention", "@ 的手机号"}},
    metrics::ChannelSetting{"at_all", SettingKind::Flag, false, "no", {"Mention everyone", "@ 所有人"}},
};

constexpr int kPerMinute = 20; // more, and the robot is shut out for ten minutes

class DingTalk final : public Notifier {
public:
    DingTalk(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        const Words words =
            surelyWordsOf(message, m_settings.setup, langOf(m_around), externalUrlOf(m_around));
        HttpPost post{m_settings.text("url"), jsonText(dingTalkBody(words, m_settings))};
        if (const std::string key = m_settings.text("signing_key"); !key.empty()) {
            post.url = signedUrl(post.url, key, core::epochMillis(m_around.clock->wallNow()));
        }
        const HttpReply reply = postAll({&post, 1}, stop).front();
        const Delivery delivery = deliveryOf(reply);
        return delivery.outcome == Delivery::Outcome::Sent ? dingTalkDelivery(reply.body) : delivery;
    }

private:
    const ChannelSettings m_settings;
    const Surroundings m_around;
};

} // namespace

std::string signedUrl(const std::string& url, const std::string& key, std::int64_t millis)
{
    const std::string time = std::to_string(millis);
    const std::string sign = base64(hmacSha256(key, time + "\n" + key));
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "timestamp=" + time +
           "&sign=" + percentEncoded(sign);
}

nlohmann::json dingTalkBody(const Words& words, const ChannelSettings& settings)
{
    constexpr std::size_t kMostBytes = 16000; // 20 kB with everything
    std::string text = fmt::format("### {}\n\n", words.title);
    for (const char c : words.text) {
        text += c == '\n' ? std::string("  \n") : std::string(1, c); // a line break in markdown
    }
    const auto mobiles = settings.list("at_mobiles");
    std::string tail;
    for (const std::string& mobile : mobiles) {
        tail += " @" + mobile; // a mention counts only where it is also read
    }
    const std::string keyword = settings.text("keyword");
    if (!keyword.empty() && (words.title + words.text).find(keyword) == std::string::npos) {
        tail += "\n\n" + keyword;
    }
    return {{"msgtype", "markdown"},
            {"markdown", {{"title", words.title}, {"text", cutAt(text, kMostBytes) + tail}}},
            {"at", {{"atMobiles", mobiles}, {"isAtAll", settings.flag("at_all")}}}};
}

Delivery dingTalkDelivery(std::string_view body)
{
    constexpr int kTooFast = 130101; // "send too fast, exceed 20 times per minute"
    constexpr int kBusy = -1;
    const nlohmann::json reply = nlohmann::json::parse(body, nullptr, false);
    if (!reply.is_object() || !reply.contains("errcode") || !reply["errcode"].is_number_integer()) {
        return Delivery::retry("the answer is none of DingTalk's");
    }
    const int code = reply["errcode"].get<int>();
    if (code == 0) {
        return Delivery::sent();
    }
    const auto reason = reply.find("errmsg");
    const std::string error =
        fmt::format("errcode {}: {}", code,
                    reason != reply.end() && reason->is_string() ? reason->get<std::string>() : "");
    if (code == kTooFast) {
        return Delivery::retry(error, std::chrono::minutes(10));
    }
    return code == kBusy ? Delivery::retry(error) : Delivery::refused(error);
}

NotifierKind dingtalkKind()
{
    return {{"dingtalk", {"DingTalk", "钉钉"}, kSettings, kPerMinute},
            [](const ChannelSettings& settings,
               const Surroundings& around) -> core::Result<std::unique_ptr<Notifier>> {
                return std::unique_ptr<Notifier>(std::make_unique<DingTalk>(settings, around));
            }};
}

} // namespace notify
