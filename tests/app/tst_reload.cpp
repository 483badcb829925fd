// SIGHUP on the real program: what can change does, what cannot is named, a mistake changes nothing.
#include "tests/support/http_catcher.h"
#include "tests/support/http_client.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/types.h>

class ReloadTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QProcess m_program;
    QByteArray m_output;
    quint16 m_port = 0;

    void write(const QByteArray& yaml)
    {
        QFile file(m_folder.filePath("p.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(yaml);
    }
    // Waits for this line of the log, after the signal.
    bool reloaded(const QByteArray& words)
    {
        m_output.clear();
        ::kill(static_cast<pid_t>(m_program.processId()), SIGHUP);
        return QTest::qWaitFor([&] { return (m_output += m_program.readAll()).contains(words); }, 20'000);
    }
    QByteArray asked(const char* path) const
    {
        return QByteArray::fromStdString(support::httpCall({m_port, "GET", path}).body);
    }

private Q_SLOTS:
    void initTestCase()
    {
        write("pool:\n  pool_size: 4\ninterval: 200ms\n");
        m_program.setProcessChannelMode(QProcess::MergedChannels);
        m_program.start(POOLSCOPE_PROGRAM, {"--headless", "--dsn", "host=127.0.0.1 port=1 dbname=none",
                                            "--listen", "127.0.0.1:0", "--data-dir", m_folder.path(),
                                            "--config", m_folder.filePath("p.yml"), "--lang", "en"});
        static const QRegularExpression line(R"(http://127\.0\.0\.1:(\d+))");
        QTRY_VERIFY_WITH_TIMEOUT((m_output += m_program.readAll(), line.match(m_output).hasMatch()), 15'000);
        m_port = line.match(m_output).captured(1).toUShort();
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("\ndb_pool_size 4"), 15'000);
    }
    void cleanupTestCase()
    {
        m_program.terminate();
        QVERIFY(m_program.waitForFinished(10'000));
    }

    void whatCanChangeDoes()
    {
        QFile rules(m_folder.filePath("more.yml"));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("groups:\n- name: g\n  rules:\n  - alert: MyOwnRule\n    expr: vector(1) > 2\n");
        rules.close();
        QFile log(m_folder.filePath("shop.log"));
        QVERIFY(log.open(QIODevice::WriteOnly));
        log.close();
        write(
            "pool:\n  pool_size: 7\n  slow_query: 500ms\ninterval: 300ms\nrules: [" +
            rules.fileName().toUtf8() + "]\nlogs:\n  - name: shop\n    path: " + log.fileName().toUtf8() +
            "\nnotify:\n  channels:\n    - name: ops\n      kind: webhook\n      url: http://127.0.0.1:1/\n");
        QVERIFY2(reloaded("configuration read again: interval, logs, notify, pool, rules in force now"),
                 m_output);
        QVERIFY(!m_output.contains("needs a restart"));
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("\ndb_pool_size 7"), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("\npoolscope_interval_seconds 0.3"), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("log_file_up{file=\"shop\"} 1"), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(asked("/api/v1/rules").contains("MyOwnRule"), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(asked("/api/v2/notifiers").contains("\"ops\""), 15'000);
        QVERIFY(reloaded("configuration read again: nothing changed"));
    }
    void whatCannotChangeIsNamed()
    {
        write("pool:\n  pool_size: 7\ninterval: 300ms\nhistory:\n  raw: 2d\nallowed_hosts: [a.example]\n"
              "notify:\n  external_url: http://a.example\n");
        QVERIFY2(reloaded("configuration: allowed_hosts, history, notify.external_url changed in the file, "
                          "needs a restart"),
                 m_output);
        QVERIFY(m_output.contains("configuration read again: logs, notify, pool, rules in force now"));
        QTRY_VERIFY_WITH_TIMEOUT(!asked("/metrics").contains("file=\"shop\""), 15'000);
    }
    void whatTheCommandLineSaysWinsAndIsSaid()
    {
        write("pool:\n  pool_size: 7\ninterval: 300ms\nlang: zh_CN\ndata_dir: /elsewhere\n");
        QVERIFY2(reloaded("configuration: data_dir, lang changed in the file, the command line wins"), m_output);
        QVERIFY(!m_output.contains("lang in force now") && !m_output.contains("data_dir, history"));
        write("pool:\n  pool_size: 7\ninterval: 300ms\n");
        QVERIFY2(reloaded("configuration: data_dir, lang changed in the file, the command line wins"), m_output);
        QVERIFY2(m_output.contains("configuration read again: nothing changed"), m_output);
    }
    void targetsAndTheNamesOfMoreChange()
    {
        const QByteArray start = "pool:\n  pool_size: 7\ninterval: 300ms\n";
        write(start + "targets:\n  - url: http://127.0.0.1:1/metrics\n    name: shop\n"
                      "dns_sd_configs:\n  - names: [a.example]\n    type: A\n    port: 9187\n");
        QVERIFY2(reloaded("configuration read again: dns_sd_configs, targets in force now"), m_output);
        QVERIFY(!m_output.contains("needs a restart"));
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("target=\"shop\""), 15'000);
        write(start);
        QVERIFY2(reloaded("configuration read again: dns_sd_configs, targets in force now"), m_output);
        QTRY_VERIFY_WITH_TIMEOUT(!asked("/metrics").contains("target=\"shop\""), 15'000);
    }
    // A server that is asked, one samples are pushed to, an Alertmanager, and how much memory holds; then another, then none.
    void serversComeAndGo()
    {
        support::HttpCatcher first, second;
        for (support::HttpCatcher* server : {&first, &second}) {
            server->answerTo([](const support::CaughtRequest& request) {
                support::CatcherAnswer answer;
                answer.body = request.path.ends_with("/rules") ? R"({"status":"success","data":{"groups":[]}})"
                                                               : R"({"status":"success","data":{"activeTargets":[]}})";
                return answer;
            });
        }
        const auto count = [](const support::HttpCatcher& server, const char* what) {
            std::size_t found = 0;
            for (const support::CaughtRequest& request : server.requests()) {
                found += request.path.find(what) != std::string::npos ? 1U : 0U;
            }
            return found;
        };
        const QByteArray rest = "pool:\n  pool_size: 7\ninterval: 300ms\n";
        const auto both = [&](const support::HttpCatcher& server) -> QByteArray {
            const QByteArray url = QByteArray::fromStdString(server.url(""));
            return rest + "memory_series: 20000\nalertmanager: {peers: [\"" + url + "\"], interval: 1s}\nprometheus:\n  - {name: central, url: \"" + url +
                   "\", watch: 1s}\nremote_write:\n  url: " + url + "/api/v1/write\n";
        };
        write(both(first));
        QVERIFY2(reloaded("configuration read again: alertmanager, memory_series, prometheus, remote_write in force now"), m_output);
        QVERIFY2(!m_output.contains("needs a restart"), m_output);
        QTRY_VERIFY_WITH_TIMEOUT(count(first, "/api/v1/rules") > 0 && count(first, "/api/v1/write") > 0, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(count(first, "/api/v2/silences") > 0, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(asked("/metrics").contains("\npoolscope_remote_storage_samples_total"), 15'000);

        write(both(first) + "  external_labels: {bad-name: x}\n");
        QVERIFY2(reloaded("p.yml:10: "), m_output);
        QVERIFY(m_output.contains("the old settings stay in force"));
        const std::size_t before = count(first, "/api/v1/rules");
        QTRY_VERIFY_WITH_TIMEOUT(count(first, "/api/v1/rules") > before, 30'000);

        write(both(second));
        QVERIFY2(reloaded("read again: alertmanager, prometheus, remote_write in force now"), m_output);
        QTRY_VERIFY_WITH_TIMEOUT(count(second, "/api/v1/rules") > 0 && count(second, "/api/v1/write") > 0, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(count(second, "/api/v2/silences") > 0, 30'000);

        write(rest);
        QVERIFY2(reloaded("read again: alertmanager, memory_series, prometheus, remote_write in force now"), m_output);
        QTRY_VERIFY_WITH_TIMEOUT(!asked("/metrics").contains("poolscope_remote_storage_samples_total"), 15'000);
        const auto restsFrom = [&](const char* what) { // each was asked once a second before
            const std::size_t then = count(second, what);
            return !QTest::qWaitFor([&] { return count(second, what) > then; }, 2500);
        };
        QVERIFY(restsFrom("/api/v1/rules"));
        QTRY_VERIFY_WITH_TIMEOUT(restsFrom("/api/v2/"), 30'000); // after the farewell of what was pushed
    }
    void mistakeChangesNothingAndIsToldWithItsLine()
    {
        write("pool:\n  pool_size: 9\ninterval: 300ms\nintervall: 2s\n");
        QVERIFY2(reloaded("p.yml:4: unknown setting \"intervall\"; the old settings stay in force"),
                 m_output);
        write("pool:\n  pool_size: many\n");
        QVERIFY2(reloaded("p.yml:2: "), m_output);
        write("log_level: loud\n");
        QVERIFY2(reloaded("p.yml:1: \"loud\" is none of trace, debug, info, warning, error, critical"),
                 m_output);
        QVERIFY(asked("/metrics").contains("\ndb_pool_size 7"));
        QVERIFY(QFile::remove(m_folder.filePath("p.yml")));
        QVERIFY2(reloaded("p.yml: cannot be read; the old settings stay in force"), m_output);
    }
};

QTEST_GUILESS_MAIN(ReloadTest)
#include "tst_reload.moc"
