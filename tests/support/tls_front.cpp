#include "tests/support/tls_front.h"

#include "tests/support/listener.h"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace support {

namespace {

int connectTo(std::uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

// Bytes both ways until one side is done.
void pump(SSL* ssl, int inside, const std::stop_token& stop)
{
    std::array<char, 16384> bytes{};
    while (!stop.stop_requested()) {
        std::array<pollfd, 2> both{pollfd{SSL_get_fd(ssl), POLLIN, 0}, pollfd{inside, POLLIN, 0}};
        if (SSL_pending(ssl) == 0 && poll(both.data(), both.size(), 50) <= 0) {
            continue;
        }
        if (SSL_pending(ssl) > 0 || both[0].revents != 0) {
            const int got = SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size()));
            if (got <= 0 || send(inside, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) {
                return;
            }
        }
        if (both[1].revents != 0) {
            const ssize_t got = recv(inside, bytes.data(), bytes.size(), 0);
            if (got <= 0 || SSL_write(ssl, bytes.data(), static_cast<int>(got)) <= 0) {
                return;
            }
        }
    }
}

} // namespace

struct TlsFront::Context {
    explicit Context(const TlsFrontOptions& options)
        : context(SSL_CTX_new(TLS_server_method()))
    {
        const bool well =
            SSL_CTX_use_certificate_file(context, options.own.certificate.c_str(), SSL_FILETYPE_PEM) == 1 &&
            SSL_CTX_use_PrivateKey_file(context, options.own.key.c_str(), SSL_FILETYPE_PEM) == 1;
        if (!well) {
            std::perror("TlsFront: bad certificate");
            std::abort();
        }
        if (!options.clients.empty()) {
            SSL_CTX_load_verify_locations(context, options.clients.c_str(), nullptr);
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        }
    }
    ~Context() { SSL_CTX_free(context); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    SSL_CTX* context;
};

TlsFront::TlsFront(const TlsFrontOptions& options)
    : m_behind(options.behind)
    , m_context(std::make_unique<Context>(options))
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to peers that have gone
    m_listener = listenLocally(m_port);
    m_thread = std::jthread([this](const std::stop_token& stop) {
        while (readable(m_listener, stop)) {
            if (const int fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0) {
                m_served.emplace_back([this, fd](const std::stop_token& end) { serve(fd, end); });
            }
        }
    });
}

TlsFront::~TlsFront()
{
    m_thread.request_stop();
    m_thread.join();
    for (std::jthread& served : m_served) {
        served.request_stop();
    }
    m_served.clear();
    close(m_listener);
}

void TlsFront::serve(int client, const std::stop_token& stop)
{
    SSL* ssl = SSL_new(m_context->context);
    SSL_set_fd(ssl, client);
    const timeval patience{10, 0}; // a peer that says nothing must not hold the end of the test
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (SSL_accept(ssl) == 1) {
        ++m_guests;
        if (const int inside = connectTo(m_behind); inside >= 0) {
            pump(ssl, inside, stop);
            close(inside);
        }
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    close(client);
}

} // namespace support
