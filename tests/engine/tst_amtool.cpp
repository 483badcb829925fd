// Alertmanager's own tool (Debian's prometheus-alertmanager) driven against our API: it must not notice the difference.
#include "monitor/alert/rule_file.h"
#include "monitor/alert/silence.h"
#include "monitor/engine/engine.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <future>
#include <map>
#include <memory>

using namespace std::chrono_literals;

class AmtoolTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<engine::Engine> m_engine;
    QString m_url;

    struct Answer {
        int exitCode = -1;
        QString out;
        QString errors;
        [[nodiscard]] QJsonArray json() const { return QJsonDocument::fromJson(out.toUtf8()).array(); }
    };

    std::string write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
            qFatal("cannot write");
        }
        return file.fileName().toStdString();
    }

    Answer amtool(const QStringList& arguments) const
    {
        QProcess process;
        process.start(qEnvironmentVariable("POOLSCOPE_AMTOOL", QStringLiteral("amtool")),
                      QStringList{"--alertmanager.url=" + m_url, "--http.config.file=" + m_folder.filePath("http.yml"),
                                  "--output=json"} +
                          arguments);
        if (!process.waitForStarted()) {
            return {-1, {}, "amtool (Debian's prometheus-alertmanager) is needed"};
        }
        process.waitForFinished();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    QStringList names(const QStringList& arguments) const
    {
        const Answer answer = amtool(QStringList{"alert", "query"} + arguments);
        if (answer.exitCode != 0) {
            return {answer.errors};
        }
        QStringList names;
        for (const QJsonValue& alert : answer.json()) {
            names << alert["labels"]["alertname"].toString();
        }
        names.sort();
        return names;
    }

    metrics::RuleRow rowOf(const std::string& name) const
    {
        const metrics::SnapshotPtr snapshot = m_engine->latest();
        const auto row = std::ranges::find(snapshot->rules, name, &metrics::RuleRow::name);
        return row != snapshot->rules.end() ? *row : metrics::RuleRow();
    }

    void carryOut(const metrics::RuleEdit& edit)
    {
        std::promise<std::string> promise;
        m_engine->editRule(edit, [&promise](const std::string& problem) { promise.set_value(problem); });
        QCOMPARE(promise.get_future().get(), std::string());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        engine::Config config;
        config.embedded = false;
        config.server.set("host", m_folder.path().toStdString()); // nobody answers there
        config.dataDir = m_folder.filePath("data").toStdString();
        config.history.on = false;
        config.defaultRules = write("rules.yml", R"(groups:
- name: g
  rules:
  - {alert: Master, expr: vector(3) > 1, labels: {severity: critical, team: db}}
  - {alert: Slave, expr: vector(2) > 1, labels: {severity: warning, team: db}, annotations: {poolscope_inhibited_by: Master}}
  - {alert: Other, expr: vector(2) > 1, labels: {severity: warning, team: web}}
  - {alert: Waiting, expr: vector(2) > 1, for: 1h}
)");
        config.listen = engine::ListenAddress{"127.0.0.1", 0};
        config.interval = 10s; // so seldom that what amtool sees is of the moment it asks, not of the tick after
        m_engine = std::make_unique<engine::Engine>(config, [] { return engine::LogFigures{}; });
        const auto started = m_engine->start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(m_engine->latest() && m_engine->latest()->alerts.size() == 4 &&
                                     !m_engine->latest()->endpoint.empty(),
                                 20000);
        m_url = QString::fromStdString(m_engine->latest()->endpoint);
        QFile token(m_folder.filePath("data/token"));
        QVERIFY(token.open(QIODevice::ReadOnly));
        (void)write("http.yml", "authorization:\n  credentials: " + token.readAll().trimmed() + "\n");
    }

    void cleanupTestCase() { m_engine.reset(); }

    void sees_whatFires()
    {
        QCOMPARE(names({}), QStringList({"Master", "Other"})); // Slave is inhibited, Waiting pending
        QCOMPARE(names({"--inhibited"}), QStringList({"Slave"}));
        QCOMPARE(names({"team=web"}), QStringList({"Other"}));
        QCOMPARE(names({"severity=~crit.*"}), QStringList({"Master"}));
        QCOMPARE(names({"--silenced"}), QStringList());
    }

    void sees_aSilenceAtOnceAndItsEnd()
    {
        const Answer added = amtool({"silence", "add", "--author=ann", "--comment=on it", "--duration=1h", "team=web"});
        QVERIFY2(added.exitCode == 0, qPrintable(added.errors));
        const QString id = added.out.trimmed();
        QCOMPARE(names({"--silenced"}), QStringList({"Other"}));
        QCOMPARE(names({}), QStringList({"Master"}));

        const QJsonArray silences = amtool({"silence", "query"}).json();
        QCOMPARE(silences.size(), 1);
        QCOMPARE(silences[0]["id"].toString(), id);
        QCOMPARE(silences[0]["createdBy"].toString(), QStringLiteral("ann"));
        QCOMPARE(silences[0]["comment"].toString(), QStringLiteral("on it"));
        QCOMPARE(silences[0]["status"]["state"].toString(), QStringLiteral("active"));
        QCOMPARE(amtool({"silence", "query", "team=db"}).json().size(), 0);

        const Answer longer = amtool({"silence", "update", "--duration=2h", id});
        QVERIFY2(longer.exitCode == 0, qPrintable(longer.errors));
        const QJsonArray updated = amtool({"silence", "query"}).json(); // the same one, in place
        QCOMPARE(updated.size(), 1);
        QCOMPARE(updated[0]["id"].toString(), id);
        QVERIFY(updated[0]["endsAt"].toString() > silences[0]["endsAt"].toString());
        const Answer expired = amtool({"silence", "expire", id});
        QVERIFY2(expired.exitCode == 0, qPrintable(expired.errors));
        QCOMPARE(names({"--silenced"}), QStringList());
        QCOMPARE(names({}), QStringList({"Master", "Other"}));
        QCOMPARE(amtool({"silence", "query"}).json().size(), 0);
        QVERIFY(amtool({"silence", "query", "--expired"}).json().size() >= 1);
    }

    void refuses_whatAlertmanagerRefuses()
    {
        QVERIFY(amtool({"silence", "expire", "00000000-0000-0000-0000-000000000000"}).exitCode != 0);
        // amtool looks at what it is given before it asks, and takes a first matcher it cannot read for an alert's name:
        // only an import brings a wrong matcher to the server. What that ends with is amtool's luck: it counts what was
        // refused while it is on its way out.
        QVERIFY(amtool({"silence", "add", "--author=ann", "--comment=c", "--duration=1h", "team=web", "team=~("}).exitCode != 0);
        const QJsonObject matcher{{"name", "team"}, {"value", "("}, {"isRegex", true}, {"isEqual", true}};
        const QJsonObject wrong{{"matchers", QJsonArray{matcher}},
                                {"startsAt", "2026-01-01T00:00:00.000Z"},
                                {"endsAt", "2126-01-01T00:00:00.000Z"},
                                {"createdBy", "ann"},
                                {"comment", "c"}};
        (void)write("wrong.json", QJsonDocument(QJsonArray{wrong}).toJson());
        const Answer imported = amtool({"silence", "import", m_folder.filePath("wrong.json")});
        QVERIFY2(imported.errors.contains("[400]"), qPrintable(imported.errors));
        const Answer asked = amtool({"alert", "query", "team=web", "team=~("});
        QVERIFY(asked.exitCode != 0);
        QVERIFY2(asked.errors.contains("[400]"), qPrintable(asked.errors));
        QCOMPARE(amtool({"silence", "query"}).json().size(), 0);
    }

    // What is exported, a Prometheus takes, and it says what is in force here.
    void exportedRulesAreTheRulesInForce()
    {
        const metrics::RuleRow other = rowOf("Other");
        metrics::RuleEdit edit{metrics::RuleEdit::Kind::Change, {other.file, other.group, other.name, other.number}, *other.draft};
        edit.draft.holdFor = "7m";
        metrics::setEntry(edit.draft.labels, "severity", "critical");
        carryOut(edit);
        const metrics::RuleRow waiting = rowOf("Waiting");
        carryOut({metrics::RuleEdit::Kind::Disable, {waiting.file, waiting.group, waiting.name, waiting.number}});
        metrics::RuleEdit own{metrics::RuleEdit::Kind::Add, {}, {}};
        own.draft.name = "Own";
        own.draft.expr = "sum by (pool) (rate(x_total{a=\"b\\\"c\"}[5m])) > 0.5";
        own.draft.holdFor = "90s";
        metrics::setEntry(own.draft.annotations, "summary", "{{ $labels.pool }}: {{ $value | humanizePercentage }} \u8fde\u63a5");
        carryOut(own);

        const QString folder = m_folder.filePath("exported");
        QVERIFY(QDir().mkpath(folder));
        const auto written = m_engine->writeRules(folder.toStdString());
        QVERIFY2(written && *written == 2, written ? "" : written.error().message.c_str());
        QCOMPARE(QDir(folder).entryList({"*.yml"}, QDir::Files), QStringList({"rules.yml", "user.yml"}));
        std::map<std::string, alert::Rule> given;
        for (const char* name : {"rules.yml", "user.yml"}) {
            const QString path = folder + '/' + name;
            QProcess promtool;
            promtool.start(qEnvironmentVariable("POOLSCOPE_PROMTOOL", QStringLiteral("promtool")), {"check", "rules", path});
            QVERIFY2(promtool.waitForFinished() && promtool.exitCode() == 0, QByteArray(promtool.readAll() + promtool.readAllStandardError()).constData());
            const auto read = alert::readRuleFile(path.toStdString());
            QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
            for (const alert::RuleGroup& group : read->groups) {
                for (const alert::Rule& rule : group.rules) {
                    QVERIFY2(given.emplace(rule.name, rule).second, rule.name.c_str());
                }
            }
        }
        QCOMPARE(given.size(), std::size_t(4)); // without the disabled one, the changed one once
        const std::map<std::string, metrics::RuleDraft> expected{{"Master", *rowOf("Master").draft},
                                                                 {"Slave", *rowOf("Slave").draft},
                                                                 {"Other", edit.draft},
                                                                 {"Own", own.draft}};
        for (const auto& [name, here] : expected) {
            metrics::RuleDraft there = *given.at(name).draft;
            metrics::setEntry(there.annotations, "poolscope_overrides", {}); // where a change belongs is no part of the rule
            QCOMPARE(there.expr, here.expr);
            QVERIFY2(there == here, name.c_str());
        }
    }

    void silencesTravelThereAndBack()
    {
        const Answer added =
            amtool({"silence", "add", "--author=b\xC3\xB6" "b", "--comment=\"quoted\"", "--duration=3h", "a=b", "c=~\"d|e\"", "f!=g"});
        QVERIFY2(added.exitCode == 0, qPrintable(added.errors));
        const Answer exported = amtool({"silence", "query"});
        QVERIFY2(amtool({"silence", "expire", added.out.trimmed()}).exitCode == 0, qPrintable(exported.out));
        (void)write("silences.json", exported.out.toUtf8());
        const Answer imported = amtool({"silence", "import", m_folder.filePath("silences.json")});
        QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
        const QJsonArray again = amtool({"silence", "query"}).json();
        QCOMPARE(again.size(), 1);
        QCOMPARE(again[0]["matchers"], exported.json().at(0)["matchers"]);
        QCOMPARE(again[0]["comment"].toString(), QStringLiteral("\"quoted\""));
    }

    // What the window's export writes: every field survives amtool's import into an Alertmanager.
    void theFileOfTheWindowIsTakenByAmtool()
    {
        const core::WallTime now = core::SystemClock::instance().wallNow();
        for (const metrics::SilenceRow& old : m_engine->silences()) {
            (void)m_engine->expireSilence(old.id);
        }
        metrics::SilenceRow row;
        row.matchers = {{"pool", "\xE4\xB8\xBB, \"a\"", false, true}, {"site", "x|y.*", true, false}};
        row.startsAt = now + 1h;
        row.endsAt = now + 5h;
        row.createdBy = "b\xC3\xB6" "b";
        row.comment = "with \\ and \xF0\x9F\x9A\xA8";
        const auto made = m_engine->silence(row);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        auto rows = m_engine->silences();
        std::erase_if(rows, [&](const metrics::SilenceRow& one) { return one.id != *made; });
        const std::string file = alert::silencesJson(rows, now) + '\n';
        (void)write("window.json", QByteArray::fromStdString(file));
        QVERIFY(m_engine->expireSilence(*made).has_value()); // or the same again would be one too many
        const Answer imported = amtool({"silence", "import", m_folder.filePath("window.json")});
        QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors + imported.out));
        int found = 0;
        for (const metrics::SilenceRow& one : m_engine->silences()) {
            if (one.stateAt(now) != metrics::SilenceState::Pending || one.id == *made) {
                continue;
            }
            ++found;
            QVERIFY(one.matchers == row.matchers);
            QCOMPARE(one.comment, row.comment);
            QCOMPARE(one.createdBy, row.createdBy);
            QCOMPARE(core::epochMillis(one.startsAt), core::epochMillis(row.startsAt));
            QCOMPARE(core::epochMillis(one.endsAt), core::epochMillis(row.endsAt));
        }
        QCOMPARE(found, 1);
    }
};

QTEST_GUILESS_MAIN(AmtoolTest)
#include "tst_amtool.moc"
