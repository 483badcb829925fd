#include "monitor/http/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>
#include <fstream>
#include <memory>
#include <mutex>
#include <utility>

namespace http {

namespace {

constexpr std::size_t kMostSecret = 16 * 1024;

struct EasyEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiEnd {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Call {
    explicit Call(const Request& asked)
        : request(asked)
    {
    }

    const Request& request;
    std::unique_ptr<CURL, EasyEnd> easy{curl_easy_init()};
    std::unique_ptr<curl_slist, ListEnd> headers;
    std::array<char, CURL_ERROR_SIZE>
        why{}; // "certificate has expired", where strerror only knows of a certificate
    Reply reply;
    std::optional<CURLcode> code; // nothing: not at its end
};

std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* target)
{
    auto& call = *static_cast<Call*>(target);
    const std::size_t bytes = size * count;
    const std::size_t room = call.request.mostBody - std::min(call.reply.body.size(), call.request.mostBody);
    if (bytes > room && call.request.beyond == Beyond::Fails) {
        return 0; // ends the transfer with CURLE_WRITE_ERROR
    }
    call.reply.body.append(data, std::min(bytes, room));
    return bytes;
}

std::size_t takeHeader(char* data, std::size_t size, std::size_t count, void* target)
{
    const std::string_view line(data, size * count);
    constexpr std::string_view kName = "retry-after:";
    const bool ours = line.size() > kName.size() &&
                      std::ranges::equal(line.substr(0, kName.size()), kName, {},
                                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (ours) {
        const auto now = core::SystemClock::instance().wallNow();
        static_cast<Call*>(target)->reply.retryAfter = parseRetryAfter(line.substr(kName.size()), now);
    }
    return size * count;
}

void append(Call& call, const std::string& header)
{
    if (curl_slist* list = curl_slist_append(call.headers.get(), header.c_str())) {
        (void)call.headers.release();
        call.headers.reset(list);
    }
}

void setHeaders(Call& call)
{
    append(call, "Accept: application/json");
    append(call, "Expect:"); // no waiting for 100
    if (!call.request.body.empty()) {
        append(call, "Content-Type: " + call.request.contentType);
    }
    if (!call.request.bearer.empty()) {
        append(call, "Authorization: Bearer " + call.request.bearer);
    }
    for (const std::string& header : call.request.headers) {
        append(call, header);
    }
    curl_easy_setopt(call.easy.get(), CURLOPT_HTTPHEADER, call.headers.get());
}

void setTls(CURL* easy, const Tls& tls)
{
    const auto set = [easy](CURLoption option, const std::string& text) {
        if (!text.empty()) {
            curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
            curl_easy_setopt(easy, option, &blob);
        }
    };
    set(CURLOPT_CAINFO_BLOB, tls.authorities);
    set(CURLOPT_SSLCERT_BLOB, tls.certificate);
    set(CURLOPT_SSLKEY_BLOB, tls.key);
    if (!tls.authorityFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, tls.authorityFile.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
}

void setRequest(Call& call)
{
    CURL* easy = call.easy.get();
    const Request& request = call.request;
    const auto millis =
        static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(request.timeout).count());
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!request.body.empty() || request.method == "POST") { // also one without a body
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Poolscope/" POOLSCOPE_VERSION);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a name that is looked up for ever keeps nobody waiting
    if (request.packing == Packing::Gzip) {
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    if (!request.user.empty() || !request.password.empty()) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(easy, CURLOPT_USERNAME, request.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, request.password.c_str());
    }
}

void prepare(Call& call)
{
    CURL* easy = call.easy.get();
    setRequest(call);
    setHeaders(call);
    setTls(easy, call.request.tls);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call.why.data());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, takeHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call);
}

void runAll(CURLM* multi, const std::vector<std::unique_ptr<Call>>& calls, const std::stop_token& stop)
{
    int running = 1;
    while (running > 0 && !stop.stop_requested()) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) {
            break;
        }
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            for (const auto& call : calls) {
                if (message->msg == CURLMSG_DONE && call->easy.get() == message->easy_handle) {
                    call->code = message->data.result;
                }
            }
        }
        if (running > 0) {
            curl_multi_poll(multi, nullptr, 0, 100, nullptr);
        }
    }
}

Reply finished(Call& call)
{
    Reply reply = std::move(call.reply);
    if (!call.code) {
        reply.failure = Failure::Stopped;
        reply.error = "stopped";
    } else if (*call.code == CURLE_WRITE_ERROR) {
        reply.failure = Failure::TooLong;
        reply.error = "the answer is too long";
    } else if (*call.code != CURLE_OK) {
        reply.failure = Failure::Network;
        reply.error = call.why[0] != '\0' ? std::string(call.why.data()) : curl_easy_strerror(*call.code);
    } else {
        long status = 0;
        curl_easy_getinfo(call.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        char* redirect = nullptr;
        curl_easy_getinfo(call.easy.get(), CURLINFO_REDIRECT_URL, &redirect);
        reply.redirect = redirect != nullptr ? redirect : "";
    }
    return reply;
}

} // namespace

void startCurl()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::vector<Reply> askAll(std::span<const Request> requests, const std::stop_token& stop)
{
    startCurl();
    const std::unique_ptr<CURLM, MultiEnd> multi(curl_multi_init());
    std::vector<std::unique_ptr<Call>> calls;
    for (const Request& request : requests) {
        calls.push_back(std::make_unique<Call>(request));
        prepare(*calls.back());
        curl_multi_add_handle(multi.get(), calls.back()->easy.get());
    }
    runAll(multi.get(), calls, stop);
    std::vector<Reply> replies;
    for (const auto& call : calls) {
        curl_multi_remove_handle(multi.get(), call->easy.get());
        replies.push_back(finished(*call));
    }
    return replies;
}

Reply ask(const Request& request, const std::stop_token& stop)
{
    return std::move(askAll({&request, 1}, stop).front());
}

std::optional<UrlParts> readUrl(const std::string& url, Schemes schemes)
{
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
    const bool clean = std::ranges::none_of(url, [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
    const unsigned flags = schemes == Schemes::Any ? CURLU_NON_SUPPORT_SCHEME : 0U;
    if (!clean || !parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), flags) != CURLUE_OK) {
        return std::nullopt;
    }
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        std::string value;
        if (curl_url_get(parsed.get(), which, &text, 0) == CURLUE_OK && text != nullptr) {
            value = text;
        }
        curl_free(text);
        return value;
    };
    return UrlParts{part(CURLUPART_SCHEME),   part(CURLUPART_HOST),    part(CURLUPART_USER),
                    part(CURLUPART_PASSWORD), part(CURLUPART_PORT),    part(CURLUPART_PATH),
                    part(CURLUPART_QUERY),    part(CURLUPART_FRAGMENT)};
}

std::string nameOf(const UrlParts& url)
{
    return url.host + (url.port.empty() ? "" : ":" + url.port) + (url.path == "/" ? "" : url.path);
}

core::Result<std::string> secretOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string secret(kMostSecret, '\0');
    in.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    secret.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    secret.erase(std::min(secret.find_first_of("\r\n"), secret.size()));
    if (secret.empty()) {
        return core::fail(file.string() + " cannot be read or is empty");
    }
    return secret;
}

bool isHere(const UrlParts& url)
{
    return url.host == "localhost" || url.host == "[::1]" || url.host.starts_with("127.");
}

std::optional<core::Nanos> parseRetryAfter(std::string_view text, core::WallTime now)
{
    const std::size_t first = text.find_first_not_of(" \t");
    text = first == std::string_view::npos ? std::string_view() : text.substr(first);
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    long seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) {
        const std::time_t at = curl_getdate(std::string(text).c_str(), nullptr);
        if (at < 0) {
            return std::nullopt;
        }
        seconds = static_cast<long>(at - std::chrono::system_clock::to_time_t(now));
    }
    return std::chrono::seconds(std::clamp(seconds, 0L, 24L * 3600));
}

} // namespace http
