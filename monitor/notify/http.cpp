#include "monitor/notify/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <memory>
#include <mutex>

namespace notify {

namespace {

constexpr std::size_t kMostReply = 64 * 1024;

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
    std::unique_ptr<CURL, EasyEnd> easy{curl_easy_init()};
    std::unique_ptr<curl_slist, ListEnd> headers;
    std::array<char, CURL_ERROR_SIZE> error{};
    HttpReply reply;
    CURLcode code = CURLE_OPERATION_TIMEDOUT;
};

std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* target)
{
    auto& body = *static_cast<std::string*>(target);
    body.append(data, std::min(size * count, kMostReply - std::min(body.size(), kMostReply)));
    return size * count;
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
        static_cast<HttpReply*>(target)->retryAfter = parseRetryAfter(line.substr(kName.size()), now);
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

void prepare(Call& call, const HttpPost& post, core::Nanos timeout)
{
    CURL* easy = call.easy.get();
    append(call, "Content-Type: " + post.contentType);
    append(call, "Expect:"); // no waiting for 100
    for (const std::string& header : post.headers) {
        append(call, header);
    }
    const auto millis = static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count());
    curl_easy_setopt(easy, CURLOPT_URL, post.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post.body.data());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call.headers.get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Poolscope/" POOLSCOPE_VERSION);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, millis);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call.error.data());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call.reply.body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, takeHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call.reply);
    if (!post.user.empty() || !post.password.empty()) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(easy, CURLOPT_USERNAME, post.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, post.password.c_str());
    }
    if (!post.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, post.caFile.c_str());
    }
}

void runAll(CURLM* multi, std::vector<std::unique_ptr<Call>>& calls, const std::stop_token& stop)
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

HttpReply finished(Call& call)
{
    HttpReply reply = std::move(call.reply);
    if (call.code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(call.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
    } else {
        reply.error = call.error[0] != '\0' ? std::string(call.error.data()) : curl_easy_strerror(call.code);
    }
    return reply;
}

} // namespace

void startCurl()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::vector<HttpReply> postAll(std::span<const HttpPost> posts, const std::stop_token& stop,
                               core::Nanos timeout)
{
    startCurl();
    const std::unique_ptr<CURLM, MultiEnd> multi(curl_multi_init());
    std::vector<std::unique_ptr<Call>> calls;
    for (const HttpPost& post : posts) {
        calls.push_back(std::make_unique<Call>());
        prepare(*calls.back(), post, timeout);
        curl_multi_add_handle(multi.get(), calls.back()->easy.get());
    }
    runAll(multi.get(), calls, stop);
    std::vector<HttpReply> replies;
    for (const auto& call : calls) {
        curl_multi_remove_handle(multi.get(), call->easy.get());
        replies.push_back(finished(*call));
    }
    return replies;
}

Delivery deliveryOf(const HttpReply& reply)
{
    if (reply.status == 0) {
        return Delivery::retry(reply.error.empty() ? "no answer" : reply.error);
    }
    if (reply.status >= 200 && reply.status < 300) {
        return Delivery::sent();
    }
    const std::string error =
        fmt::format("HTTP {}{}{}", reply.status, reply.body.empty() ? "" : ": ", reply.body.substr(0, 200));
    const bool again = reply.status == 408 || reply.status == 429 || reply.status >= 500;
    return again ? Delivery::retry(error, reply.retryAfter) : Delivery::refused(error);
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

core::Result<void> checkUrl(const std::string& url)
{
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parts(curl_url(), curl_url_cleanup);
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        std::string value;
        if (curl_url_get(parts.get(), which, &text, 0) == CURLUE_OK) {
            value = text;
        }
        curl_free(text);
        return value;
    };
    const bool control = std::ranges::any_of(url, [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
    if (control || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return core::fail("is no URL");
    }
    const std::string scheme = part(CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https") {
        return core::fail("must begin with http:// or https://");
    }
    if (!part(CURLUPART_PASSWORD).empty()) {
        return core::fail("holds a password; give it as a setting of its own");
    }
    return {};
}

} // namespace notify
