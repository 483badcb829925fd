#include "monitor/notify/email.h"

#include "monitor/core/format.h"
#include "monitor/notify/codec.h"
#include "monitor/notify/http.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/mime.h"
#include "monitor/notify/wording.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{"host", SettingKind::Text, true, {}, {"Mail server", "邮件服务器"}},
    metrics::ChannelSetting{"port", SettingKind::Number, false, "587", {"465 with tls", "tls 通常为 465"}},
    metrics::ChannelSetting{"security",
                            SettingKind::Text,
                            false,
                            "starttls",
                            {"starttls, tls or plain", "starttls、tls 或 plain"}},
    metrics::ChannelSetting{"user", SettingKind::Text, false, {}, {"User", "用户名"}},
    metrics::ChannelSetting{"password", SettingKind::Secret, false, {}, {"Password", "密码"}},
    metrics::ChannelSetting{"from", SettingKind::Text, true, {}, {"Sender", "发件人"}},
    metrics::ChannelSetting{"to", SettingKind::List, true, {}, {"Recipients", "收件人"}},
    metrics::ChannelSetting{"ca_file", SettingKind::Text, false, {}, {"Authorities (PEM)", "CA 证书（PEM）"}},
};

constexpr long kTimeoutMs = 15000;

struct Upload {
    std::string_view rest;
    const std::stop_token* stop;
};

std::size_t giveMail(char* buffer, std::size_t size, std::size_t count, void* source)
{
    auto& upload = *static_cast<Upload*>(source);
    const std::size_t some = std::min(size * count, upload.rest.size());
    std::copy_n(upload.rest.data(), some, buffer);
    upload.rest.remove_prefix(some);
    return some;
}

int progress(void* source, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<Upload*>(source)->stop->stop_requested() ? 1 : 0;
}

std::string htmlOf(const Words& words, const Message& message)
{
    const bool over = message.firing() == 0;
    const bool critical = message.severity() == metrics::Severity::Critical;
    const char* colour = over ? "#2e7d32" : critical ? "#c62828" : "#b26a00";
    return fmt::format(
        "<!DOCTYPE html><html><body style=\"font-family:sans-serif;margin:0;padding:16px\">"
        "<h2 style=\"color:{};font-size:16px\">{}</h2>"
        "<pre style=\"font-family:inherit;white-space:pre-wrap;font-size:14px\">{}</pre></body></html>",
        colour, core::htmlEscaped(words.title), core::htmlEscaped(words.text));
}

// SMTP: 4yz may go well later, 5yz will not (RFC 5321, 4.2.1); the other way round than HTTP.
Delivery deliveryOf(CURLcode code, long status, const std::string& error)
{
    if (code == CURLE_OK) {
        return Delivery::sent();
    }
    const std::string text = status >= 400 ? fmt::format("SMTP {}: {}", status, error) : error;
    const bool never = status >= 500 || code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED ||
                       code == CURLE_SSL_CACERT_BADFILE;
    return never ? Delivery::refused(text) : Delivery::retry(text);
}

class Email final : public Notifier {
public:
    Email(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        http::startCurl();
        const std::string mail = mailOf(message);
        Upload upload{mail, &stop};
        const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), curl_easy_cleanup);
        curl_slist* listed = nullptr;
        for (const std::string& mailbox : m_settings.list("to")) {
            listed = curl_slist_append(listed, ("<" + addressOf(mailbox).value_or("") + ">").c_str());
        }
        const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> to(listed, curl_slist_free_all);
        std::array<char, CURL_ERROR_SIZE> error{};
        connectTo(easy.get());
        curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM,
                         ("<" + addressOf(m_settings.text("from")).value_or("") + ">").c_str());
        curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
        curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS,
                         1L); // one wrong address keeps no other waiting
        curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, giveMail);
        curl_easy_setopt(easy.get(), CURLOPT_READDATA, &upload);
        curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, progress);
        curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &upload);
        curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, error.data());
        const CURLcode code = curl_easy_perform(easy.get());
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        return deliveryOf(code, status,
                          error[0] != '\0' ? std::string(error.data()) : curl_easy_strerror(code));
    }

private:
    void connectTo(CURL* easy) const
    {
        const std::string security = m_settings.text("security");
        const std::string url = fmt::format("{}://{}:{}", security == "tls" ? "smtps" : "smtp",
                                            m_settings.text("host"), m_settings.number("port"));
        curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kTimeoutMs);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kTimeoutMs);
        if (security == "starttls") {
            curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL)); // never in the clear
        }
        if (const std::string user = m_settings.text("user"); !user.empty()) {
            curl_easy_setopt(easy, CURLOPT_USERNAME, user.c_str());
            curl_easy_setopt(easy, CURLOPT_PASSWORD, m_settings.text("password").c_str());
        }
        if (const std::string file = m_settings.text("ca_file"); !file.empty()) {
            curl_easy_setopt(easy, CURLOPT_CAINFO, file.c_str());
        }
    }

    [[nodiscard]] std::string mailOf(const Message& message) const
    {
        const Words words =
            surelyWordsOf(message, m_settings.setup, langOf(m_around), externalUrlOf(m_around));
        Mail mail;
        mail.from = m_settings.text("from");
        mail.to = m_settings.list("to");
        mail.subject = words.title;
        mail.text = words.text;
        mail.html = htmlOf(words, message);
        mail.id = message.id;
        mail.at = message.createdAt;
        mail.urgent = message.firing() > 0 && message.severity() == metrics::Severity::Critical;
        return mailText(mail);
    }

    const ChannelSettings m_settings;
    const Surroundings m_around;
};

core::Result<std::unique_ptr<Notifier>> make(const ChannelSettings& settings, const Surroundings& around)
{
    const std::string security = settings.text("security");
    if (security != "starttls" && security != "tls" && security != "plain") {
        return core::fail("security: starttls, tls or plain is expected");
    }
    const std::string host = settings.text("host");
    const bool here = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    if (security == "plain" && !here && !settings.text("password").empty()) {
        return core::fail("security: plain would send the password in the clear");
    }
    if (host.find_first_of("/@?# \t\r\n") != std::string::npos || host.empty()) {
        return core::fail("host: a name or an address is expected");
    }
    auto mailboxes = settings.list("to");
    mailboxes.push_back(settings.text("from"));
    for (const std::string& mailbox : mailboxes) {
        if (const auto address = addressOf(mailbox); !address) {
            return core::fail(address.error().message);
        }
    }
    return std::unique_ptr<Notifier>(std::make_unique<Email>(settings, around));
}

} // namespace

NotifierKind emailKind()
{
    return {{"email", {"E-mail", "邮件"}, kSettings, 30}, make};
}

} // namespace notify
