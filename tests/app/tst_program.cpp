// The program as its users start it: a process of its own on its private server.
#include "tests/support/http_client.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

using namespace std::chrono_literals;

namespace {

// A running poolscope without a window.
class Program {
public:
    explicit Program(const QStringList& further)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("DISPLAY");
        environment.remove("WAYLAND_DISPLAY");
        environment.remove("QT_QPA_PLATFORM");
        environment.insert("PGPASSWORD", "canary-password");
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(POOLSCOPE_PROGRAM, QStringList{"--data-dir", folder.path(), "--lang", "zh_CN", "--interval",
                                                     "200ms"} + further);
    }
    ~Program()
    {
        process.terminate();
        if (!process.waitForFinished(10'000)) {
            process.kill();
            process.waitForFinished();
        }
    }

    // The port it says it listens on; 0 when it never did.
    quint16 port()
    {
        static const QRegularExpression line(R"(http://127\.0\.0\.1:(\d+))");
        (void)QTest::qWaitFor([&] { return line.match(output()).hasMatch(); }, 10'000);
        return line.match(output()).captured(1).toUShort();
    }
    bool healthy(quint16 at)
    {
        return QTest::qWaitFor([&] { return support::httpCall({at, "GET", "/health/db"}).status == 200; }, 15'000);
    }
    QString output()
    {
        process.waitForReadyRead(20);
        m_output += QString::fromUtf8(process.readAll());
        return m_output;
    }
    // Of the private server: the program's only child; 0 when there is none.
    pid_t postmaster() const
    {
        QFile children(QStringLiteral("/proc/%1/task").arg(process.processId()));
        for (const QString& task : QDir(children.fileName()).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile list(children.fileName() + '/' + task + "/children");
            if (list.open(QIODevice::ReadOnly)) {
                if (const int pid = list.readAll().trimmed().split(' ').value(0).toInt(); pid != 0) {
                    return pid;
                }
            }
        }
        return 0;
    }

    QTemporaryDir folder;
    QProcess process;

private:
    QString m_output;
};

int exitCodeOf(const QStringList& arguments, QString& errors)
{
    QProcess process;
    process.start(POOLSCOPE_PROGRAM, arguments);
    process.waitForFinished(20'000);
    errors = QString::fromUtf8(process.readAllStandardError());
    return process.exitCode();
}

} // namespace

class ProgramTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void headlessServesLogsAndEndsWell()
    {
        Program program({"--headless", "--listen", "127.0.0.1:0", "--log-level", "debug"});
        const quint16 port = program.port();
        QVERIFY2(port != 0, qPrintable(program.output()));
        QVERIFY2(program.healthy(port), qPrintable(program.output()));
        const auto metrics = support::httpCall({port, "GET", "/metrics"});
        QCOMPARE(metrics.status, 200);
        QVERIFY(metrics.body.find("db_pool_size 10.0") != std::string::npos);
        QVERIFY(metrics.body.find("# HELP db_pool_usage 连接池使用率") != std::string::npos);
        QVERIFY(metrics.body.find("host_cpu_usage_ratio") != std::string::npos);
        program.process.terminate();
        QVERIFY(program.process.waitForFinished(10'000));
        QCOMPARE(program.process.exitCode(), 0);
        const QString log = program.output();
        for (const char* line : {"应用启动 - 连接池监控已启用", "定期监控任务已启动", "应用关闭"}) {
            QVERIFY2(log.contains(line), line);
        }
        QVERIFY(!log.contains("canary-password"));
    }
    void withoutADisplayItSaysSoAndGoesOn()
    {
        Program program({"--listen", "127.0.0.1:0"});
        QVERIFY2(program.port() != 0, qPrintable(program.output()));
        QVERIFY(program.output().contains("no display, going on headless"));
    }
    void privateServerIsGoneWithinASecondOfKillNine()
    {
        Program program({"--headless", "--listen", "127.0.0.1:0"});
        const quint16 port = program.port();
        QVERIFY2(program.healthy(port), qPrintable(program.output()));
        const pid_t server = program.postmaster();
        QVERIFY(server > 0);
        program.process.kill();
        QVERIFY(program.process.waitForFinished());
        // Gone, or waiting for init to collect it.
        const auto gone = [server] {
            QFile state(QStringLiteral("/proc/%1/stat").arg(server));
            return !state.open(QIODevice::ReadOnly) || state.readAll().contains(") Z ");
        };
        QTRY_VERIFY_WITH_TIMEOUT(gone(), 1500);
    }
    void workloadsNeedTheTokenAndDoWhatTheySay()
    {
        Program program({"--headless", "--listen", "127.0.0.1:0"});
        const quint16 port = program.port();
        QVERIFY2(program.healthy(port), qPrintable(program.output()));
        QCOMPARE(support::httpCall({port, "POST", "/test/slow"}).status, 401);
        QCOMPARE(support::httpCall({port, "GET", "/test/slow"}).status, 405);
        QFile tokenFile(program.folder.filePath("token"));
        QVERIFY(tokenFile.open(QIODevice::ReadOnly));
        QCOMPARE(tokenFile.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup), QFile::Permissions());
        const std::string header = "Authorization: Bearer " + tokenFile.readAll().trimmed().toStdString() + "\r\n";
        const auto slow = support::httpCall({port, "POST", "/test/slow", header});
        QCOMPARE(slow.status, 200);
        QVERIFY2(slow.body.find("慢查询") != std::string::npos, slow.body.c_str());
        QVERIFY(support::httpCall({port, "GET", "/metrics"}).body.find("db_slow_query_total 1.0") != std::string::npos);
        QTRY_VERIFY(program.output().contains("慢查询 (0."));
    }
    void csvSnapshotAfterADuration()
    {
        QTemporaryDir folder;
        QString errors;
        const QString file = folder.filePath("out.csv");
        QCOMPARE(exitCodeOf({"--headless", "--no-http", "--data-dir", folder.filePath("data"), "--csv", file,
                             "--duration", "4s", "--scenario", "normal:duration=2"}, errors), 0);
        QFile csv(file);
        QVERIFY2(csv.open(QIODevice::ReadOnly), qPrintable(errors));
        const QList<QByteArray> lines = csv.readAll().split('\n');
        QVERIFY(lines.front().startsWith("ts_utc,ts_epoch_ms,tick_id,target"));
        QVERIFY(lines.size() >= 3);
        QVERIFY(QFile::exists(file + ".meta.json"));
    }
    void wrongUseExitsWithTwo()
    {
        QString errors;
        QCOMPARE(exitCodeOf({"--nope"}, errors), 2);
        QCOMPARE(exitCodeOf({"--headless", "--data-dir", "/proc/none"}, errors), 2);
        QVERIFY2(errors.contains("--data-dir"), qPrintable(errors));
        QCOMPARE(errors.count('\n'), errors.endsWith('\n') ? errors.trimmed().count('\n') + 1 : 0);
    }
    void theReadmesListsAreThePrograms_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("row");
        QTest::newRow("metrics") << "metrics" << "db_pool_usage";
        QTest::newRow("scenarios") << "scenarios" << "| `exhaustion` |";
    }
    void theReadmesListsAreThePrograms()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, row);
        QTemporaryDir folder; // no scenarios of the user's own
        QProcess process;
        process.start(POOLSCOPE_PROGRAM, {"--list-" + what, "--markdown", "--data-dir", folder.path()});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 0);
        const QString table = QString::fromUtf8(process.readAllStandardOutput());
        QVERIFY(table.contains(row));
        QFile readme(POOLSCOPE_SOURCE_DIR "/README.md");
        QVERIFY(readme.open(QIODevice::ReadOnly));
        const QString wanted = QString("<!-- %1:begin -->\n%2<!-- %1:end -->").arg(what, table);
        QVERIFY2(QString::fromUtf8(readme.readAll()).contains(wanted),
                 qPrintable(QString("README.md: put the output of poolscope --list-%1 --markdown between the marks").arg(what)));
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
