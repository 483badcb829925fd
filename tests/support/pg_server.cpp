#include "tests/support/pg_server.h"

#include "monitor/pg/connection.h"
#include "monitor/pg/leftover.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace support {
namespace {

namespace fs = std::filesystem;

// Below /tmp, because the path must be short; passable, because for root the server runs as somebody else.
fs::path makeFolder()
{
    std::string pattern = "/tmp/poolscope-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
        return {};
    }
    ::chmod(pattern.c_str(), 0711);
    return pattern;
}

} // namespace

PgServer::PgServer(PgServerOptions options) : m_folder(makeFolder())
{
    pg::EmbeddedOptions embedded;
    embedded.dataDir = m_folder / "data";
    embedded.durable = false;
    embedded.maxConnections = options.maxConnections;
    embedded.settings = std::move(options.settings);
    if (options.listens == Listens::Loopback) {
        embedded.settings.push_back("listen_addresses=" + loopback());
    }
    m_server = std::make_unique<pg::EmbeddedServer>(std::move(embedded));
    if (m_folder.empty()) {
        m_error = std::string("no folder below /tmp: ") + std::strerror(errno);
        return;
    }
    (void)start();
}

PgServer::~PgServer()
{
    thaw();
    m_server->stop();
    std::error_code error;
    if (!m_folder.empty()) {
        fs::remove_all(m_folder, error);
    }
}

std::string PgServer::dsn() const
{
    std::string text;
    const pg::ConnInfo info = connInfo();
    for (const auto& [keyword, value] : info.values()) {
        text += (text.empty() ? "" : " ") + keyword + "=" + value;
    }
    return text;
}

std::string PgServer::loopback()
{
    const int pid = ::getpid(); // below 2^22
    return "127." + std::to_string(64 + ((pid >> 16) & 63)) + "." + std::to_string((pid >> 8) & 255) + "." +
           std::to_string(pid & 255);
}

bool PgServer::runSql(const char* sql)
{
    const pg::Deadline deadline = pg::Deadline::in(std::chrono::seconds(20));
    auto connection = pg::Connection::open(connInfo(), deadline);
    if (!connection) {
        return note(core::Unexpected{connection.error()});
    }
    auto done = (*connection)->execute(sql, {}, deadline);
    return done ? note({}) : note(core::Unexpected{done.error()});
}

bool PgServer::offerTls()
{
    const fs::path cluster = m_server->clusterDir();
    const std::string key = cluster / "server.key";
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
                                "-subj /CN=localhost -keyout " +
                                key + " -out " + (cluster / "server.crt").string() + " 2>/dev/null";
    struct stat owner = {};
    if (std::system(command.c_str()) != 0 || ::stat(cluster.c_str(), &owner) != 0 || // NOLINT(cert-env33-c)
        ::chown(key.c_str(), owner.st_uid, owner.st_gid) != 0 || ::chmod(key.c_str(), 0600) != 0) {
        return note(core::fail("openssl made no certificate", "tls"));
    }
    return runSql("ALTER SYSTEM SET ssl = on") && runSql("SELECT pg_reload_conf()");
}

bool PgServer::setAccess(const std::string& lines)
{
    {
        std::ofstream file(m_server->clusterDir() / "pg_hba.conf", std::ios::trunc); // keeps its owner
        file << "local all postgres trust\n" << lines << '\n';
    }
    return runSql("SELECT pg_reload_conf()");
}

bool PgServer::note(const core::Result<void>& result)
{
    m_error = result ? std::string() : result.error().message;
    return result.has_value();
}

bool PgServer::start()
{
    return note(m_server->start());
}

bool PgServer::restart()
{
    return note(m_server->restart());
}

void PgServer::freeze()
{
    const pid_t postmaster = m_server->pid();
    if (postmaster == 0) {
        return;
    }
    ::kill(postmaster, SIGSTOP); // first: it must not start another while the list is made
    m_frozen = pg::childrenOf(postmaster);
    for (const pid_t child : m_frozen) {
        ::kill(child, SIGSTOP);
    }
    m_frozen.push_back(postmaster);
}

void PgServer::thaw()
{
    for (const pid_t process : m_frozen) {
        ::kill(process, SIGCONT);
    }
    m_frozen.clear();
}

void PgServer::endBy(int signal)
{
    if (const pid_t postmaster = m_server->pid(); postmaster != 0) {
        ::kill(postmaster, signal);
        while (m_server->running()) { // reaps it; a killed process is gone within milliseconds
            ::poll(nullptr, 0, 1);
        }
    }
}

} // namespace support
