#include "monitor/core/units.h"

#include <QTest>

#include <limits>

using core::humanText;
using core::Unit;
using namespace std::chrono_literals;

class UnitsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onePrefixPerThousand_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, double value, Unit unit, const char* text) {
            QTest::newRow(name) << value << static_cast<int>(unit) << QString::fromUtf8(text);
        };
        row("small counts are whole", 25, Unit::Count, "25");
        row("thousands", 1234, Unit::Count, "1.23 k");
        row("no 1000 k", 999'999, Unit::Count, "1.00 M");
        row("ratio", 0.8333, Unit::Ratio, "83.3 %");
        row("nothing", 0, Unit::Seconds, "0 s");
        row("milliseconds", 0.0021, Unit::Seconds, "2.10 ms");
        row("no 1000 ms", 0.9999, Unit::Seconds, "1.00 s");
        row("microseconds", 0.000412, Unit::Seconds, "412 µs");
        row("minutes", 150, Unit::Seconds, "2m 30s");
        row("bytes", 1.5 * 1024 * 1024 * 1024, Unit::Bytes, "1.50 GiB");
        row("negative", -2048, Unit::Bytes, "-2 KiB");
        row("rate", 1300, Unit::PerSecond, "1.30 k/s");
        row("load", 1.5, Unit::Load, "1.50");
        row("missing", std::numeric_limits<double>::quiet_NaN(), Unit::Ratio, "–");
        row("endless", std::numeric_limits<double>::infinity(), Unit::Seconds, "∞");
    }
    void onePrefixPerThousand()
    {
        QFETCH(double, value);
        QFETCH(int, unit);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(humanText(value, static_cast<Unit>(unit))), text);
    }
    void spansReadAloud()
    {
        QCOMPARE(core::spanText(850ms), std::string("850 ms"));
        QCOMPARE(core::spanText(1800ms), std::string("1.8 s"));
        QCOMPARE(core::spanText(48s), std::string("48 s"));
        QCOMPARE(core::spanText(72s), std::string("1m 12s"));
        QCOMPARE(core::spanText(3h + 5min), std::string("3h 05m"));
        QCOMPARE(core::spanText(52h), std::string("2d 4h"));
    }
};

QTEST_GUILESS_MAIN(UnitsTest)
#include "tst_units.moc"
