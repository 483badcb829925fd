#include "monitor/pg/conninfo.h"

#include "monitor/core/format.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>

namespace pg {

namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

constexpr std::array<std::string_view, 2> kSecrets = {"password", "sslpassword"};

core::Unexpected<core::Error> refusePassword() {
    return core::fail(
        "a password in the connection string is not accepted: it would show in process lists and shell "
        "histories. Put it into ~/.pgpass (or the file PGPASSFILE names), or use a service file",
        "password-in-dsn");
}

// user:something@ in the authority of a URI. Looked at before libpq parses, so that no message of its own can
// quote it.
bool uriHasPassword(std::string_view dsn) {
    const std::size_t scheme = dsn.find("://");
    if (scheme == std::string_view::npos) {
        return false;
    }
    const std::string_view rest = dsn.substr(scheme + 3);
    const std::size_t at = rest.find('@');
    const std::size_t colon = rest.find(':');
    return at != std::string_view::npos && colon != std::string_view::npos && colon < at && colon + 1 < at;
}

// For strings libpq cannot parse: its message may quote any part of them.
bool looksSecret(std::string_view dsn) {
    std::string lower(dsn);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    // Percent signs can hide the letters of the keyword in a URI's query.
    return lower.find("passw") != std::string::npos || lower.find("%") != std::string::npos ||
           lower.find('@') != std::string::npos;
}

core::Unexpected<core::Error> syntaxError(std::string_view dsn, char* message) {
    std::string text = message != nullptr ? core::oneLine(message, 200) : "out of memory";
    PQfreemem(message);
    if (looksSecret(dsn)) {
        text = "the connection string cannot be parsed (not quoted here: it may hold a password)";
    }
    return core::fail(std::move(text), "dsn-syntax");
}

std::string defaultOf(std::string_view keyword) {
    const Options options(PQconndefaults());
    for (PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        if (keyword == option->keyword) {
            return option->val != nullptr ? option->val : "";
        }
    }
    return {};
}

} // namespace

core::Result<ConnInfo> ConnInfo::parse(std::string_view dsn) {
    if (dsn.find('\0') != std::string_view::npos) {
        return core::fail("the connection string holds a NUL character", "dsn-syntax");
    }
    if (uriHasPassword(dsn)) {
        return refusePassword();
    }
    char* message = nullptr;
    const Options options(PQconninfoParse(std::string(dsn).c_str(), &message));
    if (!options) {
        return syntaxError(dsn, message);
    }
    ConnInfo info;
    for (PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) {
            continue;
        }
        if (std::find(kSecrets.begin(), kSecrets.end(), option->keyword) != kSecrets.end()) {
            return refusePassword();
        }
        info.set(option->keyword, option->val);
    }
    // libpq would expand a connection string in dbname, password and all.
    const std::string_view dbname = info.get("dbname");
    if (dbname.find('=') != std::string_view::npos || dbname.find("://") != std::string_view::npos) {
        return core::fail("dbname must be a plain name, not a connection string", "dsn-syntax");
    }
    return info;
}

ConnInfo ConnInfo::forService(std::string_view name) {
    ConnInfo info;
    info.set("service", std::string(name));
    return info;
}

std::string_view ConnInfo::get(std::string_view keyword) const {
    const auto found = m_values.find(keyword);
    return found == m_values.end() ? std::string_view() : std::string_view(found->second);
}

std::string ConnInfo::display() const {
    const auto pick = [this](std::string_view keyword) {
        const std::string_view own = get(keyword);
        return own.empty() ? defaultOf(keyword) : std::string(own);
    };
    if (!get("service").empty() && get("host").empty() && get("hostaddr").empty()) {
        return core::oneLine("service " + std::string(get("service")), 200);
    }
    std::string host = pick("host");
    if (host.empty()) {
        host = pick("hostaddr");
    }
    if (host.empty()) {
        host = "local socket";
    }
    const std::string user = pick("user");
    const std::string dbname = pick("dbname");
    return core::oneLine(host + ":" + pick("port") + "/" + (dbname.empty() ? user : dbname) + " as " + user,
                         200);
}

} // namespace pg
