// What is in the file after ticks were written: every sample, roll-ups as counted by hand, nothing lost at a
// restart, nothing doubled when the clock steps back.
#include "monitor/store/schema.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <random>

using series::Sample;
using store::Database;
using store::OpenMode;
using support::kStart;
using support::labelsOf;
using support::rawOf;
using support::tickAt;

namespace {

const auto kGauge = labelsOf("g");
const auto kCounter = labelsOf("c_total", {{"pool", "a\"b"}, {"zone", "北"}});

bool sameSamples(const std::vector<Sample>& a, const std::vector<Sample>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Sample& x, const Sample& y) {
        return x.at == y.at && std::bit_cast<std::uint64_t>(x.value) == std::bit_cast<std::uint64_t>(y.value);
    });
}

// Buckets of `width` seconds, counted the plain way.
std::map<std::int64_t, store::Bucket> bucketsOf(const std::vector<Sample>& samples, std::int64_t width)
{
    std::map<std::int64_t, store::Bucket> buckets;
    std::optional<double> before;
    for (const Sample& sample : samples) {
        buckets[sample.at / 1000 / width * width].add(sample.value, before);
        before = std::isfinite(sample.value) ? sample.value : before;
    }
    return buckets;
}

std::map<std::int64_t, store::Bucket> viewOf(Database& database, const char* view, const char* name)
{
    std::map<std::int64_t, store::Bucket> buckets;
    QSqlQuery query(QSqlDatabase::database(QSqlDatabase::connectionNames().constFirst()));
    query.exec(
        QStringLiteral("SELECT at, count, min, max, sum, first, last, increase FROM %1 WHERE name = '%2'")
            .arg(QLatin1String(view), QLatin1String(name)));
    while (query.next()) {
        const auto number = [&](int column) { return query.value(column).toDouble(); };
        buckets[query.value(0).toLongLong()] = {
            query.value(1).toLongLong(), number(2), number(3), number(4), number(5), number(6), number(7)};
    }
    static_cast<void>(database);
    return buckets;
}

bool sameBuckets(std::map<std::int64_t, store::Bucket> wanted,
                 const std::map<std::int64_t, store::Bucket>& found, bool counter)
{
    if (wanted.size() != found.size()) {
        qInfo("%zu buckets, %zu wanted", found.size(), wanted.size());
        return false;
    }
    for (auto& [at, bucket] : wanted) {
        bucket.increase = counter ? bucket.increase : 0;
        const auto other = found.find(at);
        if (other == found.end() || other->second.count != bucket.count || other->second.min != bucket.min ||
            other->second.max != bucket.max || other->second.first != bucket.first ||
            other->second.last != bucket.last || std::abs(other->second.sum - bucket.sum) > 1e-6 ||
            std::abs(other->second.increase - bucket.increase) > 1e-6) {
            qInfo("the bucket at %lld differs", static_cast<long long>(at));
            return false;
        }
    }
    return true;
}

} // namespace

class TstWriteSession final : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    store::StoreOptions m_options;
    std::unique_ptr<store::WriteSession> m_session;
    std::vector<Sample> m_gauge; // what was written
    std::vector<Sample> m_counter;
    double m_count = 0;

    void open() { m_session = std::make_unique<store::WriteSession>(m_options); }
    void write(std::int64_t at, double gauge)
    {
        m_count = m_gauge.size() % 731 == 730 ? 1 : m_count + static_cast<double>(m_gauge.size() % 7);
        m_session->write(std::vector{tickAt(at, {{kGauge, gauge}, {kCounter, m_count}})});
        m_gauge.push_back({at, gauge});
        m_counter.push_back({at, m_count});
    }
    void verifyFile()
    {
        Database database(m_options.file, OpenMode::ReadOnly);
        QVERIFY(sameSamples(rawOf(database, support::idOf(database, "g")), m_gauge));
        QVERIFY(sameSamples(rawOf(database, support::idOf(database, "c_total")), m_counter));
        QCOMPARE(database.number(QStringLiteral("SELECT count(*) FROM tail")), 0);
    }
    void verifyRollUps()
    {
        Database database(m_options.file, OpenMode::ReadOnly);
        QVERIFY(sameBuckets(bucketsOf(m_gauge, 60), viewOf(database, "history_1m", "g"), false));
        QVERIFY(sameBuckets(bucketsOf(m_counter, 60), viewOf(database, "history_1m", "c_total"), true));
        QVERIFY(sameBuckets(bucketsOf(m_gauge, 3600), viewOf(database, "history_1h", "g"), false));
        QVERIFY(sameBuckets(bucketsOf(m_counter, 3600), viewOf(database, "history_1h", "c_total"), true));
        verifyPages(database, "g", bucketsOf(m_gauge, 600));
    }
    static void verifyPages(Database& database, const char* name,
                            const std::map<std::int64_t, store::Bucket>& wanted)
    {
        std::map<std::int64_t, store::Bucket> found;
        const std::int64_t id = support::idOf(database, name);
        QSqlQuery& rows =
            database.rows("SELECT key >> 24, cells FROM page WHERE key & 16777215 = ?", {qint64(id)});
        while (rows.next()) {
            std::vector<store::PageCell> cells;
            QVERIFY(store::unpackPage(store::bytesOf(rows.value(1).toByteArray()), cells));
            for (const auto& cell : cells) {
                found[rows.value(0).toLongLong() * store::kDay + cell.slot * store::kCell] = cell.bucket;
            }
        }
        rows.finish();
        QCOMPARE(found.size(), wanted.size());
        for (const auto& [at, bucket] : wanted) {
            QCOMPARE(found[at].count, bucket.count);
            QCOMPARE(found[at].max, bucket.max);
            QCOMPARE(found[at].last, bucket.last);
        }
    }

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = {};
        m_options.file = std::filesystem::path(m_folder->path().toStdString()) / "history.db";
        m_gauge.clear();
        m_counter.clear();
        m_count = 0;
    }
    void cleanup() { m_session.reset(); }

    void rollUpsAreWhatCountingByHandGives()
    {
        open();
        for (int second = 0; second < 3 * 3600 + 77; second += 3) {
            write(kStart + second * 1000 + second % 2, second < 5000 ? 5 : std::sin(second));
        }
        m_session->close();
        verifyFile();
        verifyRollUps();
        // Minutes that are all the same share a row.
        Database database(m_options.file, OpenMode::ReadOnly);
        QVERIFY(database.number(QStringLiteral("SELECT max(span) FROM minute")) == 60);
        QVERIFY(database.number(
                    QStringLiteral("SELECT count(*) FROM minute m JOIN series s ON s.id = m.series_id "
                                   "WHERE s.name = 'g' AND m.at < 1795161600 + 4800")) <= 3);
    }

    void aRestartInTheMiddleOfAMinuteLosesNothing()
    {
        open();
        for (int second = 0; second < 4000; ++second) {
            if (second == 1234 || second == 1235 || second == 3010) {
                m_session.reset(); // without close(): as after kill -9
                open();
            }
            write(kStart + second * 1000, second / 300);
        }
        m_session->close();
        verifyFile();
        verifyRollUps();
    }

    void whatHasNoFiniteValueIsKeptRawOnly()
    {
        open();
        const auto labels = labelsOf("odd");
        constexpr double kInf = std::numeric_limits<double>::infinity();
        const std::vector<double> values{1,     kInf,  -kInf, std::nan(""), series::staleMarker(),
                                         1e308, 1e308, -1e308};
        std::vector<Sample> wanted;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::int64_t at = kStart + static_cast<std::int64_t>(i) * 1000;
            m_session->write(std::vector{tickAt(at, {{labels, values[i]}})});
            wanted.push_back({at, values[i]});
        }
        m_session->close();
        Database database(m_options.file, OpenMode::ReadOnly);
        QVERIFY(sameSamples(rawOf(database, support::idOf(database, "odd")), wanted));
        QCOMPARE(database.number(QStringLiteral("SELECT count FROM minute")), 4);
    }

    void aSeriesMayComeAndGoWithinABlock()
    {
        open();
        std::vector<Sample> wanted;
        for (int second = 0; second < 500; ++second) {
            support::Values values{{kGauge, second}};
            if (second % 100 >= 40) {
                values.emplace_back(kCounter, second);
                wanted.push_back({kStart + second * 1000, static_cast<double>(second)});
            }
            m_session->write(std::vector{tickAt(kStart + second * 1000, values)});
            if (second == 250) {
                m_session.reset();
                open();
            }
        }
        m_session->close();
        Database database(m_options.file, OpenMode::ReadOnly);
        QVERIFY(sameSamples(rawOf(database, support::idOf(database, "c_total")), wanted));
        series::Labels labels;
        QSqlQuery& rows = database.rows("SELECT name, labels FROM series WHERE kind = 'counter'", {});
        QVERIFY(rows.next());
        QVERIFY(store::readLabelsJson(rows.value(0).toString().toStdString(),
                                      rows.value(1).toString().toStdString(), labels));
        QCOMPARE(labels, *kCounter);
        rows.finish();
    }

    void aClockThatStepsBackDropsTheTimeThatHasNotCome()
    {
        for (const int back : {30, 700, 4000}) {
            cleanup();
            init();
            open();
            for (int second = 0; second < 5000; ++second) {
                write(kStart + second * 1000, second % 600 < 300 ? 1 : second);
            }
            const std::int64_t again = kStart + (5000 - back) * 1000;
            const auto later = [&](const Sample& sample) { return sample.at >= again; };
            std::erase_if(m_gauge, later);
            std::erase_if(m_counter, later);
            for (int second = 0; second < 900; ++second) {
                write(again + second * 1000, -second);
            }
            m_session->close();
            verifyFile();
            verifyRollUps();
            m_session.reset();
            open(); // and once more over a start
            std::erase_if(m_gauge, later);
            std::erase_if(m_counter, later);
            write(again, 7);
            m_session->close();
            verifyFile();
            verifyRollUps();
        }
    }

    void aDamagedTailEndsTheOpenBlockAndNoMore()
    {
        open();
        for (int second = 0; second < 100; ++second) {
            write(kStart + second * 1000, second);
        }
        m_session.reset();
        {
            Database database(m_options.file, OpenMode::ReadWrite);
            database.run("UPDATE tail SET changes = ? WHERE at = ?",
                         {QByteArray("\xff\xff\xff"), qint64(kStart + 50'000)});
        }
        open();
        m_session->close();
        Database database(m_options.file, OpenMode::ReadOnly);
        QCOMPARE(rawOf(database, support::idOf(database, "g")).size(), std::size_t{50});
    }

    void theRealMixTakesLessThanThreeBytesASample()
    {
        open();
        std::mt19937_64 random(1);
        std::normal_distribution<double> noise;
        std::vector<series::LabelsPtr> labels;
        std::vector<double> counters(60);
        for (int i = 0; i < 60; ++i) {
            labels.push_back(labelsOf(i >= 36 && i < 48 ? "x_total" : "x", {{"i", std::to_string(i)}}));
        }
        std::vector<store::TickSamples> ticks;
        for (int second = 0; second < 7200;
             ++second) { // 60 % small whole numbers, 20 % counters, 20 % doubles
            support::Values values;
            for (std::size_t i = 0; i < 60; ++i) {
                counters[i] += i % 3 == 0 ? 0 : static_cast<double>(random() % 40);
                const double value = i < 36   ? static_cast<double>(random() % 31)
                                     : i < 48 ? counters[i]
                                              : noise(random);
                values.emplace_back(labels[i], value);
            }
            ticks.push_back(tickAt(kStart + second * 1000, values));
        }
        m_session->write(ticks);
        m_session->close();
        Database database(m_options.file, OpenMode::ReadOnly);
        const auto raw = static_cast<double>(
            database.number(QStringLiteral("SELECT sum(length(data)) + count(*) * 12 FROM chunk")) +
            database.number(QStringLiteral("SELECT sum(length(times)) FROM block")));
        const double each = raw / (7200 * 60);
        QVERIFY2(each <= 3, std::to_string(each).c_str());
    }
};

QTEST_GUILESS_MAIN(TstWriteSession)
#include "tst_write_session.moc"
