// Values and times as the history keeps them: every bit comes back, few bytes, and no bytes can hurt the
// reader.
#include "monitor/series/packed_values.h"
#include "monitor/series/sample.h"

#include <QRegularExpression>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using series::Bytes;

namespace {

std::vector<double> filled(std::size_t count, const std::function<double(std::size_t)>& value)
{
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = value(i);
    }
    return values;
}

bool comesBack(const std::vector<double>& values)
{
    std::vector<double> read{42};
    if (!series::unpackValues(series::packValues(values), read) || read.size() != values.size() + 1) {
        return false;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::bit_cast<std::uint64_t>(values[i]) != std::bit_cast<std::uint64_t>(read[i + 1])) {
            return false;
        }
    }
    return true;
}

} // namespace

class TstPackedValues final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void everyBitComesBack()
    {
        constexpr double kInf = std::numeric_limits<double>::infinity();
        QVERIFY(comesBack({}));
        QVERIFY(comesBack({0.0}));
        QVERIFY(comesBack({-0.0, 0.0}));
        QVERIFY(comesBack({series::staleMarker()}));
        QVERIFY(comesBack({series::gapMarker(), 1, 2, series::gapMarker(), series::gapMarker(), 2.5}));
        QVERIFY(comesBack({1, 2, series::gapMarker()}));
        QVERIFY(comesBack({series::gapMarker(), series::gapMarker()}));
        QVERIFY(comesBack({kInf, -kInf, std::nan(""), 1e308, -1e-308, 5e-324}));
        QVERIFY(comesBack({9'007'199'254'740'992.0, -9'007'199'254'740'992.0, 9'007'199'254'740'994.0, 0}));
        QVERIFY(comesBack({std::ldexp(1, 62), -std::ldexp(1, 62), 1, 0.1}));
        std::mt19937_64 random(11);
        for (int round = 0; round < 300; ++round) {
            const auto kind = random() % 6;
            double walk = static_cast<double>(random() % 1'000'000);
            QVERIFY(comesBack(filled(1 + random() % 700, [&](std::size_t i) {
                switch (kind) {
                case 0:
                    return walk += static_cast<double>(random() % 50);
                case 1:
                    return static_cast<double>(random() % 2'000) / 100 - 10;
                case 2:
                    return std::bit_cast<double>(static_cast<std::uint64_t>(random()));
                case 3:
                    return static_cast<double>(random() % 31) / 30;
                case 4:
                    return i % 97 == 0 ? series::gapMarker() : std::sin(static_cast<double>(i));
                default:
                    return random() % 9 == 0 ? walk *= -3 : walk;
                }
            })));
        }
    }

    void aQuietSeriesCostsNextToNothing()
    {
        QVERIFY(series::packValues(std::vector<double>(600, 0.1234567)).size() <= 12);
        const auto counter = filled(600, [](std::size_t i) { return 1e9 + 37.0 * static_cast<double>(i); });
        QVERIFY(series::packValues(counter).size() <= 600 / 8 + 24); // a steady rate: one bit a sample
    }

    void theRealMixStaysUnderThreeBytes()
    {
        std::mt19937_64 random(5);
        std::normal_distribution<double> noise;
        double counter = 0;
        const auto bytes = [](const std::vector<double>& values) {
            return series::packValues(values).size();
        };
        const std::size_t small = bytes(filled(600, [&](std::size_t) { return double(random() % 30); }));
        const std::size_t counted =
            bytes(filled(600, [&](std::size_t) { return counter += double(random() % 200); }));
        const std::size_t percent =
            bytes(filled(600, [&](std::size_t) { return std::round(noise(random) * 1000) / 100; }));
        const std::size_t ratio = bytes(filled(600, [&](std::size_t) { return double(random() % 31) / 30; }));
        const std::size_t noisy = bytes(filled(600, [&](std::size_t) { return 0.01 * noise(random); }));
        QVERIFY2(small <= 600 * 0.9, std::to_string(small).c_str());
        QVERIFY2(counted <= 600 * 1.3, std::to_string(counted).c_str());
        QVERIFY2(percent <= 600 * 1.8, std::to_string(percent).c_str());
        QVERIFY2(ratio <= 600 * 1.2, std::to_string(ratio).c_str());
        QVERIFY2(noisy <= 600 * 8.5, std::to_string(noisy).c_str());
        // 60 % small whole numbers, 20 % counters, 20 % doubles without any pattern: the mix of qt-notes.
        QVERIFY(0.6 * double(small) + 0.2 * double(counted) + 0.2 * double(noisy) <= 600 * 2.5);
    }

    void timesComeBackAndAreCheap()
    {
        std::mt19937_64 random(3);
        std::vector<std::int64_t> times;
        for (std::int64_t i = 0; i < 600; ++i) {
            times.push_back(1'795'165'927'000 + 1000 * i + static_cast<std::int64_t>(random() % 3));
        }
        const Bytes bytes = series::packTimes(times);
        QVERIFY(bytes.size() <= 600 / 2 + 16);
        std::vector<std::int64_t> read;
        QVERIFY(series::unpackTimes(bytes, read));
        QVERIFY(read == times);
        QVERIFY(series::unpackTimes(series::packTimes({}), read));
        QVERIFY(read == times);
    }

    void cutOffBytesAreRefused()
    {
        for (const auto& values : {filled(300, [](std::size_t i) { return std::sin(double(i)); }),
                                   filled(300, [](std::size_t i) { return double(i * i); }),
                                   filled(300, [](std::size_t i) { return double(i % 7) / 3; })}) {
            const Bytes whole = series::packValues(values);
            for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
                std::vector<double> out{1};
                QVERIFY(!series::unpackValues(std::span(whole).first(size), out));
                QCOMPARE(out.size(), std::size_t{1});
            }
        }
    }

    void noBytesHurtTheReader()
    {
        std::mt19937_64 random(17);
        for (int round = 0; round < 20'000; ++round) {
            Bytes bytes(random() % 40);
            for (auto& byte : bytes) {
                byte = static_cast<std::uint8_t>(random());
            }
            std::vector<double> values;
            std::vector<std::int64_t> times;
            static_cast<void>(series::unpackValues(bytes, values));
            static_cast<void>(series::unpackTimes(bytes, times));
            QVERIFY(values.size() <= series::kMaxPacked);
            QVERIFY(times.size() <= series::kMaxPacked);
        }
    }
};

QTEST_GUILESS_MAIN(TstPackedValues)
#include "tst_packed_values.moc"
