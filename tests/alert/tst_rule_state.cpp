// The life of an alert, evaluation by evaluation, on a clock moved by hand.
#include "monitor/alert/rule_state.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using alert::Cause;
using alert::Change;
using alert::Data;
using alert::Findings;
using alert::Instances;
using alert::Moment;
using alert::NoDataPolicy;
using alert::Observation;
using alert::Reach;
using alert::Terms;
using metrics::AlertState;
using metrics::Overlay;
using metrics::Severity;
using namespace std::chrono_literals;

namespace {

const metrics::Labels kLabels{{"alertname", "A"}};

Moment at(core::Nanos time)
{
    return {core::WallTime(std::chrono::duration_cast<std::chrono::microseconds>(time)),
            core::SteadyTime(time)};
}

Observation seen(double value, Reach reach, Reach critical = Reach::Clear)
{
    return {kLabels, value, {}, reach, critical};
}

Terms terms(core::Nanos holdFor, core::Nanos keepFiringFor = {})
{
    return {holdFor, keepFiringFor};
}

// i (nothing), p, F, R(ecovering), r(esolved); C for critical.
QChar letter(const Instances& instances)
{
    const auto found = instances.find(kLabels);
    if (found == instances.end()) {
        return QLatin1Char('i');
    }
    switch (found->second.state) {
    case AlertState::Inactive:
        return QLatin1Char('i');
    case AlertState::Pending:
        return QLatin1Char('p');
    case AlertState::Firing:
        return found->second.severity == Severity::Critical ? QLatin1Char('C') : QLatin1Char('F');
    case AlertState::Recovering:
        return QLatin1Char('R');
    case AlertState::Resolved:
        return QLatin1Char('r');
    }
    return QLatin1Char('?');
}

// One evaluation. '#' raised, '+' critical, '=' between the levels, '-' between the critical levels, '.'
// clear, '?' its series is missing, '!' the expression fails.
Findings findings(QChar step)
{
    switch (step.toLatin1()) {
    case '#':
        return {Data::There, {seen(1, Reach::Raised)}};
    case '+':
        return {Data::There, {seen(3, Reach::Raised, Reach::Raised)}};
    case '-':
        return {Data::There, {seen(2, Reach::Raised, Reach::Held)}};
    case '=':
        return {Data::There, {seen(0.5, Reach::Held)}};
    case '?':
        return {Data::Missing};
    case '!':
        return {Data::Failed};
    default:
        return {};
    }
}

struct Story {
    explicit Story(const Terms& wanted)
        : terms(wanted)
    {
    }

    Terms terms;
    Instances instances;
    core::Nanos time{0};
    std::vector<Change> changes; // of the last step

    // Plays evaluations 15 s apart and gives the state after each.
    QString play(const QString& story)
    {
        QString states;
        for (const QChar step : story) {
            changes = alert::advance(instances, findings(step), terms, at(time));
            states += letter(instances);
            time += 15s;
        }
        return states;
    }
};

QString names(const std::vector<Change>& changes)
{
    QStringList list;
    for (const Change& change : changes) {
        list << QStringLiteral("%1>%2:%3")
                    .arg(QLatin1String(metrics::alertStateName(change.from)),
                         QLatin1String(metrics::alertStateName(change.to)),
                         QLatin1String(alert::causeName(change.cause)));
    }
    return list.join(QLatin1Char(' '));
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
        QTest::newRow("resolved, pending and over again") << "##.#." << 15 << 0 << "pFrpi";
        QTest::newRow("kept firing") << "#....." << 0 << 45 << "FRRRrr";
        QTest::newRow("kept firing is reset by a return") << "#..#....." << 0 << 45 << "FRRFRRRrr";
        QTest::newRow("an error changes nothing") << "##!!.!#!#" << 15 << 0 << "pFFFrrppF";
        QTest::newRow("missing data is a condition that does not hold") << "##?" << 15 << 0 << "pFr";
    }

    void statesFollowTheConditionAsPrometheusHasIt()
    {
        QFETCH(QString, story);
        QFETCH(int, holdFor);
        QFETCH(int, keepFiringFor);
        QFETCH(QString, states);
        Story life(terms(std::chrono::seconds(holdFor), std::chrono::seconds(keepFiringFor)));
        QCOMPARE(life.play(story), states);
    }

    // Every state (how it is reached) with every event: the state after it, and what is told of it. `for` and
    // keep_firing_for are 30 s, evaluations 15 s apart.
    void everyStateMeetsEveryEvent_data()
    {
        QTest::addColumn<QString>("before"); // the story that leads to the state
        QTest::addColumn<QString>("event");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("told"); // by the event's last evaluation
        const auto row = [](const char* name, const char* before, const char* event, const char* after,
                            const char* told) { QTest::newRow(name) << before << event << after << told; };
        // inactive
        row("inactive, breach", ".", "#", "p", "inactive>pending:condition");
        row("inactive, critical breach", ".", "+", "p", "inactive>pending:condition");
        row("inactive, between the levels", ".", "=", "i", "");
        row("inactive, clear", ".", ".", "i", "");
        row("inactive, no data", ".", "???", "i", "");
        row("inactive, error", ".", "!!!", "i", "");
        // pending
        row("pending, still in breach", "#", "#", "p", "");
        row("pending, in breach for long enough", "#", "##", "F", "pending>firing:condition");
        row("pending, critical for long enough", "+", "++", "C", "pending>firing:condition");
        row("pending, critical not for long enough", "#", "++", "F", "pending>firing:condition");
        row("pending, back between the levels", "#", "=", "i", "pending>inactive:pending_cancelled");
        row("pending, clear", "#", ".", "i", "pending>inactive:pending_cancelled");
        row("pending, no data", "#", "?????", "p", "");
        row("pending, data missing shows after its ticks and for", "#", "???", "p",
            "pending>pending:no_data");
        row("pending, error", "#", "!!!", "p", "pending>pending:error");
        row("pending, breach after missing data", "#", "??#", "F", "pending>firing:condition");
        // firing as a warning
        row("firing, still in breach", "###", "#", "F", "");
        row("firing, critical at first", "###", "+", "F", "");
        row("firing, critical for long enough", "###", "+++", "C", "firing>firing:severity_rose");
        row("firing, critical with a dip", "###", "++#++", "F", "");
        row("firing, between the levels", "###", "==", "F", "");
        row("firing, clear", "###", ".", "R", "firing>recovering:condition");
        row("firing, missing at first", "###", "??", "F", "");
        row("firing, missing for long enough", "###", "???", "F", "firing>firing:no_data");
        row("firing, missing for ever", "###", "??????????", "F", "");
        row("firing, data is back", "###", "???#", "F", "firing>firing:data_back");
        row("firing, error for long enough", "###", "!!!", "F", "firing>firing:error");
        row("firing, error for ever", "###", "!!!!!!!!!!", "F", "");
        row("firing, no error any more", "###", "!!!#", "F", "firing>firing:data_back");
        // firing as critical
        row("critical, still critical", "+++", "+", "C", "");
        row("critical, between the critical levels", "+++", "---", "C", "");
        row("critical, below the critical clear level", "+++", "#", "F", "firing>firing:severity_fell");
        row("critical, between the levels", "+++", "=", "F", "firing>firing:severity_fell");
        row("critical, clear", "+++", ".", "R", "firing>recovering:condition");
        row("critical, missing", "+++", "???", "C", "firing>firing:no_data");
        row("critical, error", "+++", "!!!", "C", "firing>firing:error");
        // recovering
        row("recovering, breach again", "###.", "#", "F", "recovering>firing:returned");
        row("recovering, critical again", "###.", "+", "F", "recovering>firing:returned");
        row("recovering, between the levels", "###.", "=", "R", "");
        row("recovering, between the levels till the end", "###.", "==", "r",
            "recovering>resolved:condition");
        row("recovering, clear", "###.", ".", "R", "");
        row("recovering, clear for long enough", "###.", "..", "r", "recovering>resolved:condition");
        row("recovering, missing", "###.", "??????", "R", "");
        row("recovering, error", "###.", "!!!!!!", "R", "");
        // resolved
        row("resolved, breach", "###...", "#", "p", "resolved>pending:condition");
        row("resolved, between the levels", "###...", "=", "r", "");
        row("resolved, clear", "###...", ".", "r", "");
        row("resolved, missing", "###...", "???", "r", "");
        row("resolved, error", "###...", "!!!", "r", "");
    }

    void everyStateMeetsEveryEvent()
    {
        QFETCH(QString, before);
        QFETCH(QString, event);
        QFETCH(QString, after);
        QFETCH(QString, told);
        Story life(terms(30s, 30s));
        life.terms.noData = NoDataPolicy::Keep;
        (void)life.play(before);
        QCOMPARE(life.play(event).back(), after.front());
        QCOMPARE(names(life.changes), told);
    }

    void everyStateMeetsTheEndOfItsRule_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("told");
        QTest::newRow("inactive") << "."
                                  << "i"
                                  << "";
        QTest::newRow("pending") << "#"
                                 << "i"
                                 << "pending>inactive:rule_updated";
        QTest::newRow("firing") << "###"
                                << "r"
                                << "firing>resolved:rule_updated";
        QTest::newRow("recovering") << "###."
                                    << "r"
                                    << "recovering>resolved:rule_updated";
        QTest::newRow("resolved") << "###..."
                                  << "r"
                                  << "";
    }

    void everyStateMeetsTheEndOfItsRule()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, told);
        Story life(terms(30s, 30s));
        (void)life.play(before);
        const auto changes = alert::endAll(life.instances, Cause::RuleUpdated, at(life.time));
        QCOMPARE(letter(life.instances), after.front());
        QCOMPARE(names(changes), told);
    }

    void withoutKeepFiringForWhatIsClearIsResolved()
    {
        Story life(terms(0s));
        QCOMPARE(life.play(QStringLiteral("#=.")), QStringLiteral("FFr"));
        QCOMPARE(names(life.changes), QStringLiteral("firing>resolved:condition"));
    }

    void noDataThatIsOkEndsTheAlertAfterItsTicks()
    {
        Story life(terms(15s));
        life.terms.noData = NoDataPolicy::Ok;
        QCOMPARE(life.play(QStringLiteral("##??")), QStringLiteral("pFFF"));
        QCOMPARE(life.play(QStringLiteral("?")), QStringLiteral("r"));
    }

    void oneMissingSeriesDoesNotTouchTheOthers()
    {
        Instances instances;
        Terms keep = terms(0s);
        keep.noData = NoDataPolicy::Keep;
        const metrics::Labels other{{"alertname", "A"}, {"pool", "b"}};
        Observation first = seen(1, Reach::Raised);
        first.source = {{"pool", "a"}};
        Observation second = first;
        second.labels = other;
        second.source = {{"pool", "b"}};
        (void)alert::advance(instances, {Data::There, {first, second}, {{first.source, second.source}}}, keep,
                             at(0s));
        (void)alert::advance(instances, {Data::There, {}, {{second.source}}}, keep, at(15s));
        QVERIFY(instances.at(kLabels).state == AlertState::Firing); // its series is missing
        QVERIFY(instances.at(other).state == AlertState::Resolved); // its series is there, and clear
    }

    void peakIsTheWorstSinceItBegan()
    {
        Story up(terms(0s));
        (void)up.play(QStringLiteral("#+=#"));
        QCOMPARE(up.instances.at(kLabels).peak, 3.0);
        QCOMPARE(up.instances.at(kLabels).value, 1.0);
        Story down(terms(0s));
        down.terms.worse = alert::Worse::Lower;
        (void)down.play(QStringLiteral("+#+"));
        QCOMPARE(down.instances.at(kLabels).peak, 1.0);
    }

    void returnsAreCounted()
    {
        Story life(terms(0s, 60s));
        (void)life.play(QStringLiteral("#.#.#."));
        QCOMPARE(life.instances.at(kLabels).returns, 2);
        QCOMPARE(life.instances.at(kLabels).fired->wall, core::WallTime{}); // one incident all along
    }

    void aRestoredAlertOutlivesTheTimeWithoutHistory()
    {
        Story life(terms(0s));
        (void)life.play(QStringLiteral("#"));
        life.instances.at(kLabels).grace = {at(60s).steady, at(120s).steady};
        QCOMPARE(life.play(QStringLiteral("...")),
                 QStringLiteral("FFF")); // 15 s, 30 s, 45 s: too little history
        QCOMPARE(life.play(QStringLiteral("???")), QStringLiteral("FFF")); // 60 s … 90 s: no data at all
        QCOMPARE(life.play(QStringLiteral(".")), QStringLiteral("r"));
    }

    void resolvedIsShownForFifteenMinutes()
    {
        Story life(terms(0s));
        const QString states = life.play(QStringLiteral("#") + QString(70, QLatin1Char('.')));
        QCOMPARE(states.count(QLatin1Char('r')), 61); // at 0 s, 15 s … 900 s after
        QVERIFY(states.endsWith(QLatin1Char('i')));
    }

    void aWallClockThatStepsBackChangesNothing()
    {
        Instances instances;
        const Findings one{Data::There, {seen(1, Reach::Raised)}};
        (void)alert::advance(instances, one, terms(60s), {core::WallTime(1h), core::SteadyTime(0s)});
        (void)alert::advance(instances, one, terms(60s), {core::WallTime(0h), core::SteadyTime(60s)});
        QVERIFY(instances.at(kLabels).state == AlertState::Firing);
    }
};

QTEST_GUILESS_MAIN(TstRuleState)
#include "tst_rule_state.moc"
