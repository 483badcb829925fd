// A month of writing on a quick clock: the file and the writer's memory stay within their caps, and all of
// the month can be asked.
#include "monitor/store/disk_reader.h"
#include "monitor/store/retention.h"
#include "monitor/store/write_session.h"
#include "tests/store/ticks.h"
#include "tests/support/history_mix.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <fstream>

#include <unistd.h>

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kTick = 15'000;
constexpr std::int64_t kDay = 24LL * 3'600'000;
constexpr std::int64_t kEnd = support::kStart + 30 * kDay;
constexpr int kSeries = 100;

std::uint64_t residentBytes()
{
    std::ifstream file("/proc/self/statm"); // proc(5): pages, the second figure is resident
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

} // namespace

class TstMonth final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void diskAndMemoryStayWithinTheirCaps()
    {
        const QTemporaryDir folder;
        store::StoreOptions options;
        options.file = std::filesystem::path(folder.path().toStdString()) / "history.db";
        options.retention.raw = 24h * 7;
        options.retention.minutes = 24h * 20;
        options.retention.maxBytes = 24 << 20; // of which a week of samples takes a third
        support::HistoryMix mix(kSeries);
        std::uint64_t mostOnDisk = 0;
        std::uint64_t settled = 0; // in memory, when a day had passed
        std::uint64_t mostInMemory = 0;
        {
            store::WriteSession session(options);
            std::vector<store::TickSamples> ticks;
            for (std::int64_t at = support::kStart; at < kEnd; at += kTick) {
                ticks.push_back(mix.next(at));
                if (ticks.size() < 40) {
                    continue;
                }
                session.write(ticks);
                ticks.clear();
                mostOnDisk = std::max(mostOnDisk, store::bytesOnDisk(options.file));
                if (at - support::kStart > kDay) {
                    settled = settled == 0 ? residentBytes() : settled;
                    mostInMemory = std::max(mostInMemory, residentBytes());
                }
            }
            session.close();
        }
        const auto mebibytes = [](std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; };
        QVERIFY2(mostOnDisk <= options.retention.maxBytes, mebibytes(mostOnDisk).c_str());
        QVERIFY2(mostInMemory <= settled + (16 << 20),
                 (mebibytes(settled) + " became " + mebibytes(mostInMemory)).c_str());
        QVERIFY2(mostInMemory <= std::uint64_t{150} << 20, mebibytes(mostInMemory).c_str());

        const store::DiskReader disk(options.file);
        const std::array matchers{series::Matcher::equal("__name__", support::HistoryMix::nameOf(7))};
        const auto found = disk.envelopeOf(matchers, {support::kStart, kEnd, 30});
        QCOMPARE(found.size(), std::size_t(1));
        for (const series::EnvelopeColumn& day : found.front().columns) {
            QVERIFY(std::abs(static_cast<double>(day.count) - 5760) < 300); // every day of the month is there
        }
    }
};

QTEST_GUILESS_MAIN(TstMonth)
#include "tst_month.moc"
