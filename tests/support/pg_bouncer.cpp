#include "tests/support/pg_bouncer.h"

#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace support {

namespace {

QString program()
{
    const QString found = QStandardPaths::findExecutable("pgbouncer");
    return found.isEmpty() ? QStandardPaths::findExecutable("pgbouncer", {"/usr/sbin", TEST_TOOLS}) : found;
}

} // namespace

PgBouncer::PgBouncer(const PgServer& server, std::string databases)
{
    QTcpServer probe;
    m_port = probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : std::uint16_t(0);
    const std::string where = fmt::format("host={} port={} user=postgres", server.socketDir().string(),
                                          std::string(server.connInfo().get("port")));
    for (std::size_t at = 0; (at = databases.find("SERVER", at)) != std::string::npos;) {
        databases.replace(at, 6, where);
    }
    write("users.txt", "\"watcher\" \"\"\n\"app\" \"\"\n");
    // Whoever waits does so as long as a test wants (query_wait_timeout).
    write("pgbouncer.ini",
          fmt::format("[databases]\n{}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\n"
                      "unix_socket_dir =\nauth_type = trust\nauth_file = {}/users.txt\n"
                      "stats_users = watcher\npool_mode = transaction\ndefault_pool_size = 3\nquery_wait_timeout = 0\n{}",
                      databases, m_port, m_folder.path().toStdString(),
                      geteuid() == 0 ? "user = postgres\n" : ""));
    QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

bool PgBouncer::start()
{
    m_process.start(program(), {m_folder.filePath("pgbouncer.ini")});
    return m_process.waitForStarted();
}

void PgBouncer::stop()
{
    m_process.terminate();
    m_process.waitForFinished();
}

void PgBouncer::write(const char* name, const std::string& text) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QFile::WriteOnly | QFile::Truncate)) {
        qFatal("cannot write");
    }
    file.write(QByteArray::fromStdString(text));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
}

} // namespace support
