// The service manager's side of sd_notify(3), with a socket as systemd makes one, and the program as its service.
#include "app/service_manager.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

// Receives what the service says.
class Manager {
public:
    explicit Manager(const QByteArray& path)
        : m_socket(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
        m_bound = bind(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Manager() { close(m_socket); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    [[nodiscard]] bool bound() const { return m_bound; }
    // The next datagram, within the time; empty when there is none.
    [[nodiscard]] QByteArray next(int millis) const
    {
        pollfd watch{m_socket, POLLIN, 0};
        if (poll(&watch, 1, millis) <= 0) {
            return {};
        }
        QByteArray bytes(4096, Qt::Uninitialized);
        bytes.resize(static_cast<int>(std::max<ssize_t>(0, recv(m_socket, bytes.data(), 4096, 0))));
        return bytes;
    }

private:
    int m_socket;
    bool m_bound = false;
};

} // namespace

class ServiceManagerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nobodyIsToldWithoutAManager()
    {
        qunsetenv("NOTIFY_SOCKET");
        const app::ServiceManager manager;
        QVERIFY(!manager.present());
        manager.ready("x");
    }
    void strangeAddressesAreNoManager_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("relative") << QByteArray("socket");
        QTest::newRow("another protocol") << QByteArray("vsock:2:1234");
        QTest::newRow("too long") << "/" + QByteArray(200, 'x');
    }
    void strangeAddressesAreNoManager()
    {
        QFETCH(QByteArray, address);
        qputenv("NOTIFY_SOCKET", address);
        QVERIFY(!app::ServiceManager().present());
    }
    void aStatusStaysOneLine()
    {
        const QTemporaryDir folder;
        const QByteArray path = folder.filePath("n").toLocal8Bit();
        const Manager systemd(path);
        QVERIFY(systemd.bound());
        qputenv("NOTIFY_SOCKET", path);
        const app::ServiceManager manager;
        QVERIFY(!qEnvironmentVariableIsSet("NOTIFY_SOCKET"));
        manager.ready("two\nSTOPPING=1");
        const QByteArray said = systemd.next(1000);
        QVERIFY2(said.startsWith("READY=1\nSTATUS=two") && said.count('\n') == 1, said.constData());
    }
    void theServiceIsReadyReloadsAndStops()
    {
        const QTemporaryDir folder;
        const QByteArray path = folder.filePath("n").toLocal8Bit();
        const Manager systemd(path);
        QVERIFY(systemd.bound());
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("NOTIFY_SOCKET", QString::fromLocal8Bit(path));
        program.setProcessEnvironment(environment);
        program.start(POOLSCOPE_PROGRAM, {"--headless", "--dsn", "host=127.0.0.1 port=1 dbname=none", "--listen",
                                          "127.0.0.1:0", "--data-dir", folder.filePath("data")});
        QVERIFY(program.waitForStarted());
        QCOMPARE(systemd.next(20'000), QByteArray("READY=1\nSTATUS=watching"));
        ::kill(static_cast<pid_t>(program.processId()), SIGHUP);
        static const QRegularExpression reloading("^RELOADING=1\nMONOTONIC_USEC=\\d+$");
        QVERIFY(reloading.match(QString::fromLatin1(systemd.next(20'000))).hasMatch());
        QVERIFY(systemd.next(20'000).startsWith("READY=1\n"));
        program.terminate();
        QCOMPARE(systemd.next(20'000), QByteArray("STOPPING=1"));
        QVERIFY(program.waitForFinished(20'000));
        QCOMPARE(program.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(ServiceManagerTest)
#include "tst_service_manager.moc"
