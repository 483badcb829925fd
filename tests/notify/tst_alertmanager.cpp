// Two real Alertmanagers (Debian's prometheus-alertmanager), told as a Prometheus would tell them.
#include "tests/notify/events.h"

#include "monitor/notify/service.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using metrics::AlertTold;
using namespace std::chrono_literals;

namespace {

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

QByteArray get(quint16 port, const QByteArray& path)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    if (!socket.waitForConnected(5000)) {
        return {};
    }
    socket.write("GET " + path + " HTTP/1.0\r\n\r\n");
    while (socket.waitForReadyRead(5000)) {
    }
    const QByteArray all = socket.readAll();
    return all.mid(all.indexOf("\r\n\r\n") + 4);
}

class Peer {
public:
    explicit Peer(const QTemporaryDir& folder, const QString& name)
        : m_config(folder.filePath(name + ".yml"))
        , m_storage(folder.filePath(name))
    {
        QFile config(m_config);
        (void)config.open(QIODevice::WriteOnly);
        config.write("route: {receiver: none}\nreceivers: [{name: none}]\n");
        config.close();
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        start();
    }
    ~Peer()
    {
        m_process.kill();
        m_process.waitForFinished(10000);
    }
    // Started anew on another port when it ended at once: between our look and its bind() another may take
    // the port.
    [[nodiscard]] bool ready()
    {
        if (m_process.state() == QProcess::NotRunning && m_starts < 5) {
            start();
        }
        return m_process.state() == QProcess::Running && get(m_port, "/-/ready").contains("OK");
    }
    [[nodiscard]] QJsonArray alerts() const
    {
        return QJsonDocument::fromJson(get(m_port, "/api/v2/alerts")).array();
    }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QByteArray said() { return m_process.readAll(); }

private:
    void start()
    {
        ++m_starts;
        m_port = freePort();
        const QByteArray named = qgetenv("POOLSCOPE_ALERTMANAGER");
        m_process.start(named.isEmpty() ? QStringLiteral("prometheus-alertmanager")
                                        : QString::fromLocal8Bit(named),
                        {"--config.file=" + m_config, "--storage.path=" + m_storage,
                         "--cluster.listen-address=", "--log.level=error",
                         QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(m_port)});
    }

    const QString m_config;
    const QString m_storage;
    quint16 m_port = 0;
    int m_starts = 0;
    QProcess m_process;
};

} // namespace

class TstAlertmanager final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPeerHearsWhatFiresAndWhatIsOver()
    {
        QTemporaryDir folder;
        Peer first(folder, "one");
        auto second = std::make_unique<Peer>(folder, "two");
        QVERIFY2(
            QTest::qWaitFor([&] { return first.ready() && second->ready(); }, 60000),
            QByteArray("prometheus-alertmanager is needed: " + first.said() + second->said()).constData());
        metrics::ChannelSetup setup;
        setup.name = "am";
        setup.kind = "alertmanager";
        setup.settings["urls"] = {"http://127.0.0.1:" + std::to_string(first.port()),
                                  "http://127.0.0.1:" + std::to_string(second->port()) + "/"};
        notify::ServiceOptions options;
        options.folder = folder.path().toStdString();
        options.channels = {setup};
        notify::Service service(std::move(options));
        const core::WallTime now = core::SystemClock::instance().wallNow();
        service.push(support::event("HighPoolUsage", AlertTold::Fired, now));
        for (const Peer* peer : std::initializer_list<const Peer*>{&first, second.get()}) {
            QTRY_COMPARE_WITH_TIMEOUT(peer->alerts().size(), 1, 30000);
            const QJsonObject alert = peer->alerts().at(0).toObject();
            QCOMPARE(alert["labels"].toObject()["alertname"].toString(), "HighPoolUsage");
            QCOMPARE(alert["annotations"].toObject()["summary"].toString(), "HighPoolUsage of a");
            QCOMPARE(alert["status"].toObject()["state"].toString(), "active");
            const auto ends = QDateTime::fromString(alert["endsAt"].toString(), Qt::ISODateWithMs);
            const qint64 ahead = QDateTime::currentDateTimeUtc().msecsTo(ends);
            QVERIFY2(ahead > 120'000 && ahead <= 241'000, qPrintable(QString::number(ahead)));
        }
        second.reset(); // one peer away: the other is told all the same
        service.push(
            support::event("HighPoolUsage", AlertTold::Resolved, core::SystemClock::instance().wallNow()));
        QTRY_COMPARE_WITH_TIMEOUT(first.alerts().size(), 0, 30000); // resolved ones are not listed
        QTRY_VERIFY_WITH_TIMEOUT(!service.figures().channels.at(0).lastError.empty(), 30000);
        QVERIFY(service.figures().channels.at(0).sent >= 2U);
    }
};

QTEST_GUILESS_MAIN(TstAlertmanager)
#include "tst_alertmanager.moc"
