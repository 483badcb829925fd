// Subcommands as users call them, and Prometheus' own tool, against the real program.
#include "app/commands/advice_answer.h"
#include "app/commands/moment.h"
#include "app/commands/replay_command.h"
#include "tests/app/running_program.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using program_test::json;
using program_test::Outcome;
using program_test::poolscope;
using program_test::promtool;
using program_test::run;

class CommandsTest final : public program_test::CommandTest {
    Q_OBJECT

private Q_SLOTS:
    void aWindowIsForRecordingsThatAreNotAskedForAsText()
    {
        const auto window = [](const QStringList& words) {
            return app::windowRecording(QStringList{"poolscope"} + words);
        };
        const auto plain = window({"replay", "a.poolscope"});
        QVERIFY(plain && plain->file == "a.poolscope" && !plain->lang);
        const auto chinese = window({"replay", "--lang", "zh_CN", "a.poolscope"});
        QVERIFY(chinese && chinese->file == "a.poolscope" && chinese->lang == core::Lang::Chinese);
        for (const char* option : {"--text", "--json", "--expect", "--speed=2", "--help", "--nonsense"}) {
            QVERIFY2(!window({"replay", option, "a.poolscope"}), option);
        }
        QVERIFY(!window({"replay"}));
        QVERIFY(!window({"record", "a.poolscope"}));
        QVERIFY(!window({"replay", "--compare", "a.poolscope", "b.poolscope"}));
    }

    void adviceSaysWhatItKnows()
    {
        const Outcome outcome = poolscope({"advice", "--url", m_program.url(), "--last", "5m"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.startsWith("No request has been recorded yet.\n0 requests"), outcome.out.constData());
        const Outcome asJson = poolscope({"advice", "--url", m_program.url(), "--format", "json"});
        QCOMPARE(QJsonDocument::fromJson(asJson.out)["verdict"].toString(), QStringLiteral("no_data"));
        QCOMPARE(poolscope({"advice", "--url", m_program.url(), "--last", "soon"}).code, 2);
        QCOMPARE(poolscope({"advice", "--url", "http://127.0.0.1:1"}).code, 2);
        QCOMPARE(poolscope({"advice", "14"}).code, 2);
        QVERIFY(poolscope({"advice", "--help"}).out.startsWith("Usage: poolscope advice"));
    }
    void adviceListsTheSizesThatMatter()
    {
        const QByteArray answer = json(
            "{'sentence':'With 3 places\\u001b[2J all is well.','places':2,'suggested':{'places':3},"
            "'recorded':{'requests':1200,'span_seconds':60},'forecasts':["
            "{'places':1,'wait_seconds':{'p50':0.1,'p95':2,'p99':3,'max':4},'timeouts':7},"
            "{'places':2,'wait_seconds':{'p50':0,'p95':0.48,'p99':1,'max':1},'timeouts':0},"
            "{'places':3,'wait_seconds':{'p50':0,'p95':0.012,'p99':0.02,'max':0.02},'timeouts':0},"
            "{'places':4,'wait_seconds':{'p50':0,'p95':0,'p99':0,'max':0},'timeouts':0},"
            "{'places':5,'wait_seconds':{'p50':0,'p95':0,'p99':0,'max':0},'timeouts':0}]}");
        const auto text = app::adviceText(answer);
        QVERIFY(text);
        QCOMPARE(*text, QStringLiteral("With 3 places [2J all is well.\n"
                                       "1200 requests of 60 s\n\n"
                                       "places    wait p50         p95         p99    timeouts\n"
                                       "     1      100 ms         2 s         3 s           7\n"
                                       "     2         0 s      480 ms         1 s           0  today\n"
                                       "     3         0 s       12 ms       20 ms           0  enough\n"
                                       "     4         0 s         0 s         0 s           0\n"));
        for (const char* bad : {"", "[]", "{", "null", "{'sentence':3}", "\xff\xfe"}) {
            QVERIFY(!app::adviceText(json(bad)));
        }
    }
    void settingsSayWhereToAskAndWhereToRead()
    {
        QFile settings(m_program.folder().filePath("settings.yml"));
        const auto write = [&settings](const QByteArray& text) {
            QVERIFY(settings.open(QFile::WriteOnly) && settings.write(text) == text.size());
            settings.close();
        };
        const QStringList config{"--config", settings.fileName()};
        const QByteArray port = m_program.url().section(':', -1).toUtf8();
        write("listen: 0.0.0.0:" + port + "\ndata_dir: " + m_program.folder().path().toUtf8() + '\n');
        const Outcome asked = poolscope(QStringList{"query", "db_pool_size"} + config);
        QVERIFY2(asked.code == 0 && asked.out.contains("db_pool_size"), asked.errors.constData());
        QCOMPARE(poolscope(QStringList{"advice"} + config).code, 0);
        QVERIFY(poolscope(QStringList{"check"} + config).out.contains('|'));
        const Outcome read = poolscope(QStringList{"export", "--last", "10m", "--match", "db_pool_size"} + config);
        QVERIFY2(read.code == 0 && read.out.contains("db_pool_size"), read.errors.constData());
        QCOMPARE(poolscope(QStringList{"query", "up", "--url", "http://127.0.0.1:1"} + config).code, 2); // --url wins
        write("listen: off\n");
        const Outcome off = poolscope(QStringList{"query", "up"} + config);
        QVERIFY2(off.code == 2 && off.errors.contains("off"), off.errors.constData());
        write("\nlisten: nowhere\n");
        for (const char* command : {"export", "report"}) {
            const Outcome strange = poolscope(QStringList{command, "--html", m_program.folder().filePath("r.html")}.mid(0, command[0] == 'e' ? 1 : 3) + config);
            QVERIFY2(strange.code == 2 && strange.errors.contains(":2"), strange.errors.constData());
        }
    }
    void exportReadsWhatARunningProgramKeeps()
    {
        const QStringList common{"export", "--data-dir", m_program.folder().path(), "--last", "10m", "--match", "db_pool_size"};
        Outcome outcome;
        QTRY_VERIFY_WITH_TIMEOUT((outcome = poolscope(common)).code == 0, 15'000); // the first commit takes a second
        QVERIFY2(outcome.out.startsWith("ts_utc,ts_epoch_ms,db_pool_size\r\n20"), outcome.out.constData());
        QVERIFY(outcome.out.contains(",10\r\n"));
        const QString file = m_program.folder().filePath("range.json");
        const Outcome asJson = poolscope(common + QStringList{"-o", file});
        QCOMPARE(asJson.code, 0);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QJsonObject object = QJsonDocument::fromJson(written.readAll()).object();
        QVERIFY(!object.value("rows").toArray().isEmpty());
        QCOMPARE(object.value("rows").toArray().at(0).toArray().at(2).toDouble(), 10.0);
        const Outcome sums = poolscope({"export", "--data-dir", m_program.folder().path(), "--query", "sum(db_pool_size)",
                                        "--step", "1s", "--format", "jsonl", "--last", "1m"});
        QCOMPARE(sums.code, 0);
        QVERIFY2(sums.out.contains("\"sum(db_pool_size)\":10}"), sums.out.constData());
    }
    void exportSaysWhatItCannotDo()
    {
        const QString folder = m_program.folder().path();
        const QList<QPair<QStringList, QByteArray>> wrong{
            {{"--format", "parquet"}, "--format: csv, csv-long, json, jsonl or openmetrics"},
            {{"--from", "yesterday"}, "--from: \"yesterday\" is no moment"},
            {{"--from", "now", "--to", "-1h"}, "--from must be before --to"},
            {{"--last", "1h", "--to", "now"}, "exclude each other"},
            {{"--match", "db_pool{"}, "--match: "},
            {{"--query", "rate(", "--data-dir", folder}, "rate(: "},
            {{"--from", "2001-01-01", "--to", "2001-01-02", "--data-dir", folder}, "nothing is known of this range"},
            {{"--data-dir", folder + "/nowhere"}, "there is no history in "},
            {{"-o", folder + "/no/such/x.csv", "--data-dir", folder}, "No such file or directory"}};
        for (const auto& [arguments, reason] : wrong) {
            const Outcome outcome = poolscope(QStringList{"export"} + arguments);
            QCOMPARE(outcome.code, 2);
            QVERIFY2(outcome.errors.contains(reason), outcome.errors.constData());
            QCOMPARE(outcome.errors.count('\n'), 1);
            QVERIFY(outcome.out.isEmpty());
        }
    }
    void reportIsWrittenWithoutADisplay()
    {
        const QString html = m_program.folder().filePath("r.html");
        const QStringList bare{"-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "QT_QPA_PLATFORM", "-u", "XDG_RUNTIME_DIR",
                               POOLSCOPE_PROGRAM, "report", "--data-dir", m_program.folder().path(), "--lang", "zh_CN"};
        const auto page = [&html] {
            QFile file(html);
            return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
        };
        Outcome outcome;
        // The program beside us keeps a sample soon.
        QTRY_VERIFY_WITH_TIMEOUT(
            (outcome = run("env", bare + QStringList{"--last", "10m", "--html", html})).code == 0 &&
                page().contains("class=\"tile"),
            15'000);
        QCOMPARE(outcome.errors, QByteArray());
        QVERIFY(page().contains(QStringLiteral("连接池报告")));
        QVERIFY(page().contains("<svg"));
#ifdef POOLSCOPE_WITH_GUI
        QFile pdf(m_program.folder().filePath("r.pdf"));
        outcome = run("env", bare + QStringList{"--last", "10m", "--pdf", pdf.fileName()});
        QCOMPARE(outcome.errors, QByteArray());
        QCOMPARE(outcome.code, 0);
        QVERIFY(pdf.open(QIODevice::ReadOnly) && pdf.readAll().startsWith("%PDF-"));
#endif
        outcome = run("env", bare + QStringList{"--from", "2001-01-01", "--to", "2001-01-02", "--html", html});
        QCOMPARE(outcome.code, 0);
        QVERIFY(page().contains(QStringLiteral("此时段内没有任何记录")));
        QVERIFY(!page().contains("class=\"tile"));
    }
    // Whenever it is told to stop, the old file stands or the new one does.
    void givenUpWithCtrlCItLeavesNoHalfFile()
    {
        const QTemporaryDir folder;
        int old = 0;
        for (int delay = 0; delay < 400; delay += 50) {
            for (const QStringList& command : {QStringList{"export", "-o", folder.filePath("a.csv")},
                                               QStringList{"report", "--html", folder.filePath("a.csv")},
                                               QStringList{"record", "--last", "1h", folder.filePath("a.csv")}}) {
                QFile file(folder.filePath("a.csv"));
                QVERIFY(file.open(QIODevice::WriteOnly) && file.write("old") == 3);
                file.close();
                QProcess process;
                QStringList words = command + QStringList{"--data-dir", m_program.folder().path()};
                words += command.front() == "record" ? QStringList() : QStringList{"--from", "-1h", "--to", "now"};
                process.start(POOLSCOPE_PROGRAM, words);
                QVERIFY(process.waitForStarted());
                if (!process.waitForFinished(delay)) {
                    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
                    QVERIFY(process.waitForFinished(20'000));
                }
                QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).filter(QRegularExpression("^\\.|part")), QStringList());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QByteArray content = file.readAll();
                const bool whole = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
                QVERIFY2(content == "old" ? !whole : whole, content.left(200).constData());
                old += content == "old" ? 1 : 0;
                QFile::remove(folder.filePath("a.csv.meta.json"));
            }
        }
        QVERIFY(old > 0);
    }
    void reportSaysWhatItCannotDo()
    {
        const QList<QPair<QStringList, QByteArray>> wrong{
            {{}, "--html FILE, --pdf FILE or both are expected"},
            {{"--html", "x.html", "--lang", "fr"}, "--lang: en or zh_CN is expected"},
            {{"--html", "x.html", "--zone", "mars"}, "--zone: utc or local is expected"},
            {{"--html", m_program.folder().filePath("no/x.html"), "--data-dir", m_program.folder().path()}, "No such file or directory"},
            {{"--html", "x.html", "--data-dir", m_program.folder().filePath("nowhere")}, "there is no history in "}};
        for (const auto& [arguments, reason] : wrong) {
            const Outcome outcome = poolscope(QStringList{"report"} + arguments);
            QCOMPARE(outcome.code, 2);
            QVERIFY2(outcome.errors.contains(reason), outcome.errors.constData());
        }
    }
    void momentsAreWrittenManyWays()
    {
        const std::int64_t now = 1'795'165'927'742;
        QCOMPARE(*app::parseMoment("now", now), now);
        QCOMPARE(*app::parseMoment("-90m", now), now - 5'400'000);
        QCOMPARE(*app::parseMoment("2026-11-20T09:12:07.742Z", now), now);
        QCOMPARE(*app::parseMoment("2026-11-20 10:12:07.742+01:00", now), now);
        QCOMPARE(*app::parseMoment("1795165927", now), 1'795'165'927'000);
        QCOMPARE(*app::parseMoment("2026-11-20", now), QDateTime(QDate(2026, 11, 20), QTime(0, 0)).toMSecsSinceEpoch());
        for (const char* bad : {"", "-", "soon", "12", "2026-13-01", "1e300", "nan", "--5"}) {
            QVERIFY2(!app::parseMoment(bad, now), bad);
        }
    }

    void rulesCheckAgreesWithPromtool_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        const auto rule = [](const char* fields) -> QByteArray {
            return QByteArray("groups:\n- name: g\n  rules:\n  - ") + fields + "\n";
        };
        QTest::newRow("well") << rule("alert: A\n    expr: up == 0\n    for: 5m");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("twice the same") << rule("alert: A\n    expr: up\n  - alert: A\n    expr: up");
        QTest::newRow("bad expression") << rule("alert: A\n    expr: up ==");
        QTest::newRow("bad duration") << rule("alert: A\n    expr: up\n    for: 5");
        QTest::newRow("unknown key") << rule("alert: A\n    expr: up\n    fro: 5m");
        QTest::newRow("unknown function of a template")
            << rule("alert: A\n    expr: up\n    annotations: {a: '{{ $value | nice }}'}");
        QTest::newRow("no YAML") << QByteArray("groups: [}");
    }
    void rulesCheckAgreesWithPromtool()
    {
        QFETCH(QByteArray, yaml);
        QFile file(m_program.folder().filePath("rules.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(yaml) == yaml.size());
        file.close();
        const Outcome ours = poolscope({"rules", "check", file.fileName()});
        const Outcome theirs = promtool({"check", "rules", file.fileName()});
        QCOMPARE(ours.code, theirs.code);
        QVERIFY(ours.out.contains(ours.code == 0 ? QByteArray("SUCCESS")
                                                 : QByteArray("FAILED: ").append(file.fileName().toUtf8())));
    }
    void oneBadFileAmongGoodOnesIsAFinding()
    {
        QFile bad(m_program.folder().filePath("bad.yml"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write("- nonsense") > 0);
        bad.close();
        const QString good = POOLSCOPE_SOURCE_DIR "/resources/prometheus/alerts.yml";
        const Outcome outcome = poolscope({"rules", "check", good, bad.fileName(), good});
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.out.count("SUCCESS: 6 rules found"), 2);
        QCOMPARE(outcome.out.count("FAILED"), 1);
    }

    void rulesAreImportedIntoTheDataFolder()
    {
        const QString data = m_program.folder().filePath("import");
        QFile rules(m_program.folder().filePath("user.yml")); // the editor's own name: never written over
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("groups:\n- name: g\n  rules:\n  - {alert: A, expr: up == 0}\n");
        rules.close();
        const Outcome good = poolscope({"rules", "import", rules.fileName(), "--data-dir", data});
        QVERIFY2(good.code == 0, good.out.constData());
        QVERIFY(QFile::exists(data + "/rules/user-imported.yml"));
        QVERIFY(!QFile::exists(data + "/rules/user.yml"));
        const Outcome again = poolscope({"rules", "import", rules.fileName(), "--data-dir", data});
        QCOMPARE(again.code, 1);
        QVERIFY2(again.out.contains("is there already"), again.out.constData());
        QCOMPARE(poolscope({"rules", "import", "--force", rules.fileName(), "--data-dir", data}).code, 0);
        QCOMPARE(poolscope({"rules", "import", m_program.folder().filePath("none.yml"), "--data-dir", data}).code, 2);
        QCOMPARE(poolscope({"rules", "import", "--data-dir"}).code, 2);
        QCOMPARE(poolscope({"rules", "import", "--what", rules.fileName()}).code, 2);
    }

    void anAlertmanagersConfigurationIsTakenAsFarAsItGoes()
    {
        const QString data = m_program.folder().filePath("takes");
        const QString config = m_program.folder().filePath("alertmanager.yml");
        const auto write = [](const QString& path, const QByteArray& text) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size());
        };
        const auto read = [&data](const char* name) {
            QFile file(data + '/' + name);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        write(config, "route: {receiver: ops}\n"
                      "receivers:\n"
                      "- {name: ops, slack_configs: [{api_url: 'https://hooks.example/services/canary'}],\n"
                      "   pagerduty_configs: [{routing_key: canary}]}\n"
                      "inhibit_rules:\n"
                      "- {source_matchers: [alertname=CriticalPoolUsage], target_matchers: [alertname=NoIdleConnections]}\n");
        const QStringList command{"rules", "import", config, "--data-dir", data};
        const Outcome rehearsed = poolscope(command + QStringList{"--dry-run"});
        QCOMPARE(rehearsed.code, 1);
        QVERIFY2(rehearsed.out.contains("channel would be taken: ops"), rehearsed.out.constData());
        QVERIFY2(rehearsed.out.contains("inhibition would be taken: NoIdleConnections"), rehearsed.out.constData());
        QVERIFY2(rehearsed.out.contains("pagerduty_configs are not known"), rehearsed.out.constData());
        QVERIFY(!QFile::exists(data));

        const Outcome done = poolscope(command);
        QCOMPARE(done.code, 1); // one receiver's way is not known
        QVERIFY2(done.out.contains("channel taken: ops") && done.out.contains("inhibition taken: NoIdleConnections"),
                 done.out.constData());
        QVERIFY(!QByteArray(rehearsed.out + done.out + done.errors + read("notify.yml")).contains("canary"));
        QVERIFY2(read("notify.yml").contains("secret:ops"), read("notify.yml").constData());
        QVERIFY(read("secrets.yml").contains("canary"));
        QCOMPARE(QFile::permissions(data + "/secrets.yml") & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QVERIFY2(read("rules/user.yml").contains("poolscope_inhibited_by: CriticalPoolUsage"),
                 read("rules/user.yml").constData());
        const Outcome checked = promtool({"check", "rules", data + "/rules/user.yml"});
        QVERIFY2(checked.code == 0, QByteArray(checked.out + checked.errors).constData());

        const QByteArray before = read("notify.yml");
        const Outcome kept = poolscope(command);
        QVERIFY2(kept.out.contains("there is a channel of that name already"), kept.out.constData());
        QVERIFY2(kept.out.contains("0 channels, inhibition of 0 rules"), kept.out.constData());
        QCOMPARE(read("notify.yml"), before);
        QVERIFY(poolscope(command + QStringList{"--force"}).out.contains("channel taken: ops"));
        write(config, "route: {receiver: [}\n");
        QCOMPARE(poolscope(command).code, 1);
    }

    void channelsAreNotPutUnderARunningProgram()
    {
        const QString config = m_program.folder().filePath("running.yml");
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: 'http://127.0.0.1:1/'}]}]\n");
        file.close();
        const Outcome refused = poolscope({"rules", "import", config, "--data-dir", m_program.folder().path()});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.out.contains("a Poolscope runs over"), refused.out.constData());
    }};

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
