#include "monitor/targets/fetch.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"

#include <fmt/format.h>

#include <algorithm>

namespace targets {

namespace {

// As Prometheus asks ("Content negotiation"), our preference being the same.
constexpr const char* kAccept = "Accept: application/openmetrics-text;version=1.0.0;q=0.8,"
                                "text/plain;version=0.0.4;q=0.5,*/*;q=0.2";
constexpr long kMostRedirects = 3;
constexpr std::chrono::seconds kLongestPause = std::chrono::minutes(5); // whatever a Retry-After says

} // namespace

Fetch::Fetch(const TargetSpec& spec, MemoryBudget& budget)
    : m_spec(spec)
    , m_budget(budget)
    , m_easy(curl_easy_init())
{
    setUp();
}

Fetch::~Fetch()
{
    m_budget.give(m_body.size());
}

void Fetch::setUp()
{
    CURL* easy = m_easy.get();
    const auto millis =
        static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(m_spec.timeout).count());
    m_headers.reset(curl_slist_append(nullptr, kAccept));
    curl_easy_setopt(easy, CURLOPT_URL, m_spec.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_headers.get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Poolscope/" POOLSCOPE_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(easy, CURLOPT_UNRESTRICTED_AUTH, 0L); // credentials go to this host and port only
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a name that is looked up for ever keeps nobody waiting
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_words.data());
    if (!m_spec.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, m_spec.caFile.c_str());
    }
}

core::Result<void> Fetch::authenticate()
{
    if (!m_spec.secret.empty() && m_spec.secretValue.empty()) {
        return core::fail("its secret " + core::oneLine(m_spec.secret, 80) + " is not known");
    }
    const bool kept = !m_spec.secretValue.empty();
    if (!m_spec.bearerFile.empty() || (kept && m_spec.user.empty())) {
        const auto token =
            kept ? core::Result<std::string>(m_spec.secretValue) : http::secretOf(m_spec.bearerFile);
        if (!token) {
            return core::fail(token.error().message);
        }
        curl_easy_setopt(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        curl_easy_setopt(m_easy.get(), CURLOPT_XOAUTH2_BEARER, token->c_str());
    } else if (!m_spec.user.empty()) {
        const auto password = kept                          ? core::Result<std::string>(m_spec.secretValue)
                              : m_spec.passwordFile.empty() ? core::Result<std::string>(std::string())
                                                            : http::secretOf(m_spec.passwordFile);
        if (!password) {
            return core::fail(password.error().message);
        }
        curl_easy_setopt(m_easy.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(m_easy.get(), CURLOPT_USERNAME, m_spec.user.c_str());
        curl_easy_setopt(m_easy.get(), CURLOPT_PASSWORD, password->c_str());
    }
    return {};
}

core::Result<CURL*> Fetch::begin()
{
    if (const auto well = authenticate(); !well) {
        return core::fail(well.error().message);
    }
    m_tooLarge = false;
    m_crowded = false;
    m_words[0] = '\0';
    return m_easy.get();
}

std::size_t Fetch::takeBody(char* data, std::size_t size, std::size_t count, void* self)
{
    Fetch& fetch = *static_cast<Fetch*>(self);
    const std::size_t bytes = size * count;
    fetch.m_tooLarge = fetch.m_body.size() + bytes > fetch.m_spec.maxBytes;
    fetch.m_crowded = !fetch.m_tooLarge && !fetch.m_budget.take(bytes);
    if (fetch.m_tooLarge || fetch.m_crowded) {
        return 0; // ends the transfer
    }
    fetch.m_body.append(data, bytes);
    return bytes;
}

std::string Fetch::errorText(CURLcode code) const
{
    if (m_tooLarge) {
        return fmt::format("the answer has more than {} bytes (max_bytes)", m_spec.maxBytes);
    }
    if (m_crowded) {
        return "the answers of all targets together are too large";
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION && m_words[0] != '\0') {
        return core::oneLine(m_words.data(), 200); // which of the many things is wrong with the certificate
    }
    if (code != CURLE_OK) {
        return core::oneLine(curl_easy_strerror(code), 200);
    }
    if (status() >= 200 && status() < 300) {
        return {};
    }
    const auto pause = std::chrono::duration_cast<std::chrono::seconds>(pauseWanted()).count();
    return pause > 0 ? fmt::format("HTTP {}, to be asked again in {} s", status(), pause)
                     : fmt::format("HTTP {}", status());
}

core::Nanos Fetch::pauseWanted() const
{
    if (status() != 429 && status() != 503) {
        return core::Nanos(0);
    }
    curl_off_t seconds = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RETRY_AFTER, &seconds);
    return std::chrono::seconds(std::clamp<curl_off_t>(seconds, 0, kLongestPause.count()));
}

int Fetch::status() const
{
    long status = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

metrics::TargetCause Fetch::causeOf(CURLcode code) const
{
    using metrics::TargetCause;
    if (m_tooLarge || m_crowded) {
        return TargetCause::Size;
    }
    if (code == CURLE_COULDNT_RESOLVE_HOST) {
        return TargetCause::Name;
    }
    if (code == CURLE_COULDNT_CONNECT) {
        return TargetCause::Refused;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return TargetCause::Timeout;
    }
    if (code == CURLE_TOO_MANY_REDIRECTS) {
        return TargetCause::Redirect;
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
        code == CURLE_SSL_CONNECT_ERROR) {
        return TargetCause::Certificate;
    }
    if (code != CURLE_OK) {
        return TargetCause::Other;
    }
    const int answered = status();
    return answered >= 200 && answered < 300                       ? TargetCause::None
           : answered == 401 || answered == 403 || answered == 407 ? TargetCause::Login
                                                                   : TargetCause::Http;
}

FetchedPage Fetch::finish(CURLcode code)
{
    FetchedPage page;
    page.error = errorText(code);
    page.pause = code == CURLE_OK ? pauseWanted() : core::Nanos(0);
    page.cause = causeOf(code);
    page.status = status();
    curl_off_t micros = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_TOTAL_TIME_T, &micros);
    page.took = std::chrono::microseconds(micros);
    const char* type = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_TYPE, &type);
    page.contentType = type != nullptr ? type : "";
    page.body = std::exchange(m_body, {});
    if (!page.error.empty()) {
        m_budget.give(page.body.size());
        page.body.clear();
        page.body.shrink_to_fit();
    }
    return page;
}

} // namespace targets
