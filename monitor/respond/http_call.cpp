#include "monitor/respond/http_call.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>

#include <curl/curl.h>
#include <fmt/format.h>

namespace respond {

namespace {

constexpr std::size_t kMostBody = 1024 * 1024;

struct EasyEnd {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct UrlEnd {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Easy = std::unique_ptr<CURL, EasyEnd>;
using List = std::unique_ptr<curl_slist, ListEnd>;

std::size_t take(char* data, std::size_t size, std::size_t count, void* to)
{
    auto& body = *static_cast<std::string*>(to);
    const std::size_t bytes = size * count;
    if (body.size() + bytes > kMostBody) {
        return 0; // ends the transfer with an error
    }
    body.append(data, bytes);
    return bytes;
}

int goesOn(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

void start()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

curl_blob blobOf(const std::string& text)
{
    return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
}

void setTls(CURL* easy, const TlsSettings& tls)
{
    const auto set = [easy](CURLoption option, const std::string& text) {
        if (!text.empty()) {
            const curl_blob blob = blobOf(text);
            curl_easy_setopt(easy, option, &blob);
        }
    };
    set(CURLOPT_CAINFO_BLOB, tls.authorities);
    set(CURLOPT_SSLCERT_BLOB, tls.certificate);
    set(CURLOPT_SSLKEY_BLOB, tls.key);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

List headersOf(const HttpRequest& request)
{
    curl_slist* list = curl_slist_append(nullptr, "Accept: application/json");
    list = curl_slist_append(list, "Expect:");
    if (!request.body.empty()) {
        list = curl_slist_append(list, ("Content-Type: " + request.contentType).c_str());
    }
    if (!request.bearer.empty()) {
        list = curl_slist_append(list, ("Authorization: Bearer " + request.bearer).c_str());
    }
    return List(list);
}

void setRequest(CURL* easy, const HttpRequest& request, std::string& answer, const std::stop_token& stop)
{
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "poolscope/" POOLSCOPE_VERSION);
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(request.timeout).count();
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(millis));
    if (!request.body.empty()) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &goesOn);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &stop);
}

std::string partOf(CURLU* url, CURLUPart part)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) {
        return {};
    }
    std::string result(text);
    curl_free(text);
    return result;
}

bool isHere(const std::string& host)
{
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

} // namespace

core::Result<HttpReply> call(const HttpRequest& request, const std::stop_token& stop)
{
    start();
    const Easy easy(curl_easy_init());
    if (!easy) {
        return core::fail("libcurl cannot be started");
    }
    HttpReply reply;
    const List headers = headersOf(request);
    setRequest(easy.get(), request, reply.body, stop);
    setTls(easy.get(), request.tls);
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    std::array<char, CURL_ERROR_SIZE> why{}; // "certificate has expired", where strerror only knows of a certificate
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why.data());
    const CURLcode code = curl_easy_perform(easy.get());
    if (code == CURLE_WRITE_ERROR) {
        return core::fail("the answer is longer than 1 MiB");
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        return core::fail("stopped", "stopped");
    }
    if (code != CURLE_OK) {
        return core::fail(fmt::format("no answer: {}",
                                      core::oneLine(why[0] != '\0' ? why.data() : curl_easy_strerror(code), 200)),
                          "network");
    }
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
}

core::Result<void> checkUrl(const std::string& url, Carries carries)
{
    const bool clean =
        std::none_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
    const std::unique_ptr<CURLU, UrlEnd> parsed(curl_url());
    if (!clean || !parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return core::fail("no address: http://HOST/… or https://HOST/… is expected");
    }
    const std::string scheme = partOf(parsed.get(), CURLUPART_SCHEME);
    const std::string host = partOf(parsed.get(), CURLUPART_HOST);
    if ((scheme != "http" && scheme != "https") || host.empty()) {
        return core::fail("no address: http://HOST/… or https://HOST/… is expected");
    }
    if (!partOf(parsed.get(), CURLUPART_USER).empty() || !partOf(parsed.get(), CURLUPART_PASSWORD).empty()) {
        return core::fail("credentials do not belong in an address: use a token file");
    }
    if (carries == Carries::Token && scheme == "http" && !isHere(host)) {
        return core::fail("a token is sent over https only, or to this machine");
    }
    return {};
}

std::string shown(const HttpRequest& request)
{
    return request.body.empty() ? fmt::format("{} {}", request.method, request.url)
                                : fmt::format("{} {} {}", request.method, request.url, request.body);
}

} // namespace respond
