// The real window on a real X server, driven from outside with keys as a person would.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class DisplayTest : public QObject {
    Q_OBJECT

    QProcess m_xvfb;
    QString m_display;
    QTemporaryDir m_folder;

    QProcessEnvironment environment() const
    {
        QProcessEnvironment with = QProcessEnvironment::systemEnvironment();
        with.insert("DISPLAY", m_display);
        with.remove("QT_QPA_PLATFORM");
        with.remove("WAYLAND_DISPLAY");
        return with;
    }
    QString xdotool(const QStringList& arguments) const
    {
        QProcess tool;
        tool.setProcessEnvironment(environment());
        tool.start("xdotool", arguments);
        tool.waitForFinished(5000);
        return QString::fromUtf8(tool.readAllStandardOutput()).trimmed();
    }

    // The window's number, once it is to be seen; fails with what the program said, should it never be.
    QString windowOf(QProcess& program) const
    {
        QString window;
        const auto seen = [&] {
            window = xdotool({"search", "--onlyvisible", "--name", "Poolscope"}).split('\n').value(0);
            return !window.isEmpty();
        };
        if (!QTest::qWaitFor(seen, 60'000)) {
            QTest::qFail(program.readAll().constData(), __FILE__, __LINE__);
        }
        return window;
    }

private Q_SLOTS:
    void initTestCase()
    {
        // Xvfb chooses a free display and tells its number on a descriptor of ours. Without -noreset it
        // starts anew, and throws out whoever comes just then, each time the last of the short-lived xdotools
        // has gone.
        m_xvfb.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_xvfb.start("Xvfb",
                     {"-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"});
        QVERIFY2(m_xvfb.waitForStarted(), "Xvfb (package xvfb) is needed");
        QVERIFY(m_xvfb.waitForReadyRead(10'000));
        m_display = ":" + QString::fromUtf8(m_xvfb.readLine()).trimmed();
    }
    void cleanupTestCase()
    {
        m_xvfb.terminate();
        m_xvfb.waitForFinished(5000);
    }

    void theWindowOpensObeysKeysAndEnds()
    {
        QProcess program;
        program.setProcessEnvironment(environment());
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(POOLSCOPE_PROGRAM,
                      {"--data-dir", m_folder.path(), "--listen", "127.0.0.1:0", "--lang", "en"});
        const QString window = windowOf(program);
        QVERIFY(!window.isEmpty());
        xdotool({"windowfocus", window});
        // The window remembers the panel: that is how one sees from outside that the key arrived.
        QTRY_VERIFY_WITH_TIMEOUT(program.bytesAvailable() > 0, 10'000);
        xdotool({"key", "--window", window, "6"});
        xdotool({"key", "--window", window, "ctrl+q"});
        QVERIFY2(program.waitForFinished(15'000), program.readAll().constData());
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 0);
        QFile remembered(m_folder.filePath("window.ini"));
        QVERIFY(remembered.open(QIODevice::ReadOnly));
        QVERIFY(remembered.readAll().contains("scenarios"));
    }

    void aDisplayThatDoesNotAnswerMeansHeadless()
    {
        QProcess program;
        QProcessEnvironment with = environment();
        with.insert("DISPLAY", ":987");
        program.setProcessEnvironment(with);
        program.setProcessChannelMode(QProcess::MergedChannels);
        QTemporaryDir folder;
        program.start(POOLSCOPE_PROGRAM, {"--data-dir", folder.path(), "--no-http", "--duration", "2s"});
        QVERIFY(program.waitForFinished(20'000));
        const QByteArray output = program.readAll();
        QVERIFY2(output.contains("no display, going on headless"), output.constData());
        QCOMPARE(program.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(DisplayTest)
#include "tst_display.moc"
