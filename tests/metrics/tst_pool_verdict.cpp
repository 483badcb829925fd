// What is wrong with the pool, in words, with its cause.
#include "monitor/metrics/pool_verdict.h"

#include <QTest>

#include <string>

using core::Lang;
using metrics::SlotState;
using namespace std::chrono_literals;

namespace {

metrics::PoolView poolOf(int active, int inTransaction, int held)
{
    metrics::PoolView pool;
    pool.present = true;
    pool.state = "up";
    pool.maxConnections = 30;
    pool.checkedOut = active + inTransaction + held;
    for (int i = 0; i < pool.checkedOut; ++i) {
        metrics::SlotRow row;
        row.slot = i;
        row.state = i < active                   ? SlotState::Active
                    : i < active + inTransaction ? SlotState::IdleInTransaction
                                                 : SlotState::Held;
        row.tag = i % 10 == 0 ? "login" : "orders";
        row.site = "orders.cpp:42 load";
        row.heldFor = std::chrono::seconds(i + 1);
        pool.slots.push_back(row);
    }
    return pool;
}

QString told(const metrics::PoolView& pool, Lang lang = Lang::English, const char* error = "")
{
    return QString::fromStdString(metrics::verdictSentence(pool, error, lang));
}

} // namespace

class PoolVerdictTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void heldAndNotWorkingIsSaidWithWhoAndWhere()
    {
        metrics::PoolView pool = poolOf(2, 25, 3);
        pool.verdict = "held";
        const QString text = told(pool);
        QCOMPARE(text, QStringLiteral("Held, not working: 30 of 30 in use, only 2 run a statement; 25 idle in a "
                                      "transaction, 3 without one. Mostly orders (27). The longest for 30 s at "
                                      "orders.cpp:42 load."));
        QVERIFY(told(pool, Lang::Chinese).startsWith(QStringLiteral("占用而未工作: 30/30")));
        pool.waiting = 9;
        QVERIFY(told(pool).contains(QStringLiteral("3 without one. Callers waiting: 9. Mostly orders")));
    }
    void whatThereIsNoneOfIsNotCounted()
    {
        metrics::PoolView pool = poolOf(0, 0, 30);
        pool.verdict = "held";
        QVERIFY2(told(pool).startsWith(QStringLiteral("Held, not working: 30 of 30 in use, none runs a statement; 30 "
                                                      "idle without a transaction. Mostly")),
                 qPrintable(told(pool)));
        pool = poolOf(1, 29, 0);
        pool.verdict = "held";
        QVERIFY2(told(pool).contains(QStringLiteral("only one runs a statement; 29 idle in a transaction. Mostly")),
                 qPrintable(told(pool)));
        QVERIFY2(told(pool, Lang::Chinese).contains(QStringLiteral("仅 1 个正在执行语句；29 个事务中空闲。")),
                 qPrintable(told(pool, Lang::Chinese)));
    }

    void exhaustedSaysWhoWaitsAndSinceWhen()
    {
        metrics::PoolView pool = poolOf(30, 0, 0);
        pool.verdict = "exhausted";
        pool.waiting = 87;
        pool.oldestWait = 3100ms;
        const QString text = told(pool);
        QVERIFY2(text.startsWith(QStringLiteral("Exhausted: 30 of 30 in use, 30 run a statement, 87 callers wait. The "
                                                "oldest has waited for 3.1 s.")) ||
                     text.startsWith(QStringLiteral("Exhausted: 30 of 30 in use, 30 run a statement, 87 callers wait. "
                                                    "The oldest has waited for 3 s.")),
                 qPrintable(text));
    }

    void downGivesCauseStateAndNextTry()
    {
        metrics::PoolView pool = poolOf(0, 0, 0);
        pool.state = pool.verdict = "down";
        pool.lastErrorSqlstate = "57P03";
        pool.nextTryIn = 2s;
        QCOMPARE(told(pool, Lang::English, "the database system is starting up."),
                 QStringLiteral("Down: no connection can be opened: the database system is starting up (57P03). Next "
                                "try in 2.0 s."));
        pool.state = "blocked";
        QVERIFY(told(pool, Lang::English, "password authentication failed").startsWith(QStringLiteral("Blocked: ")));
        pool.state = "down";
        pool.lastErrorSqlstate.clear();
        QVERIFY(told(pool).contains(QStringLiteral("the cause is not known")));
    }

    void aDatabaseThatThePoolHasNotMetIsSaidToBeAway()
    {
        metrics::PoolView pool = poolOf(0, 0, 0);
        pool.verdict = "down";
        pool.state = "up";
        pool.lastErrorSqlstate = "08001";
        pool.nextTryIn = 4400ms;
        QCOMPARE(QString::fromStdString(
                     metrics::verdictSentence(pool, "the server did not answer within 1.90 s", Lang::English)),
                 QStringLiteral("Down: the database does not answer: the server did not answer within 1.90 s (08001). "
                                "Next try in 4.4 s."));
    }

    void busyAndWellAndSuspendedAreSaidToo()
    {
        metrics::PoolView pool = poolOf(26, 0, 0);
        pool.verdict = "busy";
        QVERIFY(told(pool).startsWith(QStringLiteral("Busy: 26 of 30 in use, 26 run a statement.")));
        pool.verdict = "ok";
        QCOMPARE(told(pool), QStringLiteral("Well: 26 of 30 in use."));
        pool.verdict = "suspended";
        pool.waiting = 4;
        QCOMPARE(told(pool), QStringLiteral("Suspended by hand: 4 callers wait; 26 still in use."));
        QCOMPARE(told(metrics::PoolView{}), QStringLiteral("There is no pool yet."));
        pool.verdict = "ok";
        pool.maxConnections = -1;
        QCOMPARE(told(pool), QStringLiteral("Well: 26 of no limit in use."));
    }

    void anAutopsyHasAVerdictOfItsOwn()
    {
        metrics::AutopsyRow autopsy;
        autopsy.holders = poolOf(1, 29, 0).slots;
        autopsy.checkedOut = autopsy.total = autopsy.maxConnections = 30;
        autopsy.waiting = 3;
        QVERIFY(QString::fromStdString(metrics::verdictSentence(autopsy, Lang::English))
                    .startsWith(QStringLiteral("Held, not working: 30 of 30")));
        autopsy.holders = poolOf(30, 0, 0).slots;
        QVERIFY(QString::fromStdString(metrics::verdictSentence(autopsy, Lang::English))
                    .startsWith(QStringLiteral("Exhausted: 30 of 30")));
        autopsy.total = 12;
        autopsy.opening = 2;
        QVERIFY(QString::fromStdString(metrics::verdictSentence(autopsy, Lang::English))
                    .startsWith(QStringLiteral("Too slow to open")));
        QVERIFY(!metrics::verdictSentence(metrics::AutopsyRow{}, Lang::Chinese).empty());
    }

    void leaksAndLongUsesAreSaidWhileTheyLast()
    {
        metrics::PoolView pool = poolOf(5, 0, 0);
        QVERIFY(metrics::concernSentence(pool, Lang::English).empty());
        pool.slots[3].state = SlotState::Leaked;
        pool.slots[3].idleHeldFor = 75s;
        for (const std::size_t slot : {1U, 2U, 4U}) {
            pool.slots[slot].longUse = true;
        }
        const QString text = QString::fromStdString(metrics::concernSentence(pool, Lang::English));
        QVERIFY2(text.startsWith(QStringLiteral("Suspected leak: place 3, orders orders.cpp:42 load, no statement for "
                                                "1m 15s · Long use: place 4")),
                 qPrintable(text));
        QVERIFY2(text.endsWith(QStringLiteral("· 2 more")), qPrintable(text));
        QVERIFY(QString::fromStdString(metrics::concernSentence(pool, Lang::Chinese)).startsWith(QStringLiteral("疑似泄漏")));
    }

    void namesOfCallersAreShownAsTheyAre()
    {
        metrics::PoolView pool = poolOf(1, 0, 0);
        pool.verdict = "busy";
        pool.slots[0].tag = "{} %1 {:d} \" <b>";
        pool.slots[0].site.clear();
        QVERIFY(told(pool).contains(QStringLiteral("{} %1 {:d} \" <b>")));
    }
};

QTEST_GUILESS_MAIN(PoolVerdictTest)
#include "tst_pool_verdict.moc"
