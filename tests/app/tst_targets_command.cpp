// `poolscope targets check` as a person calls it.
#include "tests/support/http_catcher.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray errors;
};

Outcome check(const QStringList& arguments)
{
    QProcess process;
    process.start(POOLSCOPE_PROGRAM, QStringList{"targets", "check"} + arguments);
    if (!process.waitForFinished(30'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class TargetsCommandTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    support::HttpCatcher m_pool;

    QString fileWith(const QString& name, const QByteArray& text)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QFile::WriteOnly | QFile::Truncate)) {
            qFatal("cannot write");
        }
        file.write(text);
        return file.fileName();
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_pool.answer([](std::size_t) {
            support::CatcherAnswer answer;
            answer.body =
                "hikaricp_connections_active{pool=\"main\"} 7\nhikaricp_connections_max{pool=\"main\"} 10\n"
                "hikaricp_connections_pending{pool=\"main\"} 0\n";
            return answer;
        });
    }

    void aUrlIsAskedAndToldWhatItIs()
    {
        const Outcome outcome = check({QString::fromStdString(m_pool.url("/metrics"))});
        QCOMPARE(outcome.errors, QByteArray());
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.contains("3 series, 1 pools"), outcome.out);
        QVERIFY2(outcome.out.contains(
                     "HikariCP (Micrometer) main: open ?, in use 7, idle ?, waiting 0, most 10, wait ?"),
                 outcome.out);
    }

    void everyTargetOfAFileIsAsked_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        const QByteArray url = QByteArray::fromStdString(m_pool.url("/metrics"));
        const QByteArray address = "127.0.0.1:" + QByteArray::number(m_pool.port());
        QTest::newRow("a list") << "list.yml"
                                << "- url: " + url + "\n  name: shop\n";
        QTest::newRow("file discovery")
            << "sd.json"
            << "[{\"targets\": [\"" + address + "\"], \"labels\": {\"name\": \"shop\"}}]";
    }
    void everyTargetOfAFileIsAsked()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        const Outcome outcome = check({fileWith(name, text)});
        QCOMPARE(outcome.errors, QByteArray());
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.startsWith("shop  http://127.0.0.1:"), outcome.out);
    }

    void whoDoesNotAnswerIsAFinding()
    {
        const Outcome outcome = check({QString::fromStdString(m_pool.url()), "http://127.0.0.1:1/metrics"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.out.contains("FAILED: "), outcome.out);
        QVERIFY2(outcome.out.contains("HikariCP"), outcome.out);
    }

    void whatIsNoTargetIsRefused()
    {
        for (const QStringList& wrong :
             {QStringList{}, QStringList{"ftp://a/"}, QStringList{"http://a:kanarienvogel@b/"},
              QStringList{fileWith("bad.yml", "targets: 7\n")}}) {
            const Outcome outcome = check(wrong);
            QCOMPARE(outcome.code, 2);
            QVERIFY(!outcome.errors.isEmpty() && !outcome.errors.contains("kanarienvogel@b/: http"));
        }
    }
};

QTEST_GUILESS_MAIN(TargetsCommandTest)
#include "tst_targets_command.moc"
