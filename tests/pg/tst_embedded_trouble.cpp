// What keeps the private server from starting, each told in one clear line.
#include "monitor/pg/server_account.h"
#include "tests/pg/cluster_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace pg_test;

namespace {

void giveToServer(const fs::path& path)
{
    const core::Result<pg::ServerAccount> account = pg::serverAccount(::geteuid(), core::Lang::English);
    QVERIFY(account);
    QCOMPARE(::chown(path.c_str(), account->ids.uid, account->ids.gid), 0);
}

void writeProgram(const fs::path& path, const std::string& script)
{
    std::ofstream(path) << script;
    ::chmod(path.c_str(), 0755);
}

} // namespace

class TestEmbeddedTrouble : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(".")); }

    void halfMadeClusterIsMadeAnew()
    {
        const Folder folder;
        fs::create_directories(folder.data() / "postgres.new" / "base");
        ::chmod(folder.data().c_str(), 0711);
        std::ofstream(folder.data() / "postgres.new" / "PG_VERSION") << "15\n";
        pg::EmbeddedServer server(optionsFor(folder.data()));
        const core::Result<void> started = server.start();
        QVERIFY2(started, messageOf(started).c_str());
        QVERIFY(!fs::exists(folder.data() / "postgres.new"));
    }

    void clusterOfAnotherVersionIsNamed()
    {
        const Folder folder;
        fs::create_directories(folder.data() / "postgres");
        ::chmod(folder.data().c_str(), 0711);
        giveToServer(folder.data() / "postgres");
        std::ofstream(folder.data() / "postgres" / "PG_VERSION") << "9.6\n";
        pg::EmbeddedServer server(optionsFor(folder.data()));
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("wrong_version"));
        QVERIFY2(started.error().message.find("PostgreSQL 9.6") != std::string::npos, messageOf(started).c_str());
    }

    void folderThatIsNoClusterIsLeftAlone()
    {
        const Folder folder;
        fs::create_directories(folder.data() / "postgres");
        ::chmod(folder.data().c_str(), 0711);
        std::ofstream(folder.data() / "postgres" / "diary.txt") << "mine\n";
        giveToServer(folder.data() / "postgres");
        pg::EmbeddedServer server(optionsFor(folder.data()));
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("not_a_cluster"));
        QVERIFY(fs::exists(folder.data() / "postgres" / "diary.txt"));
    }

    void readOnlyFolderIsOneClearLine()
    {
        const Folder folder;
        const fs::path console = folder.path() / "console"; // where anybody may run it
        fs::copy_file(EMBEDDED_CONSOLE, console);
        ::chmod(console.c_str(), 0755);
        fs::create_directory(folder.path() / "fixed");
        ::chmod((folder.path() / "fixed").c_str(), 0555);
        QProcess process;
        process.setChildProcessModifier([] { // root may write everywhere: be somebody else
            if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) {
                ::_exit(3);
            }
        });
        process.start(QString::fromStdString(console.string()),
                      {QString::fromStdString((folder.path() / "fixed" / "data").string())});
        QVERIFY(process.waitForFinished());
        const QByteArray said = process.readAllStandardOutput();
        QVERIFY2(said.startsWith("error EACCES The folder "), said);
        QVERIFY2(said.contains("--data-dir") && said.count('\n') == 1, said);
    }

    void fileInPlaceOfTheFolderIsOneClearLine()
    {
        const Folder folder;
        std::ofstream(folder.path() / "data") << "x";
        pg::EmbeddedServer server(optionsFor(folder.data()));
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("ENOTDIR"));
    }

    void fullDiskIsNamedWhenTheClusterIsMade()
    {
        const Folder folder;
        writeProgram(folder.path() / "initdb",
                     "#!/bin/sh\necho 'initdb: error: could not write to file \"x\": No space left on device' >&2\nexit 1\n");
        writeProgram(folder.path() / "postgres", "#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n");
        pg::EmbeddedOptions options = optionsFor(folder.data());
        options.binaries = folder.path();
        options.lang = core::Lang::Chinese;
        pg::EmbeddedServer server(options);
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("ENOSPC"));
        QVERIFY2(started.error().message.find("磁盘已满") != std::string::npos, messageOf(started).c_str());
        QVERIFY(!fs::exists(folder.data() / "postgres.new"));
    }

    void fullDiskIsNamedWhenTheServerStarts()
    {
        const Folder folder;
        writeProgram(folder.path() / "initdb", "#!/bin/sh\necho 15 > \"$2/PG_VERSION\"\n");
        writeProgram(folder.path() / "postgres",
                     "#!/bin/sh\necho 'FATAL:  could not write lock file: No space left on device' >&2\nexit 1\n");
        pg::EmbeddedOptions options = optionsFor(folder.data());
        options.binaries = folder.path();
        pg::EmbeddedServer server(options);
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("ENOSPC"));
        QVERIFY(!server.running());
    }

    void serverThatDoesNotStartSaysWhy()
    {
        const Folder folder;
        pg::EmbeddedOptions options = optionsFor(folder.data());
        options.settings = {"no_such_setting=1"};
        pg::EmbeddedServer server(options);
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, std::string("start"));
        QVERIFY2(started.error().message.find("no_such_setting") != std::string::npos, messageOf(started).c_str());
        QVERIFY(started.error().message.find('\n') == std::string::npos);
    }

    void missingProgramIsAnErrorNotACrash()
    {
        const Folder folder;
        pg::EmbeddedOptions options = optionsFor(folder.data());
        options.binaries = folder.path() / "nowhere";
        pg::EmbeddedServer server(options);
        const core::Result<void> started = server.start();
        QVERIFY(!started);
        QVERIFY2(started.error().message.find("No such file or directory") != std::string::npos, messageOf(started).c_str());
    }

    void idWithoutANameIsOneClearLine()
    {
        const core::Result<pg::ServerAccount> account = pg::serverAccount(3999999998U, core::Lang::English);
        QVERIFY(!account);
        QCOMPARE(account.error().code, std::string("no_user_name"));
        QVERIFY(account.error().message.find("3999999998") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestEmbeddedTrouble)
#include "tst_embedded_trouble.moc"
