// A mail server for tests: speaks ESMTP with STARTTLS, TLS from the start and AUTH, keeps the mails, refuses
// as told.
#pragma once

#include "tests/support/certificates.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

struct CaughtMail {
    std::string from;
    std::vector<std::string> to;
    std::string data; // headers and body, dots unstuffed
    std::string user; // who logged in; empty: nobody
    bool encrypted = false;
};

struct SmtpOptions {
    enum class Security { Plain, StartTls, Tls } security = Security::Plain;
    std::string user = {}; // empty: no AUTH is offered
    std::string password = {};
    CertificateFiles certificate = {}; // empty: one of its own, for "localhost" and 127.0.0.1
};

// On 127.0.0.1, any free port. Thread-safe.
class SmtpCatcher {
public:
    explicit SmtpCatcher(SmtpOptions options);
    ~SmtpCatcher();

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    // PEM; the authority that signed the server's own certificate.
    [[nodiscard]] std::filesystem::path caFile() const;
    // The answer to a recipient, "250 ok", "550 unknown", "451 later"; number counts over all mails from 0.
    void answerRecipient(std::function<std::string(const std::string& to, std::size_t number)> how);
    [[nodiscard]] std::vector<CaughtMail> mails() const;
    [[nodiscard]] std::vector<std::string> commands() const; // all lines received outside of mails

private:
    struct Session;
    struct Tls;
    void run(const std::stop_token& stop);
    void talk(Session& session);
    [[nodiscard]] bool obey(Session& session, const std::string& line);
    [[nodiscard]] bool login(Session& session, const std::string& line);
    [[nodiscard]] bool takeData(Session& session);

    SmtpOptions m_options;
    std::unique_ptr<Tls> m_tls;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex; // guards what follows
    std::vector<CaughtMail> m_mails;
    std::vector<std::string> m_commands;
    std::function<std::string(const std::string&, std::size_t)> m_recipient;
    std::size_t m_recipients = 0;
    std::jthread m_thread; // last: joins first
};

} // namespace support
