// The life of an alert, evaluation by evaluation, on a clock moved by hand.
#include "monitor/alert/rule_state.h"

#include <QRegularExpression>
#include <QTest>

using alert::Instances;
using alert::Moment;
using metrics::AlertState;
using namespace std::chrono_literals;

namespace {

const metrics::Labels kLabels{{"alertname", "A"}};

// Plays a string of evaluations 15 s apart: '#' the condition holds, '.' it does not. Gives one letter each:
// i (nothing), p, F, r.
QString play(const QString& story, alert::HoldTimes hold)
{
    Instances instances;
    QString states;
    core::Nanos time{0};
    for (const QChar step : story) {
        const Moment now{core::WallTime(std::chrono::duration_cast<std::chrono::microseconds>(time)),
                         core::SteadyTime(time)};
        std::vector<alert::Observation> seen;
        if (step == QLatin1Char('#')) {
            seen.push_back({kLabels, 1, {}});
        }
        instances = alert::advance(instances, seen, hold, now).instances;
        const auto at = instances.find(kLabels);
        states += at == instances.end()                     ? QLatin1Char('i')
                  : at->second.state == AlertState::Pending ? QLatin1Char('p')
                  : at->second.state == AlertState::Firing  ? QLatin1Char('F')
                                                            : QLatin1Char('r');
        time += 15s;
    }
    return states;
}

} // namespace

class TstRuleState final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void statesFollowTheConditionAsPrometheusHasIt_data()
    {
        QTest::addColumn<QString>("story");
        QTest::addColumn<int>("holdFor"); // s
        QTest::addColumn<int>("keepFiringFor");
        QTest::addColumn<QString>("states");
        QTest::newRow("no for: at once") << "..##.." << 0 << 0 << "iiFFrr";
        QTest::newRow("just under for") << ".####." << 60 << 0 << "ippppi";
        QTest::newRow("exactly for") << ".#####." << 60 << 0 << "ippppFr";
        QTest::newRow("a dip starts for anew") << "####.#####" << 60 << 0 << "ppppippppF";
        QTest::newRow("for between evaluations") << "######" << 50 << 0 << "ppppFF";
        QTest::newRow("fires again at once without for") << "#.#" << 0 << 0 << "FrF";
        QTest::newRow("pending again after it was resolved") << "##.##" << 15 << 0 << "pFrpF";
        QTest::newRow("kept firing") << "#....." << 0 << 45 << "FFFFrr";
        QTest::newRow("kept firing is reset by a return") << "#..#....." << 0 << 45 << "FFFFFFFrr";
    }

    void statesFollowTheConditionAsPrometheusHasIt()
    {
        QFETCH(QString, story);
        QFETCH(int, holdFor);
        QFETCH(int, keepFiringFor);
        QFETCH(QString, states);
        QCOMPARE(play(story, {std::chrono::seconds(holdFor), std::chrono::seconds(keepFiringFor)}), states);
    }

    void resolvedIsShownForFifteenMinutes()
    {
        const QString states = play(QStringLiteral("#") + QString(70, QLatin1Char('.')), {});
        QCOMPARE(states.count(QLatin1Char('r')), 61); // at 0 s, 15 s … 900 s after
        QVERIFY(states.endsWith(QLatin1Char('i')));
    }

    void everyChangeIsToldOnce()
    {
        Instances instances;
        QStringList told;
        for (int i = 0; i < 8; ++i) {
            const Moment now{{}, core::SteadyTime(i * 15s)};
            std::vector<alert::Observation> seen;
            if (i < 5) {
                seen.push_back({kLabels, static_cast<double>(i), {}});
            }
            auto next = alert::advance(instances, seen, {30s, 0s}, now);
            for (const alert::Change& change : next.changes) {
                told << QString::fromLatin1(metrics::alertStateName(change.to));
            }
            instances = std::move(next.instances);
        }
        QCOMPARE(told, QStringList({QStringLiteral("pending"), QStringLiteral("firing"),
                                    QStringLiteral("resolved")}));
        QCOMPARE(instances.at(kLabels).value, 4.0); // the last one seen
    }

    void aWallClockThatStepsBackChangesNothing()
    {
        Instances instances;
        const std::vector<alert::Observation> seen{{kLabels, 1, {}}};
        instances =
            alert::advance(instances, seen, {60s, 0s}, {core::WallTime(1h), core::SteadyTime(0s)}).instances;
        instances =
            alert::advance(instances, seen, {60s, 0s}, {core::WallTime(0h), core::SteadyTime(60s)}).instances;
        QVERIFY(instances.at(kLabels).state == AlertState::Firing);
    }
};

QTEST_GUILESS_MAIN(TstRuleState)
#include "tst_rule_state.moc"
