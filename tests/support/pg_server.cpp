#include "tests/support/pg_server.h"

#include "monitor/pg/leftover.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
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

void PgServer::crash()
{
    if (const pid_t postmaster = m_server->pid(); postmaster != 0) {
        ::kill(postmaster, SIGKILL);
        while (m_server->running()) { // reaps it; a killed process is gone within milliseconds
            ::poll(nullptr, 0, 1);
        }
    }
}

} // namespace support
