// The private server: its life, its leftovers, and whom it leaves alone. What keeps it from starting is in
// tst_embedded_trouble.
#include "monitor/pg/child_process.h"
#include "monitor/pg/embedded_server.h"
#include "monitor/pg/leftover.h"
#include "monitor/pg/server_account.h"
#include "monitor/pg/server_home.h"
#include "tests/pg/cluster_fixture.h"
#include "tests/support/pg_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace pg_test;

namespace {

unsigned modeOf(const fs::path& path)
{
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
}

// The socket's folder, as the holder of the lock wrote it down.
fs::path noteOfSocket(const fs::path& dataDir)
{
    std::ifstream lock(dataDir / "postgres.lock");
    std::string line;
    std::getline(lock, line);
    std::getline(lock, line);
    return line;
}

// A console in a process of its own, with its server running. Cleans up after it, its server's end included.
class Console {
public:
    explicit Console(const fs::path& dataDir, const QStringList& more = {}) : m_dataDir(dataDir)
    {
        m_process.start(EMBEDDED_CONSOLE, QStringList{QString::fromStdString(dataDir.string())} + more);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(30000)) {
        }
        m_said = m_process.readLine().trimmed();
    }
    ~Console()
    {
        killHard();
        (void)pg::stopLeftover(m_dataDir / "postgres");
        pg::removeSocketFolder(noteOfSocket(m_dataDir));
    }
    [[nodiscard]] QByteArray said() const { return m_said; }
    [[nodiscard]] pid_t server() const { return m_said.startsWith("server ") ? m_said.mid(7).toInt() : 0; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    void killHard()
    {
        m_process.kill(); // SIGKILL
        m_process.waitForFinished();
    }

private:
    fs::path m_dataDir;
    QProcess m_process;
    QByteArray m_said;
};

} // namespace

class TestEmbeddedServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression("."));
        QVERIFY2(m_shared.ok(), m_shared.error());
    }

    void firstStartMakesAPrivateClusterAndTellsHowFarItIs()
    {
        const Folder folder;
        std::vector<std::pair<std::string, double>> told;
        pg::EmbeddedOptions options = optionsFor(folder.data());
        options.durable = true;
        options.onProgress = [&told](std::string_view step, double done) { told.emplace_back(step, done); };
        pg::EmbeddedServer server(options);
        const core::Result<void> started = server.start();
        QVERIFY2(started, messageOf(started).c_str());
        QCOMPARE(server.clusterDir(), folder.data() / "postgres");
        QCOMPARE(modeOf(server.clusterDir()), 0700U);
        QCOMPARE(modeOf(server.socketDir()), 0700U);
        QCOMPARE(ask(server.connInfo(), "SHOW listen_addresses"), std::string());
        QCOMPARE(ask(server.connInfo(), "SHOW fsync"), std::string("on"));
        QCOMPARE(ask(server.connInfo(), "SHOW max_connections"), std::string("60"));
        QCOMPARE(ask(server.connInfo(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), std::string("t"));
        QVERIFY(told.size() > 4);
        QCOMPARE(told.front(), (std::pair<std::string, double>("initdb", 0.0)));
        QCOMPARE(told.back(), (std::pair<std::string, double>("start", 1.0)));
        QVERIFY(std::is_sorted(told.begin(), told.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
    }

    void secondStartReusesTheCluster()
    {
        {
            pg::EmbeddedServer first(optionsFor(m_common.data()));
            const core::Result<void> started = first.start();
            QVERIFY2(started, messageOf(started).c_str());
            ask(first.connInfo(), "CREATE TABLE kept AS SELECT 7 AS n");
        }
        std::vector<std::string> steps;
        pg::EmbeddedOptions options = optionsFor(m_common.data());
        options.onProgress = [&steps](std::string_view step, double) { steps.emplace_back(step); };
        pg::EmbeddedServer second(options);
        QVERIFY(second.start());
        QCOMPARE(ask(second.connInfo(), "SELECT n FROM kept"), std::string("7"));
        QVERIFY(std::find(steps.begin(), steps.end(), "initdb") == steps.end());
    }

    void startOfARunningServerIsNothing()
    {
        const int pid = m_shared.pid();
        QVERIFY(m_shared.start());
        QCOMPARE(m_shared.pid(), pid);
    }

    void restartGivesANewServerAtTheSamePlace()
    {
        const int pid = m_shared.pid();
        const std::string dsn = m_shared.dsn();
        QVERIFY2(m_shared.restart(), m_shared.error());
        QVERIFY(m_shared.pid() != pid && m_shared.pid() > 0);
        QCOMPARE(m_shared.dsn(), dsn);
        QCOMPARE(ask(m_shared.connInfo(), "SELECT 1"), std::string("1"));
    }

    void stopLeavesNothingBehind()
    {
        fs::path socket;
        {
            pg::EmbeddedServer server(optionsFor(m_common.data()));
            QVERIFY(server.start());
            socket = server.socketDir();
            server.stop();
            QVERIFY(!server.running());
            QCOMPARE(server.pid(), 0);
            QVERIFY(pg::serverProcesses(server.clusterDir()).empty());
        }
        QVERIFY(!fs::exists(socket));
    }

    void killedServerIsNoticedAndStartsAgain()
    {
        m_shared.crash();
        QVERIFY(!m_shared.embedded().running());
        QVERIFY2(m_shared.start(), m_shared.error());
        QCOMPARE(ask(m_shared.connInfo(), "SELECT 1"), std::string("1"));
    }

    void frozenServerStopsAllTheSame()
    {
        m_shared.freeze();
        m_shared.stop();
        QCOMPARE(m_shared.pid(), 0);
        QVERIFY2(m_shared.start(), m_shared.error());
    }

    void serverIsGoneASecondAfterItsConsoleWasKilled()
    {
        Console console(m_common.data());
        QVERIFY2(console.server() > 0, console.said());
        QVERIFY(pg::processStart(console.server()));
        console.killHard();
        QTRY_VERIFY_WITH_TIMEOUT(pg::serverProcesses(m_common.data() / "postgres").empty(), 1000);
    }

    void leftoverServerIsStopped()
    {
        Console console(m_common.data(), {"freeze"});
        const pid_t leftover = console.server();
        QVERIFY2(leftover > 0, console.said());
        const fs::path staleSocket = noteOfSocket(m_common.data());
        console.killHard();
        QVERIFY(pg::processStart(leftover)); // frozen, it did not hear
        QVERIFY(fs::exists(staleSocket));
        pg::EmbeddedServer server(optionsFor(m_common.data()));
        const core::Result<void> started = server.start();
        QVERIFY2(started, messageOf(started).c_str());
        QVERIFY(!pg::processStart(leftover));
        QVERIFY(!fs::exists(staleSocket));
        QCOMPARE(ask(server.connInfo(), "SELECT 1"), std::string("1"));
    }

    void secondConsoleOnTheSameFolderIsRefused()
    {
        Console console(m_common.data());
        QVERIFY2(console.server() > 0, console.said());
        pg::EmbeddedServer server(optionsFor(m_common.data()));
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("in_use"));
        QVERIFY2(started.error().message.find(std::to_string(console.pid())) != std::string::npos, messageOf(started).c_str());
        QVERIFY(pg::processStart(console.server()));
    }

    void foreignServerIsNeverTouched()
    {
        {
            pg::EmbeddedServer first(optionsFor(m_common.data()));
            QVERIFY(first.start());
            first.stop();
        }
        // The number in our cluster's pid file was given to another server meanwhile; so was the lock's.
        std::ofstream(m_common.data() / "postgres" / "postmaster.pid") << m_shared.pid() << "\n" << "/elsewhere\n";
        std::ofstream(m_common.data() / "postgres.lock") << m_shared.pid() << " 1\n/etc\n";
        pg::EmbeddedServer server(optionsFor(m_common.data()));
        const core::Result<void> started = server.start();
        QVERIFY2(started, messageOf(started).c_str());
        QCOMPARE(ask(m_shared.connInfo(), "SELECT 1"), std::string("1"));
        QVERIFY(fs::exists("/etc"));
    }

    void garbageInTheLockFileIsNoHindrance()
    {
        const Folder folder;
        fs::create_directory(folder.data());
        ::chmod(folder.data().c_str(), 0711);
        std::ofstream(folder.data() / "postgres.lock") << std::string(100000, '\xff');
        const core::Result<pg::ServerAccount> account = pg::serverAccount(::geteuid(), core::Lang::English);
        QVERIFY(account);
        const core::Result<pg::ServerHome> home = pg::chooseHome(folder.data(), *account, core::Lang::English);
        QVERIFY(home);
        QVERIFY(pg::HomeLock::take(*home, "/tmp/none", core::Lang::English));
    }

    void rootNeverRunsTheServerItself()
    {
        const core::Result<pg::ServerAccount> account = pg::serverAccount(0, core::Lang::English);
        QVERIFY(account);
        QVERIFY(account->ids.uid != 0 && account->dropped);
        struct stat info {};
        QCOMPARE(::stat(("/proc/" + std::to_string(m_shared.pid())).c_str(), &info), 0);
        QVERIFY(info.st_uid != 0);
    }

    // What root's home is: only the owner may pass. For root the cluster goes elsewhere, for others it stays.
    void closedFolderIsNoHindrance()
    {
        const Folder folder;
        const fs::path closed = folder.path() / "closed";
        fs::create_directory(closed);
        ::chmod(closed.c_str(), 0700);
        fs::path cluster;
        {
            pg::EmbeddedServer server(optionsFor(closed / "data"));
            const core::Result<void> started = server.start();
            QVERIFY2(started, messageOf(started).c_str());
            cluster = server.clusterDir();
            QCOMPARE(ask(server.connInfo(), "SELECT 1"), std::string("1"));
        }
        const bool inside = cluster.string().starts_with(closed.string());
        QCOMPARE(inside, ::geteuid() != 0);
        if (!inside) {
            pg::EmbeddedServer again(optionsFor(closed / "data"));
            QVERIFY(again.start());
            QCOMPARE(again.clusterDir(), cluster); // always the same place
            again.stop();
            fs::remove_all(cluster.parent_path());
        }
    }

    void longPathsHaveAShortSocket()
    {
        const Folder folder;
        pg::EmbeddedServer server(optionsFor(folder.path() / std::string(120, 'l') / "with blanks 'and quotes'"));
        QVERIFY((server.socketDir().string() + "/.s.PGSQL.5432").size() <= 107);
        ::mkdir((folder.path() / std::string(120, 'l')).c_str(), 0711);
        const core::Result<void> started = server.start();
        QVERIFY2(started, messageOf(started).c_str());
        QCOMPARE(ask(server.connInfo(), "SELECT 1"), std::string("1"));
    }

    void environmentOfTheUserChangesNothing()
    {
        qputenv("PGPORT", "1");
        qputenv("PGDATA", "/nowhere");
        qputenv("LC_ALL", "no_SUCH.locale");
        qputenv("PGOPTIONS", "-c no_such=1");
        const auto restore = qScopeGuard([] {
            for (const char* name : {"PGPORT", "PGDATA", "LC_ALL", "PGOPTIONS"}) {
                qunsetenv(name);
            }
        });
        QVERIFY2(m_shared.restart(), m_shared.error());
        std::ifstream file("/proc/" + std::to_string(m_shared.pid()) + "/environ");
        QVERIFY(file.good());
    }

    void serverInheritsNoOpenFiles()
    {
        const int leak = ::open("/dev/zero", O_RDONLY); // without O_CLOEXEC
        QVERIFY(leak >= 0);
        QVERIFY2(m_shared.restart(), m_shared.error());
        ::close(leak);
        const fs::path descriptors = "/proc/" + std::to_string(m_shared.pid()) + "/fd";
        int seen = 0;
        for (const fs::directory_entry& entry : fs::directory_iterator(descriptors)) {
            std::error_code error;
            QVERIFY(fs::read_symlink(entry.path(), error) != "/dev/zero");
            ++seen;
        }
        QVERIFY(seen >= 3);
    }

    void childrenHaveDefaultSignals()
    {
        ::signal(SIGPIPE, SIG_IGN);
        const auto restore = qScopeGuard([] { ::signal(SIGPIPE, SIG_DFL); });
        const core::Result<pid_t> child = pg::spawnChild({"/bin/sh", {"-c", "kill -PIPE $$"}, {"PATH=/bin"}});
        QVERIFY(child);
        const std::optional<int> status = pg::waitChild(*child, std::chrono::seconds(10));
        QVERIFY(status);
        QVERIFY(WIFSIGNALED(*status));
        QCOMPARE(WTERMSIG(*status), SIGPIPE);
    }

    void processStartTellsTheLivingFromTheDead()
    {
        QVERIFY(pg::processStart(::getpid()));
        QCOMPARE(pg::processStart(::getpid()), pg::processStart(::getpid()));
        QVERIFY(!pg::processStart(0x7fffffff));
    }

    void socketFolderRemovalKeepsItsHandsOffOthers()
    {
        const Folder folder;
        const fs::path other = folder.path() / "poolscope-abc";
        fs::create_directory(other);
        std::ofstream(other / "precious") << "x";
        pg::removeSocketFolder(other);
        QVERIFY(fs::exists(other / "precious"));
        const fs::path link = folder.path() / "poolscope-link";
        fs::create_directory_symlink(other, link);
        pg::removeSocketFolder(link);
        QVERIFY(fs::exists(link));
        pg::removeSocketFolder("");
        pg::removeSocketFolder("/tmp/poolscope-x/../../etc");
        QVERIFY(fs::exists("/etc"));
    }

private:
    support::PgServer m_shared;
    Folder m_common; // for tests that need some cluster, no server running in it
};

QTEST_GUILESS_MAIN(TestEmbeddedServer)
#include "tst_embedded_server.moc"
