#include "tests/support/smtp_catcher.h"

#include "tests/support/listener.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

namespace support {

namespace {

std::string decoded(const std::string& text)
{
    std::string out(text.size() + 1, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(std::max(length, 0)));
    const auto padding = static_cast<std::size_t>(std::ranges::count(text, '='));
    out.resize(out.size() - std::min(padding, out.size()));
    return out;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string insideBrackets(const std::string& line)
{
    const std::size_t open = line.find('<');
    return line.substr(open + 1, line.find('>') - open - 1);
}

} // namespace

struct SmtpCatcher::Tls {
    explicit Tls(const CertificateFiles& given)
        : context(SSL_CTX_new(TLS_server_method()))
    {
        const CertificateFiles files = given.key.empty() ? authority.issue() : given;
        SSL_CTX_use_certificate_file(context, files.certificate.c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM);
    }
    ~Tls() { SSL_CTX_free(context); }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;

    Authority authority;
    SSL_CTX* context;
};

struct SmtpCatcher::Session {
    Session(int socket, std::stop_token token)
        : fd(socket)
        , stop(std::move(token))
    {
    }
    ~Session()
    {
        if (ssl != nullptr) {
            SSL_free(ssl);
        }
        close(fd);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] bool secure(SSL_CTX* context)
    {
        ssl = SSL_new(context);
        SSL_set_fd(ssl, fd);
        return SSL_accept(ssl) == 1;
    }
    void say(const std::string& line)
    {
        const std::string text = line + "\r\n";
        if (ssl != nullptr) {
            SSL_write(ssl, text.data(), static_cast<int>(text.size()));
        } else {
            (void)send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        }
    }
    [[nodiscard]] std::optional<std::string> line()
    {
        std::size_t end = buffer.find("\r\n");
        while (end == std::string::npos) {
            const bool waiting = ssl != nullptr && SSL_pending(ssl) > 0;
            if (!waiting && !readable(fd, stop)) {
                return std::nullopt;
            }
            std::array<char, 16384> bytes{};
            const auto got = ssl != nullptr ? static_cast<ssize_t>(SSL_read(ssl, bytes.data(), bytes.size()))
                                            : read(fd, bytes.data(), bytes.size());
            if (got <= 0) {
                return std::nullopt;
            }
            buffer.append(bytes.data(), static_cast<std::size_t>(got));
            end = buffer.find("\r\n");
        }
        std::string text = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return text;
    }

    int fd;
    std::stop_token stop;
    SSL* ssl = nullptr;
    std::string buffer;
    CaughtMail mail;
};

SmtpCatcher::SmtpCatcher(SmtpOptions options)
    : m_options(std::move(options))
    , m_tls(std::make_unique<Tls>(m_options.certificate))
    , m_recipient([](const std::string&, std::size_t) { return std::string("250 ok"); })
{
    m_listener = listenLocally(m_port);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

SmtpCatcher::~SmtpCatcher()
{
    m_thread.request_stop();
    m_thread.join();
    close(m_listener);
}

std::filesystem::path SmtpCatcher::caFile() const
{
    return m_tls->authority.file();
}

void SmtpCatcher::answerRecipient(std::function<std::string(const std::string&, std::size_t)> how)
{
    const std::lock_guard lock(m_mutex);
    m_recipient = std::move(how);
}

std::vector<CaughtMail> SmtpCatcher::mails() const
{
    const std::lock_guard lock(m_mutex);
    return m_mails;
}

std::vector<std::string> SmtpCatcher::commands() const
{
    const std::lock_guard lock(m_mutex);
    return m_commands;
}

void SmtpCatcher::run(const std::stop_token& stop)
{
    while (readable(m_listener, stop)) {
        if (const int fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0) {
            Session session(fd, stop);
            talk(session);
        }
    }
}

void SmtpCatcher::talk(Session& session)
{
    if (m_options.security == SmtpOptions::Security::Tls && !session.secure(m_tls->context)) {
        return;
    }
    session.say("220 localhost ESMTP");
    for (auto line = session.line(); line && obey(session, *line); line = session.line()) {
    }
}

// False ends the conversation.
bool SmtpCatcher::obey(Session& session, const std::string& line)
{
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(line);
    }
    const std::string word = upper(line.substr(0, line.find(' ')));
    const bool upgrade = m_options.security == SmtpOptions::Security::StartTls && session.ssl == nullptr;
    if (word == "EHLO") {
        session.say("250-localhost");
        if (upgrade) {
            session.say("250-STARTTLS");
        } else if (!m_options.user.empty()) {
            session.say("250-AUTH PLAIN LOGIN");
        }
        session.say("250 8BITMIME");
    } else if (word == "STARTTLS" && upgrade) {
        session.say("220 go ahead");
        return session.secure(m_tls->context);
    } else if (word == "AUTH") {
        return login(session, line);
    } else if (word == "MAIL") {
        const bool allowed = m_options.user.empty() || !session.mail.user.empty();
        session.mail.from = insideBrackets(line);
        session.say(allowed ? "250 ok" : "530 authentication required");
    } else if (word == "RCPT") {
        std::string answer;
        {
            const std::lock_guard lock(m_mutex);
            answer = m_recipient(insideBrackets(line), m_recipients++);
        }
        if (answer.starts_with('2')) {
            session.mail.to.push_back(insideBrackets(line));
        }
        session.say(answer);
    } else if (word == "DATA") {
        return takeData(session);
    } else if (word == "QUIT") {
        session.say("221 bye");
        return false;
    } else {
        session.say("250 ok");
    }
    return true;
}

bool SmtpCatcher::login(Session& session, const std::string& line)
{
    std::string user;
    std::string password;
    if (line.starts_with("AUTH PLAIN")) {
        std::string given = line.size() > 11 ? line.substr(11) : std::string();
        if (given.empty()) {
            session.say("334 ");
            given = session.line().value_or("");
        }
        const std::string plain = decoded(given);
        const std::size_t first = plain.find('\0');
        const std::size_t second = plain.find('\0', first + 1);
        user = plain.substr(first + 1, second - first - 1);
        password = plain.substr(second + 1);
    } else {
        session.say("334 VXNlcm5hbWU6");
        user = decoded(session.line().value_or(""));
        session.say("334 UGFzc3dvcmQ6");
        password = decoded(session.line().value_or(""));
    }
    const bool well = user == m_options.user && password == m_options.password;
    session.mail.user = well ? user : std::string();
    session.say(well ? "235 welcome" : "535 no such user or password");
    return true;
}

bool SmtpCatcher::takeData(Session& session)
{
    if (session.mail.to.empty()) {
        session.say("554 no recipients");
        return true;
    }
    session.say("354 go ahead");
    for (auto line = session.line(); line; line = session.line()) {
        if (*line == ".") {
            session.mail.encrypted = session.ssl != nullptr;
            {
                const std::lock_guard lock(m_mutex);
                m_mails.push_back(session.mail);
            }
            session.mail = {};
            session.say("250 taken");
            return true;
        }
        session.mail.data += (line->starts_with("..") ? line->substr(1) : *line) + "\r\n";
    }
    return false;
}

} // namespace support
