// A rule tried on the past says what the engine would have done.
#include "monitor/alert/rule_engine.h"
#include "monitor/alert/rule_trial.h"
#include "monitor/series/head.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using metrics::RuleDraft;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kFrom = 1'700'000'000'000; // ms
constexpr std::int64_t kSecond = 1000;

RuleDraft draft(const std::string& expr, const std::string& holdFor = {})
{
    RuleDraft draft;
    draft.name = "Tried";
    draft.expr = expr;
    draft.holdFor = holdFor;
    draft.labels = {{"severity", "warning"}};
    draft.annotations = {{"summary", "{{ $labels.pool }} has {{ $value }}"}};
    return draft;
}

// An hour, a sample a second: over 0.8 for ten minutes thrice, and once for a minute.
struct Hour {
    Hour()
        : head({std::chrono::hours(2), 1000})
        , querier(head)
    {
        for (std::int64_t second = 0; second <= 3600; ++second) {
            add(head, second);
        }
    }

    static void add(series::Head& head, std::int64_t second)
    {
        const std::vector<series::NamedSample> sample{{{{"__name__", "usage"}, {"pool", "p"}}, valueAt(second)}};
        head.append(kFrom + second * kSecond, sample);
    }

    static double valueAt(std::int64_t second)
    {
        const bool high = (second >= 300 && second < 900) || (second >= 1200 && second < 1800) ||
                          (second >= 2000 && second < 2060) || second >= 3000;
        return high ? 0.9 : 0.5;
    }

    metrics::RuleTrial attempt(const RuleDraft& draft, const std::stop_token& stop = {}) const
    {
        return alert::tryRule(draft, querier, nullptr, {kFrom, kFrom + 3600 * kSecond, kSecond}, stop);
    }

    series::Head head;
    promql::Querier querier;
};

} // namespace

class TstRuleTrial final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void saysHowOftenItWouldHaveFired()
    {
        const Hour hour;
        const auto trial = hour.attempt(draft("usage > 0.8", "5m"));
        QCOMPARE(QString::fromStdString(trial.problem), QString());
        QCOMPARE(trial.firings.size(), std::size_t{3});
        QCOMPARE(trial.firings[0].from, kFrom + 600 * kSecond); // begun at 300, for 5m
        QCOMPARE(trial.firings[0].to, kFrom + 900 * kSecond);
        QVERIFY(!trial.firings[0].open);
        QVERIFY(trial.firings[2].open);
        QCOMPARE(trial.firings[2].to, trial.to);
        QCOMPARE(trial.pending, 1);
        QCOMPARE(trial.threshold.value_or(0), 0.8);
        QCOMPARE(trial.op, std::string(">"));
        QCOMPARE(trial.watched.size(), std::size_t{1});
        QCOMPARE(trial.watched.front().points.back().value, 0.9);
        QCOMPARE(trial.texts.size(), std::size_t{1});
        QCOMPARE(trial.texts.front().text, std::string("p has 0.9"));
    }

    // The same samples, tick by tick through the engine itself.
    void agreesWithTheEngine_data()
    {
        QTest::addColumn<QString>("expr");
        QTest::addColumn<QString>("holdFor");
        QTest::addColumn<QString>("keep");
        QTest::addColumn<QString>("clear");
        QTest::newRow("plain") << "usage > 0.8"
                               << ""
                               << ""
                               << "";
        QTest::newRow("for") << "usage > 0.8"
                             << "9m59s"
                             << ""
                             << "";
        QTest::newRow("for not reached") << "usage > 0.8"
                                         << "10m1s"
                                         << ""
                                         << "";
        QTest::newRow("keep firing bridges a gap") << "usage > 0.8"
                                                   << "1m"
                                                   << "6m"
                                                   << "";
        QTest::newRow("clear level never reached") << "usage > 0.8"
                                                   << ""
                                                   << ""
                                                   << "< 0.4";
        QTest::newRow("rate") << "avg_over_time(usage[1m]) > 0.8"
                              << "30s"
                              << ""
                              << "";
        QTest::newRow("no number") << "usage > usage offset 1m"
                                   << ""
                                   << ""
                                   << "";
    }

    void agreesWithTheEngine()
    {
        QFETCH(QString, expr);
        QFETCH(QString, holdFor);
        QFETCH(QString, keep);
        QFETCH(QString, clear);
        RuleDraft wanted = draft(expr.toStdString(), holdFor.toStdString());
        wanted.keepFiringFor = keep.toStdString();
        metrics::setEntry(wanted.annotations, "poolscope_clear", clear.toStdString());
        const auto trial = Hour().attempt(wanted);
        QCOMPARE(QString::fromStdString(trial.problem), QString());

        series::Head head({std::chrono::hours(2), 1000});
        const promql::Querier querier(head);
        std::vector<std::int64_t> fired, resolved;
        alert::RuleEngineOptions options;
        options.onTransition = [&](const alert::Transition& change) {
            if (change.to == metrics::AlertState::Firing && change.cause == alert::Cause::Condition) {
                fired.push_back(core::epochMillis(change.row.firedAt));
            } else if (change.to == metrics::AlertState::Resolved) {
                resolved.push_back(core::epochMillis(change.row.resolvedAt));
            }
        };
        alert::RuleEngine engine(head, querier, options);
        QTemporaryDir folder;
        const std::string file = folder.filePath("r.yml").toStdString();
        const auto yaml = alert::editRules("", file, {metrics::RuleEdit::Kind::Add, {}, wanted}, {});
        QFile out(QString::fromStdString(file));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(yaml->c_str());
        out.close();
        QVERIFY(engine.load({file}).has_value());
        for (std::int64_t second = 0; second <= 3600; ++second) {
            metrics::Snapshot snapshot;
            snapshot.at = core::WallTime(std::chrono::milliseconds(kFrom) + std::chrono::seconds(second));
            snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
            snapshot.interval = 1s;
            Hour::add(head, second);
            engine.evaluate(snapshot);
        }
        std::vector<std::int64_t> triedFrom, triedTo;
        for (const auto& firing : trial.firings) {
            triedFrom.push_back(firing.from);
            if (!firing.open) {
                triedTo.push_back(firing.to);
            }
        }
        QCOMPARE(triedFrom, fired);
        QCOMPARE(triedTo, resolved);
    }

    void saysInWhichFieldTheMistakeIs_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("name") << "name"
                              << ""
                              << "name";
        QTest::newRow("expr") << "expr"
                              << "usage >"
                              << "1:8: parse error";
        QTest::newRow("no expr") << "expr"
                                 << ""
                                 << "expression";
        QTest::newRow("type") << "expr"
                              << "usage[5m]"
                              << "invalid expression type";
        QTest::newRow("for") << "for"
                             << "5 minutes"
                             << "duration";
        QTest::newRow("keep") << "keep_firing_for"
                              << "x"
                              << "duration";
        QTest::newRow("clear") << "clear"
                               << "> 0.9"
                               << "would hold";
        QTest::newRow("label") << "labels"
                               << "{{ .Foo"
                               << "template";
        QTest::newRow("annotation") << "annotations"
                                    << "{{ $value | nope }}"
                                    << "nope";
    }

    void saysInWhichFieldTheMistakeIs()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, said);
        RuleDraft wrong = draft("usage > 0.8");
        const std::string text = value.toStdString();
        if (field == "name") {
            wrong.name = text;
        } else if (field == "expr") {
            wrong.expr = text;
        } else if (field == "for") {
            wrong.holdFor = text;
        } else if (field == "keep_firing_for") {
            wrong.keepFiringFor = text;
        } else if (field == "clear") {
            wrong.annotations.emplace_back("poolscope_clear", text);
        } else {
            (field == "labels" ? wrong.labels : wrong.annotations).emplace_back("x", text);
        }
        const auto trial = Hour().attempt(wrong);
        QCOMPARE(QString::fromStdString(trial.where), field);
        QVERIFY2(QString::fromStdString(trial.problem).contains(said), trial.problem.c_str());
        QVERIFY(trial.firings.empty());
    }

    void canBeGivenUp()
    {
        std::stop_source source;
        source.request_stop();
        const auto trial = Hour().attempt(draft("usage > 0.8"), source.get_token());
        QVERIFY(!trial.problem.empty());
        QVERIFY(trial.firings.empty());
    }

    void withoutSamplesNothingFires()
    {
        const auto trial = Hour().attempt(draft("nothing > 0.8"));
        QVERIFY(trial.problem.empty());
        QVERIFY(trial.firings.empty());
        QVERIFY(trial.texts.empty());
    }
};

QTEST_GUILESS_MAIN(TstRuleTrial)
#include "tst_rule_trial.moc"
