#include "monitor/prometheus/transport.h"

#include "monitor/core/format.h"
#include "monitor/http/http.h"

#include <fmt/format.h>

#include <utility>

namespace prometheus {

namespace {

core::Result<void> authenticate(const ServerSpec& spec, http::Request& asked)
{
    const auto secret = [](const std::filesystem::path& file) {
        return file.empty() ? core::Result<std::string>(std::string()) : http::secretOf(file);
    };
    const auto token = secret(spec.bearerFile);
    const auto password = secret(spec.passwordFile);
    if (!token || !password) {
        return core::fail(!token ? token.error().message : password.error().message);
    }
    asked.bearer = *token;
    if (token->empty() && !spec.user.empty()) {
        asked.user = spec.user;
        asked.password = *password;
    }
    return {};
}

http::Request askedOf(const ServerSpec& spec, const Request& request)
{
    http::Request asked;
    asked.method = request.body.empty() ? "GET" : "POST";
    asked.url = spec.url + request.path;
    asked.body = request.body;
    asked.contentType = request.contentType;
    asked.headers = request.headers;
    if (!spec.tenant.empty()) {
        asked.headers.push_back("X-Scope-OrgID: " + spec.tenant);
    }
    asked.tls.authorityFile = spec.caFile.string();
    asked.timeout = spec.timeout;
    asked.mostBody = spec.maxBytes;
    asked.packing = http::Packing::Gzip;
    return asked;
}

} // namespace

Reply send(const ServerSpec& spec, const Request& request, const std::stop_token& stop)
{
    Reply reply;
    http::Request asked = askedOf(spec, request);
    if (const auto known = authenticate(spec, asked); !known) {
        reply.error = known.error().message;
        return reply;
    }
    http::Reply answer = http::ask(asked, stop);
    reply.status = answer.status;
    reply.body = std::move(answer.body);
    reply.redirect = core::oneLine(answer.redirect, 200);
    reply.retryAfter = answer.retryAfter;
    reply.stopped = answer.failure == http::Failure::Stopped;
    reply.error = answer.failure == http::Failure::TooLong
                      ? fmt::format("the answer has more than {} bytes", spec.maxBytes)
                      : core::oneLine(answer.error, 200);
    return reply;
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
