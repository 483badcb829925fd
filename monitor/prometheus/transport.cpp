#include "monitor/prometheus/transport.h"

#include "monitor/core/format.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <mutex>

namespace prometheus {

namespace {

constexpr std::size_t kMostSecret = 16 * 1024;
constexpr int kWaitMillis = 100;

struct EasyEnd {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct MultiEnd {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

// The file's first line.
core::Result<std::string> secretOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string secret(kMostSecret, '\0');
    in.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    secret.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    secret.erase(std::min(secret.find_first_of("\r\n"), secret.size()));
    if (secret.empty()) {
        return core::fail(fmt::format("{} cannot be read or is empty", file.string()));
    }
    return secret;
}

// A transfer while it lasts.
class Transfer {
public:
    Transfer(const ServerSpec& spec, const Request& request)
        : m_spec(spec)
        , m_request(request)
        , m_easy(curl_easy_init())
    {
    }

    Reply run(const std::stop_token& stop)
    {
        Reply reply;
        setUp();
        if (const auto known = authenticate(); !known) {
            reply.error = known.error().message;
            return reply;
        }
        const CURLcode code = perform(stop);
        reply.stopped = stop.stop_requested() && code == CURLE_ABORTED_BY_CALLBACK;
        reply.error = errorText(code);
        if (reply.error.empty()) {
            finish(reply);
        }
        return reply;
    }

private:
    static std::size_t take(char* data, std::size_t size, std::size_t count, void* self)
    {
        auto& transfer = *static_cast<Transfer*>(self);
        const std::size_t bytes = size * count;
        if (transfer.m_body.size() + bytes > transfer.m_spec.maxBytes) {
            transfer.m_tooLarge = true;
            return 0; // ends the transfer
        }
        transfer.m_body.append(data, bytes);
        return bytes;
    }
    void addHeader(const std::string& line)
    {
        m_headers.reset(curl_slist_append(m_headers.release(), line.c_str()));
    }

    void setUp()
    {
        CURL* easy = m_easy.get();
        const auto millis =
            static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(m_spec.timeout).count());
        curl_easy_setopt(easy, CURLOPT_URL, (m_spec.url + m_request.path).c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "Poolscope/" POOLSCOPE_VERSION);
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::min(millis, 10'000L));
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                         1L); // a name that is looked up for ever keeps nobody waiting
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_why.data());
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
        if (!m_spec.caFile.empty()) {
            curl_easy_setopt(easy, CURLOPT_CAINFO, m_spec.caFile.c_str());
        }
        setHeaders();
    }

    void setHeaders()
    {
        addHeader("Expect:");
        if (!m_request.body.empty()) {
            addHeader("Content-Type: " + m_request.contentType);
            curl_easy_setopt(m_easy.get(), CURLOPT_POST, 1L);
            curl_easy_setopt(m_easy.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                             static_cast<curl_off_t>(m_request.body.size()));
            curl_easy_setopt(m_easy.get(), CURLOPT_POSTFIELDS, m_request.body.data());
        }
        if (!m_spec.tenant.empty()) {
            addHeader("X-Scope-OrgID: " + m_spec.tenant);
        }
        for (const std::string& line : m_request.headers) {
            addHeader(line);
        }
        curl_easy_setopt(m_easy.get(), CURLOPT_HTTPHEADER, m_headers.get());
    }

    core::Result<void> authenticate()
    {
        const auto secret = [](const std::filesystem::path& file) {
            return file.empty() ? core::Result<std::string>(std::string()) : secretOf(file);
        };
        const auto token = secret(m_spec.bearerFile);
        const auto password = secret(m_spec.passwordFile);
        if (!token || !password) {
            return core::fail(!token ? token.error().message : password.error().message);
        }
        if (!token->empty()) {
            curl_easy_setopt(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
            curl_easy_setopt(m_easy.get(), CURLOPT_XOAUTH2_BEARER, token->c_str());
        } else if (!m_spec.user.empty()) {
            curl_easy_setopt(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            curl_easy_setopt(m_easy.get(), CURLOPT_USERNAME, m_spec.user.c_str());
            curl_easy_setopt(m_easy.get(), CURLOPT_PASSWORD, password->c_str());
        }
        return {};
    }

    CURLcode perform(const std::stop_token& stop)
    {
        const std::unique_ptr<CURLM, MultiEnd> multi(curl_multi_init());
        curl_multi_add_handle(multi.get(), m_easy.get());
        CURLcode code = CURLE_ABORTED_BY_CALLBACK;
        int running = 1;
        while (running > 0 && !stop.stop_requested()) {
            if (curl_multi_perform(multi.get(), &running) != CURLM_OK) {
                break;
            }
            if (running > 0) {
                curl_multi_poll(multi.get(), nullptr, 0, kWaitMillis, nullptr);
            }
        }
        int left = 0;
        if (const CURLMsg* message = curl_multi_info_read(multi.get(), &left); message != nullptr) {
            code = message->data.result;
        }
        curl_multi_remove_handle(multi.get(), m_easy.get());
        return code;
    }

    std::string errorText(CURLcode code) const
    {
        if (m_tooLarge) {
            return fmt::format("the answer has more than {} bytes", m_spec.maxBytes);
        }
        if (code == CURLE_ABORTED_BY_CALLBACK) {
            return "stopped";
        }
        if (code == CURLE_PARTIAL_FILE) {
            return "the answer ended before its end";
        }
        if (code != CURLE_OK) {
            return core::oneLine(m_why[0] != '\0' ? m_why.data() : curl_easy_strerror(code), 200);
        }
        return {};
    }

    void finish(Reply& reply)
    {
        long status = 0;
        curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_off_t seconds = 0;
        curl_easy_getinfo(m_easy.get(), CURLINFO_RETRY_AFTER,
                          &seconds); // of seconds or a date (RFC 9110, 10.2.3)
        char* redirect = nullptr;
        curl_easy_getinfo(m_easy.get(), CURLINFO_REDIRECT_URL, &redirect);
        reply.status = static_cast<int>(status);
        reply.redirect = redirect != nullptr ? core::oneLine(redirect, 200) : "";
        if (seconds > 0) {
            reply.retryAfter = std::chrono::seconds(std::min<curl_off_t>(seconds, 86'400));
        }
        reply.body = std::move(m_body);
    }

    const ServerSpec& m_spec;
    const Request& m_request;
    std::array<char, CURL_ERROR_SIZE>
        m_why{}; // "certificate has expired", where strerror knows of a certificate only
    std::unique_ptr<curl_slist, ListEnd> m_headers;
    std::string m_body;
    bool m_tooLarge = false;
    std::unique_ptr<CURL, EasyEnd> m_easy; // last: ends before what it points at
};

} // namespace

Reply send(const ServerSpec& spec, const Request& request, const std::stop_token& stop)
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return Transfer(spec, request).run(stop);
}

std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

} // namespace prometheus
