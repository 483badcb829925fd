// The list of the pool's events: ring, filter, export; and the lists that are new with every tick.
#include "models/event_model.h"
#include "models/event_words.h"
#include "models/waiter_model.h"
#include "monitor/pool/pool_observer.h"

#include <QAbstractItemModelTester>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <ctime>
#include <set>

using namespace std::chrono_literals;

namespace {

metrics::PoolEventRow eventOf(std::uint64_t number, const char* kind, const char* tag = "orders")
{
    metrics::PoolEventRow row;
    row.number = number;
    row.at = core::WallTime(std::chrono::milliseconds(1'795'183'200'000 + static_cast<std::int64_t>(number)));
    row.kind = kind;
    row.tag = tag;
    return row;
}

double threadCpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::shared_ptr<const std::vector<metrics::WaiterRow>> queueOf(int count, int oldest)
{
    auto rows = std::make_shared<std::vector<metrics::WaiterRow>>();
    for (int i = 0; i < count; ++i) {
        rows->push_back({i + 1, std::chrono::milliseconds(oldest - i), 20s, "tag" + std::to_string(i % 7),
                         "orders.cpp:" + std::to_string(i % 13), "queue"});
    }
    return rows;
}

} // namespace

class EventModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyKindOfEventHasAWord()
    {
        std::set<std::string_view> kinds;
        for (int kind = 0; kind <= static_cast<int>(pool::EventKind::PoolClosed); ++kind) {
            const char* name = pool::eventKindName(static_cast<pool::EventKind>(kind));
            QVERIFY2(models::eventWord(name) != nullptr, name);
            kinds.insert(name);
        }
        QVERIFY(kinds.size() >= 25);
        QCOMPARE(models::eventWords().size(), kinds.size());
        QCOMPARE(models::eventText("nonsense"), QStringLiteral("nonsense"));
    }

    void theNewestTenThousandAreKeptAndNoneTwice()
    {
        models::EventModel model;
        std::uint64_t number = 0;
        for (const int batch : {1, 500, 0, 9000, 4000, 12'000, 3}) {
            std::vector<metrics::PoolEventRow> events;
            for (int i = 0; i < batch; ++i) {
                ++number;
                events.push_back(eventOf(number, number % 3 == 0 ? "granted" : "returned"));
            }
            model.append(events);
            model.append(events); // the same again changes nothing
        }
        QCOMPARE(model.kept(), models::EventModel::kCapacity);
        QCOMPARE(model.rowCount(), static_cast<int>(models::EventModel::kCapacity));
        QCOMPARE(model.at(0).number, number);
        QCOMPARE(model.at(model.rowCount() - 1).number, number - models::EventModel::kCapacity + 1);
        model.setFilter("granted", {});
        for (int row = 0; row < model.rowCount(); ++row) {
            QCOMPARE(model.at(row).number % 3, std::uint64_t{0});
        }
    }

    void filterGoesByKindAttentionAndText()
    {
        models::EventModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        metrics::PoolEventRow failed = eventOf(3, "connect_failed", "");
        failed.detail = "Connection refused";
        failed.sqlstate = "08006";
        model.append({eventOf(1, "granted", "Checkout"), eventOf(2, "leaked", "search"), failed});
        model.setFilter("attention", {});
        QCOMPARE(model.rowCount(), 2);
        model.setFilter("", QStringLiteral("CHECK"));
        QCOMPARE(model.rowCount(), 1);
        model.setFilter("", QStringLiteral("refused"));
        QCOMPARE(model.rowCount(), 1);
        model.setFilter("", QStringLiteral("08006"));
        QCOMPARE(model.rowCount(), 1);
        model.append({eventOf(4, "granted"), eventOf(5, "connected")}); // what comes later is filtered, too
        QCOMPARE(model.rowCount(), 1);
        model.setFilter("", {});
        QCOMPARE(model.rowCount(), 5);
    }

    void exportedLinesAreJsonOldestFirst()
    {
        models::EventModel model;
        metrics::PoolEventRow hostile = eventOf(2, "nested_acquire", "a\"b\\c");
        hostile.detail = "held \xE2\x86\x92 line\nbreak \x01";
        hostile.slot = 4;
        hostile.duration = 1500ms;
        model.append({eventOf(1, "requested"), hostile});
        QByteArray text;
        QVERIFY(models::writeEvents(model.shown(), [&text](const QByteArray& piece, double) {
            text += piece;
            return true;
        }));
        const QList<QByteArray> lines = text.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        const QJsonObject first = QJsonDocument::fromJson(lines[0]).object();
        QCOMPARE(first[QStringLiteral("kind")].toString(), QStringLiteral("requested"));
        QCOMPARE(first[QStringLiteral("timestamp")].toString(), QStringLiteral("2026-11-20T14:00:00.001000+00:00"));
        const QJsonObject second = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(second[QStringLiteral("tag")].toString(), QStringLiteral("a\"b\\c"));
        QCOMPARE(second[QStringLiteral("duration_seconds")].toDouble(), 1.5);
        QCOMPARE(second[QStringLiteral("slot")].toInt(), 4);
        QVERIFY(!first.contains(QStringLiteral("slot")));
    }

    void aQueueOfTenThousandIsShownAndSortedInAFewMilliseconds()
    {
        {
            models::WaiterModel watched; // watched closely: as slow as it is thorough
            const QAbstractItemModelTester tester(&watched, QAbstractItemModelTester::FailureReportingMode::QtTest);
            for (const int count : {0, 5, 300, 290, 300, 3, 0}) {
                watched.show(queueOf(count, 20'000));
                watched.sort(count % 6, Qt::DescendingOrder);
                QCOMPARE(watched.rowCount(), count);
            }
        }
        models::WaiterModel model;
        const auto queue = queueOf(10'000, 20'000);
        double longest = 0;
        for (int column = 0; column < model.columnCount(); ++column) {
            for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                const double before = threadCpuMs();
                model.sort(column, order);
                model.show(queue);
                longest = std::max(longest, threadCpuMs() - before);
            }
        }
        qInfo("10,000 waiters: at most %.1f ms to show and sort", longest);
#if !defined(__SANITIZE_ADDRESS__)
        QVERIFY(longest < 40);
#endif
        model.sort(2, Qt::DescendingOrder); // by how long they wait
        QCOMPARE(model.at(0).position, 1);
        model.sort(2, Qt::AscendingOrder);
        QCOMPARE(model.at(0).position, 10'000);
    }
};

QTEST_GUILESS_MAIN(EventModelTest)
#include "tst_event_model.moc"
