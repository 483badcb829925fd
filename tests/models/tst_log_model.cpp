// The log: bounded, batched, filtered.
#include "models/log_filter.h"
#include "models/log_model.h"
#include "models/zone.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

namespace {

std::vector<metrics::LogEntry> lines(int count, int first = 0,
                                     metrics::LogLevel level = metrics::LogLevel::Info)
{
    std::vector<metrics::LogEntry> batch;
    for (int i = 0; i < count; ++i) {
        batch.push_back({core::WallTime(std::chrono::seconds(1'795'183'200 + first + i)), level, "pool",
                         "line " + std::to_string(first + i)});
    }
    return batch;
}

QString newest(const models::LogModel& log)
{
    return log.index(log.rowCount() - 1, models::LogModel::Text).data().toString();
}

} // namespace

class TestLogModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        models::Zone::of().set(models::Zone::Kind::Utc);
    }

    void modelAndFilterObeyTheRules()
    {
        models::LogModel log;
        models::LogFilter filter(log);
        const QAbstractItemModelTester first(&log, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester second(&filter,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const int count : {3, 0, 5000, 9000, 1}) {
            log.append(lines(count));
            log.flush();
        }
        filter.setMinimum(metrics::LogLevel::Warning);
        QCOMPARE(filter.rowCount(), 0);
        log.append(lines(2, 0, metrics::LogLevel::Error));
        log.flush();
        QCOMPARE(filter.rowCount(), 2);
        log.clear();
        QCOMPARE(log.rowCount(), 0);
    }

    void theNewestTenThousandStay()
    {
        models::LogModel log;
        log.append(lines(9'999));
        log.flush();
        log.append(lines(3, 9'999));
        log.flush();
        QCOMPARE(log.rowCount(), models::LogModel::kCapacity);
        QCOMPARE(log.index(0, models::LogModel::Text).data().toString(), QStringLiteral("line 2"));
        QCOMPARE(newest(log), QStringLiteral("line 10001"));
    }

    void aFloodBeyondTheCapacityShowsItsEnd()
    {
        models::LogModel log;
        log.append(lines(5));
        log.append(lines(35'000));
        log.flush();
        QCOMPARE(log.rowCount(), models::LogModel::kCapacity);
        QCOMPARE(newest(log), QStringLiteral("line 34999"));
    }

    void burstsAreShownAtMostFiveTimesASecond()
    {
        models::LogModel log;
        const QSignalSpy inserted(&log, &QAbstractItemModel::rowsInserted);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 100; ++i) {
            log.append(lines(10, i * 10));
        }
        QCOMPARE(inserted.count(), 0);
        QTRY_COMPARE(log.rowCount(), 1000);
        QCOMPARE(inserted.count(), 1);
        QVERIFY(timer.elapsed() < 2000);
    }

    void textAndExpressionFilter()
    {
        models::LogModel log;
        models::LogFilter filter(log);
        log.append(lines(120));
        log.flush();
        filter.setPattern(QStringLiteral("LINE 11"));
        QCOMPARE(filter.rowCount(), 11); // 11, 110 … 119
        filter.setPattern(QStringLiteral("/line 1?5$/"));
        QCOMPARE(filter.rowCount(), 2); // 5, 15
        QVERIFY(filter.problem().isEmpty());
        filter.setPattern(QStringLiteral("/(unfinished/"));
        QVERIFY(!filter.problem().isEmpty());
        QCOMPARE(filter.rowCount(), 0);
        filter.setPattern({});
        QCOMPARE(filter.rowCount(), 120);
    }

    void aLineIsWrittenAsInTheLogFile()
    {
        const std::vector<metrics::LogEntry> lines(
            700, {core::WallTime(std::chrono::milliseconds(1'795'166'100'042)), metrics::LogLevel::Warning, "pool",
                  "连接获取慢: 0.233s"});
        QByteArray text;
        int pieces = 0;
        QVERIFY(models::writeLog(lines, QTimeZone::utc(), [&](const QByteArray& piece, double) {
            text += piece;
            return ++pieces > 0;
        }));
        QVERIFY(pieces > 1);
        const QByteArray line("2026-11-20 09:15:00,042 - pool - WARNING - 连接获取慢: 0.233s\n");
        QCOMPARE(text, line.repeated(700));
        QVERIFY(!models::writeLog(lines, QTimeZone::utc(), [](const QByteArray&, double) { return false; }));
    }
};

QTEST_GUILESS_MAIN(TestLogModel)
#include "tst_log_model.moc"
