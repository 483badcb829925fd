#include "monitor/notify/mime.h"

#include "monitor/core/format.h"
#include "monitor/notify/codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace notify {

namespace {

constexpr std::size_t kWordBytes = 45; // base64 of it and the frame: 72 characters

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    const std::size_t last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

bool plain(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7F; }) &&
           text.find("=?") == std::string_view::npos && text.size() <= 200;
}

std::string mailboxHeader(std::string_view mailbox)
{
    const auto address = addressOf(mailbox);
    const std::size_t bracket = mailbox.rfind('<');
    if (!address || bracket == std::string_view::npos) {
        return address ? *address : std::string();
    }
    std::string name(trimmed(mailbox.substr(0, bracket)));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
        name = name.substr(1, name.size() - 2);
    }
    if (name.empty()) {
        return "<" + *address + ">";
    }
    if (plain(name)) {
        std::erase_if(name, [](char c) { return c == '"' || c == '\\'; });
        return "\"" + name + "\" <" + *address + ">";
    }
    return encodedHeader(name) + "\r\n <" + *address + ">";
}

// RFC 5322, 3.3; English names whatever the locale.
std::string dateText(core::WallTime at)
{
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                       kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                       utc.tm_min, utc.tm_sec);
}

std::string part(std::string_view boundary, std::string_view type, std::string_view body)
{
    std::string out = fmt::format("--{}\r\nContent-Type: {}; charset=UTF-8\r\n"
                                  "Content-Transfer-Encoding: base64\r\n\r\n",
                                  boundary, type);
    const std::string encoded = base64(body);
    for (std::size_t at = 0; at < encoded.size(); at += 76) {
        out += encoded.substr(at, 76) + "\r\n";
    }
    return out;
}

} // namespace

core::Result<std::string> addressOf(std::string_view mailbox)
{
    std::string_view address = trimmed(mailbox);
    if (const std::size_t open = address.rfind('<'); open != std::string_view::npos) {
        if (!address.ends_with('>')) {
            return core::fail(fmt::format("\"{}\" is no mail address", core::oneLine(mailbox, 80)));
        }
        address = address.substr(open + 1, address.size() - open - 2);
    }
    const std::size_t at = address.rfind('@');
    const bool shape =
        at != std::string_view::npos && at > 0 && at + 1 < address.size() && address.size() <= 254;
    const bool letters = std::ranges::none_of(address, [](unsigned char c) {
        return c <= 0x20 || c == 0x7F ||
               std::string_view("<>()[],;:\\\"").find(static_cast<char>(c)) != std::string_view::npos;
    });
    const bool noBreak = std::ranges::none_of(mailbox, [](unsigned char c) { return c < 0x20; });
    if (!shape || !letters || !noBreak) {
        return core::fail(fmt::format("\"{}\" is no mail address", core::oneLine(mailbox, 80)));
    }
    return std::string(address);
}

std::string encodedHeader(std::string_view text)
{
    const std::string clean = core::oneLine(text, 1000);
    if (plain(clean)) {
        return clean;
    }
    std::string out;
    std::string_view rest = clean;
    while (!rest.empty()) {
        std::size_t end = std::min(kWordBytes, rest.size());
        while (end < rest.size() && end > 1 && (static_cast<unsigned char>(rest[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(rest.substr(0, end)) + "?=");
        rest.remove_prefix(end);
    }
    return out;
}

std::string mailText(const Mail& mail)
{
    std::string to;
    for (const std::string& mailbox : mail.to) {
        to += (to.empty() ? "" : ",\r\n ") + mailboxHeader(mailbox);
    }
    const auto from = addressOf(mail.from);
    const std::string domain = from ? from->substr(from->rfind('@') + 1) : "localhost";
    std::string id;
    std::ranges::copy_if(mail.id, std::back_inserter(id), [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '.' || c == '_';
    });
    const std::string boundary = "poolscope-" + id;
    std::string out;
    out += "Date: " + dateText(mail.at) + "\r\n";
    out += "From: " + mailboxHeader(mail.from) + "\r\n";
    out += "To: " + to + "\r\n";
    out += "Subject: " + encodedHeader(mail.subject) + "\r\n";
    out += "Message-ID: <" + id + "@" + domain + ">\r\n";
    out += "Auto-Submitted: auto-generated\r\n"; // RFC 3834: no out-of-office replies
    out += mail.urgent ? "X-Priority: 1\r\n" : "";
    out += "MIME-Version: 1.0\r\n";
    out += "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
    out += part(boundary, "text/plain", mail.text);
    out += part(boundary, "text/html", mail.html);
    return out + "--" + boundary + "--\r\n";
}

} // namespace notify
