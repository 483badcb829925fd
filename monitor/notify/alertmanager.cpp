#include "monitor/notify/alertmanager.h"

#include "monitor/core/format.h"
#include "monitor/notify/http.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{
        "urls", SettingKind::List, true, {}, {"Every peer, http://host:9093", "所有节点，http://host:9093"}},
    metrics::ChannelSetting{"token", SettingKind::Secret, false, {}, {"Bearer token", "Bearer 令牌"}},
    metrics::ChannelSetting{"user", SettingKind::Text, false, {}, {"User", "用户名"}},
    metrics::ChannelSetting{"password", SettingKind::Secret, false, {}, {"Password", "密码"}},
    metrics::ChannelSetting{"ca_file", SettingKind::Text, false, {}, {"Authorities (PEM)", "CA 证书（PEM）"}},
};

class Alertmanager final : public Notifier {
public:
    Alertmanager(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        const std::string body = jsonText(bodyOf(message));
        std::vector<HttpPost> posts;
        for (const std::string& peer : m_settings.list("urls")) {
            posts.push_back(postTo(peer, body));
        }
        return delivered(postAll(posts, stop));
    }

private:
    // While it fires an alert ends in the future, by as much as rules/manager.go of Prometheus adds: should
    // this program fall silent, Alertmanager resolves it then.
    [[nodiscard]] nlohmann::json bodyOf(const Message& message) const
    {
        const core::WallTime now = m_around.clock->wallNow();
        const auto ahead =
            std::chrono::duration_cast<std::chrono::microseconds>(4 * std::max(m_around.interval, kResend));
        nlohmann::json alerts = nlohmann::json::array();
        for (const Alert& alert : message.alerts) {
            nlohmann::json one = webhookAlert(alert, externalUrlOf(m_around));
            one.erase("status");
            one.erase("fingerprint");
            one["endsAt"] = core::isoUtc(alert.firing ? now + ahead : alert.endsAt);
            alerts.push_back(std::move(one));
        }
        return alerts;
    }

    [[nodiscard]] HttpPost postTo(std::string peer, const std::string& body) const
    {
        while (peer.ends_with('/')) {
            peer.pop_back();
        }
        HttpPost post{peer + "/api/v2/alerts", body};
        if (const std::string token = m_settings.text("token"); !token.empty()) {
            post.headers.push_back("Authorization: Bearer " + token);
        }
        post.user = m_settings.text("user");
        post.password = m_settings.text("password");
        post.caFile = m_settings.text("ca_file");
        return post;
    }

    // Peers tell each other only of what they notified, so each must know by itself; one that took it is
    // enough to call it sent, the others hear it with the next minute's.
    [[nodiscard]] Delivery delivered(const std::vector<HttpReply>& replies) const
    {
        const auto peers = m_settings.list("urls");
        Delivery whole = Delivery::refused("no peer");
        std::string errors;
        bool any = false;
        for (std::size_t i = 0; i < replies.size(); ++i) {
            Delivery one = deliveryOf(replies[i]);
            any = any || one.outcome == Delivery::Outcome::Sent;
            if (one.outcome != Delivery::Outcome::Sent) {
                errors += fmt::format("{}{}: {}", errors.empty() ? "" : "; ", peers[i], one.error);
            }
            if (i == 0 || one.outcome == Delivery::Outcome::Retry) {
                whole = std::move(one);
            }
        }
        if (any) {
            return {Delivery::Outcome::Sent, std::move(errors), {}};
        }
        whole.error = std::move(errors);
        return whole;
    }

    const ChannelSettings m_settings;
    const Surroundings m_around;
};

core::Result<std::unique_ptr<Notifier>> make(const ChannelSettings& settings, const Surroundings& around)
{
    for (const std::string& url : settings.list("urls")) {
        if (const auto checked = checkUrl(url); !checked) {
            return core::fail("urls: \"" + url + "\" " + checked.error().message);
        }
    }
    return std::unique_ptr<Notifier>(std::make_unique<Alertmanager>(settings, around));
}

} // namespace

NotifierKind alertmanagerKind()
{
    return {{"alertmanager", {"Alertmanager", "Alertmanager"}, kSettings, 600}, make, Cadence::Continuous};
}

} // namespace notify
