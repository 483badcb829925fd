#include "tests/targets/peers/cast.h"

#include <QStandardPaths>

#include <fmt/format.h>

using namespace std::chrono_literals;

namespace peers {

namespace {

constexpr int kBuildMillis = 240'000; // Go's own library is built, too, the first time

QString wrongWithRun(const PeerStart& start)
{
    QProcess process;
    begin(process, start);
    const bool well = process.waitForFinished(kBuildMillis) && process.exitCode() == 0;
    return well ? QString() : start.program + ' ' + process.errorString() + '\n' + process.readAll();
}

} // namespace

PeerStart pythonPeer(const QString& script, const support::PgServer& server)
{
    return {POOLSCOPE_PYTHON,
            {QStringLiteral(PEERS_FOLDER "/") + script},
            {"DATABASE_URL=" + QString::fromStdString(server.dsn()), "PYTHONDONTWRITEBYTECODE=1",
             "PYTHONPATH=" TEST_TOOLS "/python"}};
}

QString buildCompiled(const QString& folder)
{
    const QString sources = PEERS_FOLDER;
    const QString java = wrongWithRun(
        {"javac", {"-cp", "/usr/share/java/HikariCP.jar", "-d", folder, sources + "/HikariService.java"}});
    return !java.isEmpty() ? java
                           : wrongWithRun({"go",
                                           {"build", "-o", folder + "/pools", sources + "/pools.go"},
                                           {"GOPATH=/usr/share/gocode", "GO111MODULE=off",
                                            "GOCACHE=" PEERS_BUILD "/go-cache"}});
}

PeerStart compiledPeer(const QString& peer, const QString& folder, const support::PgServer& server)
{
    if (peer != "hikari") {
        return {folder + "/pools", {peer}, {"DATABASE_URL=" + QString::fromStdString(server.dsn())}};
    }
    const QString url = QString::fromStdString(
        "DATABASE_URL=jdbc:postgresql://" + support::PgServer::loopback() + ":5432/postgres?user=postgres");
    const QString classes =
        "/usr/share/java/HikariCP.jar:/usr/share/java/slf4j-api.jar:/usr/share/java/postgresql.jar:" + folder;
    return {"java", {"-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", classes, "HikariService"}, {url}};
}

PeerStart bouncerExporter(std::uint16_t port, std::uint16_t console, QStringList more)
{
    more.prepend(PEERS_FOLDER "/pgbouncer_exporter.py");
    more << "--host"
         << "127.0.0.1"
         << "--port" << QString::number(port) << "--pgbouncer-host"
         << "127.0.0.1"
         << "--pgbouncer-port" << QString::number(console) << "--pgbouncer-user"
         << "watcher";
    return {POOLSCOPE_PYTHON, more, {"PYTHONPATH=" TEST_TOOLS "/python", "PYTHONDONTWRITEBYTECODE=1"}};
}

PeerStart postgresExporter(std::uint16_t port, const support::PgServer& server)
{
    const QString name = "prometheus-postgres-exporter";
    const QString found = QStandardPaths::findExecutable(name);
    return {found.isEmpty() ? QStandardPaths::findExecutable(name, {TEST_TOOLS}) : found,
            {"--web.listen-address=127.0.0.1:" + QString::number(port)},
            {"DATA_SOURCE_NAME=" + QString::fromStdString(server.dsn() + " sslmode=disable")}};
}

std::unique_ptr<pg::Connection> session(const std::string& dsn)
{
    auto opened = pg::Connection::open(*pg::ConnInfo::parse(dsn), pg::Deadline::in(30s));
    return opened ? std::move(*opened) : nullptr;
}

Crowd::Crowd(const support::PgServer& server, std::uint16_t bouncer, int count)
    : m_lock(session(server.dsn() + " dbname=appdb")) // the locks of one database are its own
{
    if (m_lock && !m_lock->execute("select pg_advisory_lock(7)")) {
        m_lock.reset();
    }
    for (int i = 0; m_lock && i < count; ++i) {
        m_clients.emplace_back([bouncer] {
            const auto client = session(fmt::format("host=127.0.0.1 port={} user=app dbname=appdb", bouncer));
            static_cast<void>(client && client->execute("select pg_advisory_xact_lock_shared(7)", {},
                                                        pg::Deadline::in(600s)));
        });
    }
}

Crowd::~Crowd()
{
    release();
}

void Crowd::release()
{
    m_lock.reset(); // the session's end lets go of its locks
    m_clients.clear();
}

} // namespace peers
