// Rules changed by people, against a real rule engine and files: in force at once, undone, there again after
// a restart.
#include "monitor/alert/user_rules.h"
#include "monitor/engine/rule_desk.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using metrics::RuleEdit;

namespace {

constexpr const char* kShipped = "groups:\n- name: g\n  rules:\n"
                                 "  - {alert: High, expr: load > 0.8, for: 1s, labels: {severity: warning}}\n"
                                 "  - {alert: Other, expr: load > 5}\n";
constexpr metrics::MetricDef kLoad{"load", metrics::Kind::Gauge, core::Unit::None, "", {}};

// A desk, an engine, and their files; the clock is moved by hand.
struct World {
    explicit World(const QString& folder)
        : folder(folder)
        , shipped(QDir(folder).filePath("default.yml").toStdString())
        , user(QDir(folder).filePath("rules/user.yml").toStdString())
    {
        start();
    }

    void start()
    {
        alert::RuleEngineOptions options;
        options.userRules = user;
        options.onTransition = [this](const alert::Transition& one) {
            transitions << QString("%1>%2:%3")
                               .arg(metrics::alertStateName(one.from), metrics::alertStateName(one.to),
                                    alert::causeName(one.cause));
        };
        desk.reset();
        engine = std::make_unique<alert::RuleEngine>(head, querier, std::move(options));
        desk = std::make_unique<engine::RuleDesk>(user, *engine, [this] { return paths(); });
        QVERIFY(engine->load(paths()).has_value());
    }

    std::vector<std::string> paths() const
    {
        std::vector<std::string> all{shipped};
        if (QFile::exists(QString::fromStdString(user))) {
            all.push_back(user);
        }
        return all;
    }

    metrics::Snapshot tick(double load)
    {
        metrics::Snapshot snapshot;
        ++second;
        snapshot.at = core::WallTime(std::chrono::seconds(1'700'000'000 + second));
        snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
        snapshot.interval = std::chrono::seconds(1);
        metrics::SampleBuilder(snapshot).push(kLoad, load);
        head.append(snapshot);
        engine->evaluate(snapshot);
        return snapshot;
    }

    metrics::RuleRow row(const std::string& name)
    {
        for (const metrics::RuleRow& row : tick(0).rules) {
            if (row.name == name) {
                return row;
            }
        }
        return {};
    }

    core::Result<engine::RuleOutcome> edit(const RuleEdit& edit)
    {
        return desk->edit(edit, core::Lang::English);
    }
    metrics::RuleKey high() const { return {shipped, "g", "High", 1}; }

    QByteArray content() const
    {
        QFile file(QString::fromStdString(user));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    const QString folder;
    const std::string shipped, user;
    series::Head head;
    promql::Querier querier{head};
    QStringList transitions;
    std::unique_ptr<alert::RuleEngine> engine;
    std::unique_ptr<engine::RuleDesk> desk;
    int second = 0;
};

} // namespace

class TstRuleDesk final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<World> m_world;

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(".")); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QFile file(m_folder->filePath("default.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kShipped);
        file.close();
        m_world = std::make_unique<World>(m_folder->path());
    }

    void aMovedThresholdHoldsAtOnceAndAfterARestart()
    {
        RuleEdit edit{RuleEdit::Kind::Threshold, m_world->high()};
        edit.threshold = 0.6;
        const auto outcome = m_world->edit(edit);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->said, std::string("High: load > 0.8 → load > 0.6"));
        for (int i = 0; i < 2; ++i) {
            const metrics::RuleRow row = m_world->row("High");
            QCOMPARE(row.threshold.value_or(0), 0.6);
            QVERIFY(row.shipped != nullptr && !row.own && !row.disabled);
            QCOMPARE(row.group, std::string("g"));
            m_world->start();
        }
        QFile file(m_folder->filePath("default.yml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray(kShipped));
    }

    void aLevelThatNoLongerFitsIsSaid()
    {
        metrics::RuleDraft draft;
        draft.name = "Mine";
        draft.expr = "load > 3";
        draft.annotations = {{"poolscope_clear", "< 2"}};
        QVERIFY(m_world->edit({RuleEdit::Kind::Add, {}, draft}));
        RuleEdit edit{RuleEdit::Kind::Threshold, {m_world->user, "user", "Mine", 1}};
        edit.threshold = 1;
        const auto outcome = m_world->edit(edit);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY2(outcome->said.find("poolscope_clear would hold where the alert fires") != std::string::npos,
                 outcome->said.c_str());
    }

    void undoGoesBackStepByStep()
    {
        RuleEdit edit{RuleEdit::Kind::Threshold, m_world->high()};
        for (const double threshold : {0.6, 0.7}) {
            edit.threshold = threshold;
            QVERIFY(m_world->edit(edit));
        }
        QVERIFY(m_world->desk->canUndo());
        QVERIFY(m_world->desk->undo(core::Lang::English));
        QCOMPARE(m_world->row("High").threshold.value_or(0), 0.6);
        QVERIFY(m_world->desk->undo(core::Lang::English));
        QVERIFY(!m_world->desk->canUndo());
        QCOMPARE(m_world->row("High").threshold.value_or(0), 0.8);
        QVERIFY(m_world->row("High").shipped == nullptr);
        QVERIFY(!m_world->desk->undo(core::Lang::English));
    }

    void whatSomebodyElseChangedIsNotUndone()
    {
        RuleEdit edit{RuleEdit::Kind::Threshold, m_world->high()};
        edit.threshold = 0.6;
        QVERIFY(m_world->edit(edit));
        QFile file(QString::fromStdString(m_world->user));
        QVERIFY(file.open(QIODevice::Append));
        file.write("# mine\n");
        file.close();
        const auto undone = m_world->desk->undo(core::Lang::English);
        QVERIFY(!undone);
        QVERIFY(m_world->content().endsWith("# mine\n"));
    }

    void aDisabledRuleEndsItsAlertAndSaysWhy()
    {
        m_world->tick(0.9);
        m_world->tick(0.9);
        QVERIFY(m_world->transitions.contains("pending>firing:condition"));
        const auto off = m_world->edit({RuleEdit::Kind::Disable, m_world->high()});
        QVERIFY2(off, off ? "" : off.error().message.c_str());
        m_world->tick(0.9);
        QVERIFY2(m_world->transitions.contains("firing>resolved:rule_disabled"),
                 qPrintable(m_world->transitions.join(' ')));
        const auto alive = m_world->tick(0.9).alerts;
        QVERIFY(std::none_of(alive.begin(), alive.end(),
                             [](const auto& alert) { return metrics::isOpen(alert.state); }));
        QVERIFY(m_world->row("High").disabled);
        QVERIFY(m_world->edit({RuleEdit::Kind::Enable, m_world->high()}));
        QVERIFY(!m_world->row("High").disabled && !m_world->row("High").shipped);
    }

    void anOwnerIsGivenAndTakenBack()
    {
        RuleEdit edit{RuleEdit::Kind::Owner, m_world->high()};
        edit.owner = metrics::RuleOwner::Shadow;
        const auto given = m_world->edit(edit);
        QVERIFY2(given, given ? "" : given.error().message.c_str());
        QVERIFY(given->before == "owner local" && given->after == "owner shadow");
        QCOMPARE(m_world->row("High").owner, metrics::RuleOwner::Shadow);
        QVERIFY(m_world->content().contains("poolscope_owner"));
        QVERIFY(m_world->desk->undo(core::Lang::English));
        QCOMPARE(m_world->row("High").owner, metrics::RuleOwner::Local);
        edit.owner = metrics::RuleOwner::Prometheus;
        QVERIFY(m_world->edit(edit));
        QCOMPARE(m_world->row("High").owner, metrics::RuleOwner::Prometheus);
        edit.owner = metrics::RuleOwner::Local; // as its file has it: nothing is kept
        QVERIFY(m_world->edit(edit));
        QVERIFY(m_world->row("High").shipped == nullptr && !m_world->content().contains("poolscope_owner: "));
    }

    void aBrokenFileIsNeitherWrittenNorForgotten()
    {
        RuleEdit edit{RuleEdit::Kind::Threshold, m_world->high()};
        edit.threshold = 0.6;
        QVERIFY(m_world->edit(edit));
        const QByteArray broken = m_world->content() + "  - nonsense: [\n";
        QFile file(QString::fromStdString(m_world->user));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(broken);
        file.close();
        m_world->engine->reloadIfChanged();
        QVERIFY2(m_world->engine->problem().value_or("").find("user.yml:") != std::string::npos,
                 m_world->engine->problem().value_or("no problem").c_str());
        QCOMPARE(m_world->row("High").threshold.value_or(0), 0.6); // the rules before stay in force
        edit.threshold = 0.7;
        const auto refused = m_world->edit(edit);
        QVERIFY(!refused);
        QVERIFY2(QRegularExpression("user\\.yml:\\d+: ")
                     .match(QString::fromStdString(refused.error().message))
                     .hasMatch(),
                 refused.error().message.c_str());
        QCOMPARE(m_world->content(), broken);
    }

    void ownRulesComeAndGo()
    {
        metrics::RuleDraft draft;
        draft.name = "Mine";
        draft.expr = "load > 3";
        QVERIFY(m_world->edit({RuleEdit::Kind::Add, {}, draft}));
        const metrics::RuleRow row = m_world->row("Mine");
        QVERIFY(row.own);
        draft.expr = "load > 4";
        QVERIFY(m_world->edit({RuleEdit::Kind::Change, {row.file, row.group, row.name, row.number}, draft}));
        QCOMPARE(m_world->row("Mine").threshold.value_or(0), 4.0);
        QVERIFY(m_world->edit({RuleEdit::Kind::Remove, {row.file, row.group, row.name, row.number}}));
        QVERIFY(m_world->row("Mine").name.empty());
        QVERIFY(m_world->desk->undo(core::Lang::English));
        QCOMPARE(m_world->row("Mine").threshold.value_or(0), 4.0);
        QVERIFY(QFile::exists(QString::fromStdString(m_world->user + ".before")));
    }

    void aReadOnlyFolderIsSaidAndChangesNothing()
    {
        QVERIFY(QDir(m_folder->path()).mkdir("rules"));
        QVERIFY(QDir(m_folder->path()).mkpath("rules/user.yml")); // a folder stands where the file belongs
        const auto refused = m_world->edit({RuleEdit::Kind::Disable, m_world->high()});
        QVERIFY(!refused);
        QVERIFY(!m_world->row("High").disabled);
    }
};

QTEST_GUILESS_MAIN(TstRuleDesk)
#include "tst_rule_desk.moc"
