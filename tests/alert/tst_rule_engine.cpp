// Rules over a history, tick by tick: the contract's timeline, inhibition, reloading, what is exposed and
// logged.
#include "monitor/alert/rule_engine.h"
#include "monitor/series/label_ops.h"
#include "monitor/series/own_reader.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <functional>
#include <sstream>

using metrics::AlertState;
using metrics::MetricDef;

namespace {

constexpr MetricDef kUsage{"db_pool_usage", metrics::Kind::Gauge, core::Unit::Ratio, "", {}};
constexpr MetricDef kSlow{"db_slow_query_total", metrics::Kind::Counter, core::Unit::Count, "", {}};
constexpr MetricDef kOut{"db_pool_checked_out", metrics::Kind::Gauge, core::Unit::Count, "", {}};
constexpr MetricDef kMax{"db_pool_max_connections", metrics::Kind::Gauge, core::Unit::Count, "", {}};
constexpr MetricDef kIn{"db_pool_checked_in", metrics::Kind::Gauge, core::Unit::Count, "", {}};
constexpr std::int64_t kEpoch = 1'700'000'000;

// A history that is fed second by second (or slower) and evaluated at once.
struct Flow {
    explicit Flow(core::Lang lang = core::Lang::Chinese)
        : engine(head, querier,
                 {lang, alert::RuleEngineOptions::Logging::On, core::Nanos(0),
                  [this](const alert::Transition& transition) {
                      told << QString::fromStdString(transition.row.name) + QLatin1Char(' ') +
                                  QString::fromLatin1(metrics::alertStateName(transition.to));
                  }})
    {
    }

    bool load(const QString& file) { return engine.load({file.toStdString()}).has_value(); }

    metrics::Snapshot& tick(const std::vector<std::pair<const MetricDef*, double>>& values)
    {
        snapshot = metrics::Snapshot();
        snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + second));
        snapshot.steady = core::SteadyTime(std::chrono::seconds(second) + jitter);
        snapshot.interval = std::chrono::seconds(step);
        metrics::SampleBuilder builder(snapshot);
        for (const auto& [def, value] : values) {
            builder.push(*def, value);
        }
        if (extra) {
            extra(builder);
        }
        head.append(snapshot);
        engine.evaluate(snapshot);
        second += step;
        return snapshot;
    }

    [[nodiscard]] AlertState stateOf(const char* name) const
    {
        for (const auto& row : snapshot.alerts) {
            if (row.name == name) {
                return row.state;
            }
        }
        return AlertState::Inactive;
    }
    [[nodiscard]] const metrics::AlertRow* row(const char* name) const
    {
        for (const auto& one : snapshot.alerts) {
            if (one.name == name) {
                return &one;
            }
        }
        return nullptr;
    }

    series::Head head;
    promql::Querier querier{head};
    QStringList told;
    alert::RuleEngine engine;
    metrics::Snapshot snapshot;
    std::function<void(metrics::SampleBuilder&)> extra; // further samples of a tick
    core::Nanos jitter{0};                              // how far the steady clock is off the full second
    int second = 0;
    int step = 1;
};

const QString kDefault = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/rules/default.yml");
const QString kExport = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/prometheus/alerts.yml");

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size());
}

} // namespace

class TstRuleEngine final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void exactlyOnTheLineNeverFires()
    {
        Flow flow;
        QVERIFY(flow.load(kExport));
        double slow = 0;
        for (int i = 0; i < 1200; ++i) {
            flow.tick({{&kUsage, i < 600 ? 0.8 : 0.9}, {&kSlow, slow}, {&kIn, 1}});
            slow += 10;
            QVERIFY(flow.stateOf("CriticalPoolUsage") == AlertState::Inactive);
            QVERIFY(flow.stateOf("HighSlowQueryRate") == AlertState::Inactive);
            QVERIFY(i >= 600 || flow.stateOf("HighPoolUsage") == AlertState::Inactive);
        }
    }

    void firingBeginsAtTheFirstEvaluationAfterFor()
    {
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 300; ++i) {
            flow.tick({{&kUsage, 25.0 / 30}});
            QVERIFY(flow.stateOf("HighPoolUsage") == AlertState::Pending);
        }
        QCOMPARE(flow.row("HighPoolUsage")->firesIn, core::Nanos(std::chrono::seconds(1)));
        flow.tick({{&kUsage, 25.0 / 30}});
        QVERIFY(flow.stateOf("HighPoolUsage") == AlertState::Firing);
        QCOMPARE(QString::fromStdString(flow.row("HighPoolUsage")->description),
                 QStringLiteral("连接池使用率 83.33%，超过 80%"));
        QVERIFY(flow.row("HighPoolUsage")->threshold == 0.8);
        flow.tick({{&kUsage, 0.8}});
        QVERIFY(flow.stateOf("HighPoolUsage") == AlertState::Resolved);
        QCOMPARE(flow.told,
                 QStringList({QStringLiteral("HighPoolUsage pending"), QStringLiteral("HighPoolUsage firing"),
                              QStringLiteral("HighPoolUsage resolved")}));
    }

    void aDipStartsForAnew()
    {
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 500; ++i) {
            flow.tick({{&kUsage, i == 250 ? 0.5 : 0.85}});
            QVERIFY(flow.stateOf("HighPoolUsage") != AlertState::Firing);
        }
    }

    // rate() divides by the whole window: a steady 10.7/s from a cold start passes 10 only after about 285 s.
    void aColdStartPassesTheRateLate()
    {
        Flow flow;
        flow.step = 15;
        QVERIFY(flow.load(kDefault));
        int pendingAt = -1;
        double slow = 0;
        for (int i = 0; i < 60 && pendingAt < 0; ++i) {
            const int now = flow.second;
            flow.tick({{&kSlow, slow}});
            slow += 10.7 * 15;
            pendingAt = flow.stateOf("HighSlowQueryRate") == AlertState::Pending ? now : -1;
        }
        QCOMPARE(pendingAt, 285);
    }

    void noIdleConnectionIsNoTroubleWhilePlacesAreLeft()
    {
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 120; ++i) {
            flow.tick({{&kIn, 0}, {&kOut, 10}, {&kMax, 30}});
        }
        QVERIFY(flow.stateOf("NoIdleConnections") == AlertState::Inactive);
        QVERIFY(flow.stateOf("LowIdleConnections") == AlertState::Inactive);
        flow.tick({{&kIn, 0}, {&kOut, 28}, {&kMax, 30}});
        QVERIFY(flow.stateOf("LowIdleConnections") == AlertState::Firing);
        QVERIFY(flow.stateOf("PoolUsageOver80") == AlertState::Firing);
        for (int i = 0; i < 62; ++i) {
            flow.tick({{&kIn, 0}, {&kOut, 30}, {&kMax, 30}});
        }
        QVERIFY(flow.stateOf("NoIdleConnections") == AlertState::Firing);
        QVERIFY(flow.row("LowIdleConnections")->inhibited);
    }

    void theStrongerAlertSpeaksForTheWeaker()
    {
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 301; ++i) {
            flow.tick({{&kUsage, 0.95}});
        }
        QVERIFY(flow.stateOf("HighPoolUsage") == AlertState::Firing);
        QVERIFY(flow.row("HighPoolUsage")->inhibited);
        QCOMPARE(flow.row("HighPoolUsage")->inhibitedBy, std::string("CriticalPoolUsage"));
        QVERIFY(!flow.row("CriticalPoolUsage")->inhibited);
        flow.tick({{&kUsage, 0.85}});
        QVERIFY(!flow.row("HighPoolUsage")->inhibited);
    }

    void alertsAreExposedAndRemembered()
    {
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 130; ++i) {
            flow.tick({{&kUsage, 0.95}});
        }
        const metrics::Labels firing{
            {"alertname", "CriticalPoolUsage"}, {"alertstate", "firing"}, {"severity", "critical"}};
        QCOMPARE(flow.snapshot.value("ALERTS", firing), 1.0);
        QCOMPARE(flow.snapshot.value("poolscope_rule_threshold",
                                     {{"group", "database_alerts"}, {"rule", "HighPoolUsage"}}),
                 0.8);
        QCOMPARE(flow.snapshot.value("poolscope_rule_value",
                                     {{"group", "database_alerts"}, {"rule", "HighPoolUsage"}}),
                 0.95);
        const std::int64_t now = core::epochMillis(flow.snapshot.at);
        const auto past = flow.querier.instant("ALERTS{alertname='CriticalPoolUsage'}", now - 60'000);
        QVERIFY(past && past->size() == 1); // pending then; the firing series and its end are another
        const auto present = flow.querier.instant("ALERTS{alertname='CriticalPoolUsage'}", now);
        QVERIFY(present && present->size() == 1);
        QCOMPARE(present->front().labels[2].second, std::string("firing"));
        QCOMPARE(flow.engine.firing(), std::vector<std::string>{"CriticalPoolUsage"});
    }

    void linesAreLoggedOnceATransition()
    {
        std::ostringstream out;
        spdlog::drop("poolscope.alert");
        auto logger = std::make_shared<spdlog::logger>("poolscope.alert",
                                                       std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
        logger->set_pattern("%l %v");
        spdlog::register_logger(logger);
        Flow flow;
        QVERIFY(flow.load(kDefault));
        for (int i = 0; i < 200; ++i) {
            flow.tick({{&kUsage, i < 150 ? 28.0 / 30 : 0.1}});
        }
        spdlog::drop("poolscope.alert");
        QCOMPARE(
            QString::fromStdString(out.str()),
            QStringLiteral("error 🚨 告警触发 CriticalPoolUsage [critical]: 连接池使用率 93.33%，超过 90%\n"
                           "info ✅ 告警恢复 CriticalPoolUsage [critical]: 持续 2m 30s\n"));
    }

    void englishIsSpokenWhenAskedFor()
    {
        Flow flow(core::Lang::English);
        QVERIFY(flow.load(kDefault));
        flow.tick({{&kOut, 25}, {&kMax, 30}});
        QCOMPARE(flow.row("PoolUsageOver80")->summary, std::string("Database pool usage is over 80%"));
        flow.engine.setLang(core::Lang::Chinese);
        flow.tick({{&kOut, 25}, {&kMax, 30}});
        QCOMPARE(QString::fromStdString(flow.row("PoolUsageOver80")->summary),
                 QStringLiteral("数据库连接池使用率超过80%"));
    }

    void aBrokenFileKeepsTheOldRules()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        write(path, "groups: [{name: g, rules: [{alert: A, expr: db_pool_usage > 0.5}]}]\n");
        Flow flow;
        QVERIFY(flow.load(path));
        flow.tick({{&kUsage, 0.6}});
        QVERIFY(flow.stateOf("A") == AlertState::Firing);
        QVERIFY(!flow.engine.reloadIfChanged());

        write(path, "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: db_pool_usage >\n");
        QVERIFY(!flow.engine.reloadIfChanged());
        QVERIFY(flow.engine.problem().has_value());
        QVERIFY(flow.engine.problem()->find("r.yml:5: ") != std::string::npos);
        flow.tick({{&kUsage, 0.6}});
        QVERIFY(flow.stateOf("A") == AlertState::Firing);

        write(path, "groups: [{name: g, rules: [{alert: A, expr: db_pool_usage > 0.5}, {alert: B, expr: "
                    "db_pool_usage * 100 > 50}]}]\n");
        QVERIFY(flow.engine.reloadIfChanged());
        QVERIFY(!flow.engine.problem().has_value());
        flow.told.clear();
        flow.tick({{&kUsage, 0.6}});
        QVERIFY(flow.stateOf("A") == AlertState::Firing);
        QCOMPARE(flow.told, QStringList({QStringLiteral("B firing")})); // A went on as it was
        const auto& rule = flow.snapshot.rules.at(1);
        QCOMPARE(rule.metric, std::string("db_pool_usage"));
        QVERIFY(qFuzzyCompare(*rule.threshold, 0.5) && qFuzzyCompare(rule.value, 0.6));
        QVERIFY(rule.unit == core::Unit::Ratio);
    }

    void recordedSeriesFeedLaterRulesOfTheSameTick()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        write(path,
              "groups: [{name: g, rules: [{record: 'pool:double', expr: db_pool_usage * 2, labels: {a: b}},"
              " {alert: A, expr: 'pool:double{a=\"b\"} > 1'}, {alert: E, expr: 'db_pool_usage + on() "
              "group_left(x) db_pool_usage'}]}]\n");
        Flow flow;
        QVERIFY(flow.load(path));
        flow.tick({{&kUsage, 0.6}});
        QVERIFY(flow.stateOf("A") == AlertState::Firing);
        flow.tick({});
        QVERIFY(flow.stateOf("A") == AlertState::Resolved); // the recorded series ended with its source
    }

    void aGroupIsEvaluatedOncePerInterval()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        write(path, "groups:\n- name: slow\n  interval: 5s\n  rules:\n"
                    "  - {alert: Slow, expr: db_pool_usage > 0.5}\n"
                    "- name: quick\n  rules:\n  - {alert: Quick, expr: db_pool_usage > 0.5}\n");
        Flow flow;
        QVERIFY(flow.load(path));
        flow.tick({{&kUsage, 0.1}}); // second 0: both are evaluated
        for (int second = 1; second < 5; ++second) {
            flow.tick({{&kUsage, 0.9}});
            QVERIFY(flow.stateOf("Quick") == AlertState::Firing);
            QVERIFY2(flow.stateOf("Slow") == AlertState::Inactive, qPrintable(QString::number(second)));
        }
        flow.tick({{&kUsage, 0.9}}); // second 5
        QVERIFY(flow.stateOf("Slow") == AlertState::Firing);
        for (int second = 6; second < 10; ++second) {
            flow.tick({{&kUsage, 0.1}});
            QVERIFY(flow.stateOf("Slow") == AlertState::Firing); // shown on, though not looked at
        }
        flow.tick({{&kUsage, 0.1}});
        QVERIFY(flow.stateOf("Slow") == AlertState::Resolved);
        QCOMPARE(flow.told.count(QStringLiteral("Slow firing")), 1);
    }

    void anIntervalToleratesTicksThatAreALittleEarly()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        write(path,
              "groups:\n- name: g\n  interval: 3s\n  rules:\n  - {alert: A, expr: db_pool_usage > 0.5}\n");
        Flow flow;
        QVERIFY(flow.load(path));
        flow.tick({{&kUsage, 0.1}});
        flow.jitter = std::chrono::milliseconds(-20);
        for (int second = 1; second < 3; ++second) {
            flow.tick({{&kUsage, 0.9}});
            QVERIFY(flow.stateOf("A") == AlertState::Inactive);
        }
        flow.tick({{&kUsage, 0.9}}); // at 2.98 s
        QVERIFY(flow.stateOf("A") == AlertState::Firing);
    }

    void moreAlertsThanTheLimitFailTheRule()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        write(path, "groups:\n- name: g\n  limit: 2\n  rules:\n"
                    "  - {alert: Many, expr: db_pool_checked_out > 0}\n"
                    "  - {record: out, expr: db_pool_checked_out}\n");
        Flow flow;
        QVERIFY(flow.load(path));
        const auto feed = [&](int series) {
            flow.extra = [series](metrics::SampleBuilder& out) {
                for (int i = 0; i < series; ++i) {
                    out.push(kOut, 1, {{"pool", std::to_string(i)}});
                }
            };
            flow.tick({});
        };
        feed(2); // exactly the limit is fine
        QCOMPARE(flow.snapshot.alerts.size(), std::size_t{2});
        QCOMPARE(flow.snapshot.rules.front().error, std::string());
        QCOMPARE(flow.querier.instant("out", (kEpoch + flow.second - 1) * 1000)->size(), std::size_t{2});
        feed(3);
        QCOMPARE(flow.snapshot.rules.front().error, std::string("exceeded limit of 2 with 3 alerts"));
        QCOMPARE(flow.snapshot.alerts.size(), std::size_t{2});
        for (const metrics::AlertRow& row :
             flow.snapshot.alerts) { // nothing stays open behind a rule that fails
            QVERIFY(row.state == AlertState::Resolved);
        }
        QCOMPARE(flow.snapshot.value("poolscope_rule_failed", {{"group", "g"}, {"rule", "Many"}}), 1.0);
        QVERIFY(flow.querier.instant("out", (kEpoch + flow.second - 1) * 1000)->empty());
        feed(2); // below it again, all goes on
        QCOMPARE(flow.snapshot.alerts.size(), std::size_t{2});
        QCOMPARE(flow.snapshot.value("poolscope_rule_failed", {{"group", "g"}, {"rule", "Many"}}), 0.0);
        QCOMPARE(flow.querier.instant("out", (kEpoch + flow.second - 1) * 1000)->size(), std::size_t{2});
    }

    void aThousandRulesOverTenThousandSeriesAreCheap()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("r.yml"));
        QByteArray yaml = "groups:\n- name: g\n  rules:\n";
        std::vector<MetricDef> defs;
        std::vector<std::string> names;
        for (int i = 0; i < 1000; ++i) {
            names.push_back("m" + std::to_string(i));
            yaml += "  - {alert: A, expr: m" + QByteArray::number(i) + " > 5}\n";
        }
        write(path, yaml);
        Flow flow;
        QVERIFY(flow.load(path));
        for (const std::string& name : names) {
            defs.push_back({name, metrics::Kind::Gauge, core::Unit::Count, "", {}});
        }
        metrics::Snapshot snapshot;
        snapshot.at = core::WallTime(std::chrono::seconds(kEpoch));
        metrics::SampleBuilder builder(snapshot);
        for (const MetricDef& def : defs) {
            for (int i = 0; i < 10; ++i) {
                builder.push(def, 1, {{"i", std::to_string(i)}});
            }
        }
        flow.head.append(snapshot);
        const auto start = std::chrono::steady_clock::now();
        flow.engine.evaluate(snapshot);
        const auto cost =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        qInfo("1,000 rules over 10,000 series: %.1f ms", cost);
        QCOMPARE(snapshot.rules.size(), std::size_t{1000});
        QCOMPARE(snapshot.rules.front().value, 1.0);
    }

    // Another Poolscope that is watched tells db_pool_usage, too, with its label "target".
    void defaultRulesSpeakForUsAndNotForAnotherPoolscope()
    {
        QTemporaryDir folder;
        const QString user = folder.filePath(QStringLiteral("user.yml"));
        write(user,
              "groups: [{name: u, rules: [{alert: Theirs, expr: 'db_pool_usage{target=\"shop\"} > 0.8'}, "
              "{alert: Anybodys, expr: 'db_pool_usage > 0.8'}, "
              "{alert: PoolWaiters, expr: 'db_pool_waiters > 4', annotations: {poolscope_overrides: "
              "poolscope/PoolWaiters}}]}]");
        series::Head head;
        const promql::Querier everything{head};
        const series::OwnReader ours{head};
        const promql::Querier own{ours};
        alert::RuleEngineOptions options;
        options.logging = alert::RuleEngineOptions::Logging::Off;
        options.userRules = user.toStdString();
        options.own = &own;
        options.isOwn = [](const std::string& file) { return file == kDefault.toStdString(); };
        alert::RuleEngine engine(head, everything, options);
        QVERIFY(engine.load({kDefault.toStdString(), user.toStdString()}).has_value());
        static constexpr MetricDef waiters{
            "db_pool_waiters", metrics::Kind::Gauge, core::Unit::Count, "", {}};
        int second = 0;
        const auto firing = [&](double here, double there) { // "alert target", after six minutes
            metrics::Snapshot snapshot;
            for (const int end = second + 360; second < end; second += 10) {
                snapshot = metrics::Snapshot();
                snapshot.at = core::WallTime(std::chrono::seconds(kEpoch + second));
                snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
                snapshot.interval = std::chrono::seconds(10);
                metrics::SampleBuilder builder(snapshot);
                builder.push(kUsage, here);
                builder.push(kUsage, there, {{"target", "shop"}});
                builder.push(waiters, here * 10);
                builder.push(waiters, there * 10, {{"target", "shop"}});
                head.append(snapshot);
                engine.evaluate(snapshot);
            }
            QStringList names;
            for (const metrics::AlertRow& row : snapshot.alerts) {
                if (metrics::isOpen(row.state)) {
                    names << QString::fromStdString(row.name + ' ' +
                                                    std::string(series::labelValue(row.labels, "target")));
                }
            }
            names.sort();
            return names;
        };
        QCOMPARE(firing(0.1, 0.95), QStringList({"Anybodys shop", "Theirs shop"}));
        QCOMPARE(firing(0.95, 0.95), QStringList({"Anybodys ", "Anybodys shop", "CriticalPoolUsage ",
                                                  "HighPoolUsage ", "PoolWaiters ", "Theirs shop"}));
    }

    void rulesOnTargetsCarryWhoseTheyAre()
    {
        Flow flow(core::Lang::English);
        flow.step = 10;
        QVERIFY(flow.load(QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/rules/targets.yml")));
        constexpr std::array<std::string_view, 3> labels{"target", "pool", "environment"};
        constexpr auto gauge = [](std::string_view name) {
            return MetricDef{name, metrics::Kind::Gauge, core::Unit::Count, "", {}, {}, labels};
        };
        static constexpr MetricDef up{"target_up", metrics::Kind::Gauge, core::Unit::None, "", {}};
        static const MetricDef inUse = gauge("target_pool_in_use");
        static const MetricDef most = gauge("target_pool_max");
        static const MetricDef waiting = gauge("target_pool_waiting");
        flow.extra = [](metrics::SampleBuilder& out) {
            const metrics::Labels shop{{"environment", "production"}, {"pool", "main"}, {"target", "shop"}};
            const metrics::Labels orders{{"pool", "main"}, {"target", "orders"}};
            out.push(up, 0, {{"target", "gone"}});
            out.push(up, 1, {{"target", "shop"}});
            for (const auto& whose : {shop, orders}) {
                out.push(waiting, 3, whose);
                out.push(most, 10, whose);
            }
            out.push(inUse, 10, shop);
            out.push(waiting, 1,
                     {{"target", "blind"}}); // tells neither how many are in use nor how many may be
        };
        for (int i = 0; i < 40; ++i) {
            flow.tick({});
        }
        QCOMPARE(flow.row("TargetDown")->summary, std::string("gone does not answer"));
        const metrics::AlertRow* exhausted = flow.row("TargetPoolExhausted");
        QVERIFY(exhausted != nullptr && metrics::isOpen(exhausted->state));
        QCOMPARE(series::labelValue(exhausted->labels, "target"), std::string_view("shop"));
        QCOMPARE(series::labelValue(exhausted->labels, "environment"), std::string_view("production"));
        int waits = 0;
        for (const metrics::AlertRow& row : flow.snapshot.alerts) {
            if (row.name == "TargetCallersWait") {
                ++waits;
                QCOMPARE(row.inhibited,
                         series::labelValue(row.labels, "target") == "shop"); // of the others nobody speaks
                const bool blind =
                    series::labelValue(row.labels, "target") == "blind"; // its pool has no name
                QVERIFY2(row.description.starts_with(blind ? "blind: 1 callers" : "") &&
                             row.description.find(" :") == std::string::npos,
                         row.description.c_str());
            }
        }
        QCOMPARE(waits, 3);
        flow.extra = {};
        for (int i = 0; i < 40; ++i) { // none is watched any more
            flow.tick({});
        }
        QVERIFY(flow.stateOf("TargetDown") != AlertState::Firing);
    }
};

QTEST_GUILESS_MAIN(TstRuleEngine)
#include "tst_rule_engine.moc"
