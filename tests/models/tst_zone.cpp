// The zone times are shown in: the person's own, UTC, the server's.
#include "models/zone.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using models::Zone;

class TstZone final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init()
    {
        Zone::of().set(Zone::Kind::Local);
        Zone::of().setServer({});
    }
    void withoutAServerThereAreTwo()
    {
        Zone::of().setNext();
        QCOMPARE(Zone::of().kind(), Zone::Kind::Utc);
        Zone::of().setNext();
        QCOMPARE(Zone::of().kind(), Zone::Kind::Local);
    }
    void theServersZoneIsTheThird()
    {
        Zone::of().setServer("Asia/Tokyo");
        Zone::of().setNext();
        Zone::of().setNext();
        QCOMPARE(Zone::of().kind(), Zone::Kind::Server);
        QCOMPARE(Zone::of().name(), QStringLiteral("server Asia/Tokyo +09:00"));
        const core::WallTime noon{std::chrono::hours(24 * 20'000 + 12)};
        QCOMPARE(Zone::of().clock(noon), QStringLiteral("21:00:00"));
        Zone::of().setNext();
        QCOMPARE(Zone::of().kind(), Zone::Kind::Local);
    }
    void aChosenServersZoneWaitsForTheServer()
    {
        Zone::of().set(Zone::Kind::Server); // as remembered from the last run
        QCOMPARE(Zone::of().zone(), QTimeZone::systemTimeZone());
        QSignalSpy changed(&Zone::of(), &Zone::changed);
        Zone::of().setServer("Europe/Paris");
        QCOMPARE(changed.count(), 1);
        QCOMPARE(Zone::of().zone().id(), QByteArray("Europe/Paris"));
        Zone::of().setServer("Europe/Paris");
        QCOMPARE(changed.count(), 1);
    }
    void aCellHasTheShortestThatSaysIt()
    {
        Zone::of().set(Zone::Kind::Utc);
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const auto told = [](const QDateTime& at) {
            return Zone::of().brief(core::WallTime(core::Millis(at.toMSecsSinceEpoch())));
        };
        const QDateTime noon(now.date(), QTime(12, 3, 4), Qt::UTC);
        QCOMPARE(told(noon), QStringLiteral("12:03:04"));
        const QDate other = now.date().month() == 3 ? QDate(now.date().year(), 4, 9) : QDate(now.date().year(), 3, 9);
        const QString month = other.month() == 3 ? QStringLiteral("Mar") : QStringLiteral("Apr");
        QCOMPARE(told(QDateTime(other, QTime(8, 17, 36), Qt::UTC)), month + QStringLiteral(" 9 08:17"));
        QCOMPARE(told(QDateTime(QDate(2019, 3, 9), QTime(8, 17), Qt::UTC)), QStringLiteral("2019-03-09"));
        QCOMPARE(Zone::of().brief({}), QStringLiteral("–"));
    }
    void aZoneNobodyKnowsIsNone_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("a POSIX one") << QByteArray("<+02>-02");
        QTest::newRow("a path") << QByteArray("../../etc/passwd");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("long") << QByteArray(100'000, 'x');
    }
    void aZoneNobodyKnowsIsNone()
    {
        QFETCH(QByteArray, name);
        Zone::of().setServer(name);
        QVERIFY(!Zone::of().serverKnown());
    }
};

QTEST_GUILESS_MAIN(TstZone)
#include "tst_zone.moc"
