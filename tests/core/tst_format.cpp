#include "monitor/core/format.h"

#include <QTest>

#include <limits>

using namespace std::chrono_literals;

class FormatTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersReadBack()
    {
        QCOMPARE(core::numberText(0.1), std::string("0.1"));
        QCOMPARE(core::numberText(std::numeric_limits<double>::quiet_NaN()), std::string("NaN"));
        QCOMPARE(core::numberText(-std::numeric_limits<double>::infinity()), std::string("-Inf"));
        QCOMPARE(core::floatText(10), std::string("10.0"));
        QCOMPARE(core::floatText(0.25), std::string("0.25"));
    }
    void timesAreUtc()
    {
        const core::WallTime time{std::chrono::microseconds(1'795'165'927'742'115)};
        QCOMPARE(core::isoUtc(time), std::string("2026-11-20T09:12:07.742Z"));
        QCOMPARE(core::isoUtcMicros(time), std::string("2026-11-20T09:12:07.742115+00:00"));
    }
    void controlCharactersCannotForgeALine()
    {
        QCOMPARE(core::oneLine("a\nb\r\n\x1b[31mc\xC2\x85" "d\xE2\x80\xA8" "e", 100), std::string("a b [31mc d e"));
        QCOMPARE(core::oneLine("  lead and trail  ", 100), std::string("lead and trail"));
    }
    void cuttingCountsCharactersNotBytes()
    {
        QCOMPARE(core::oneLine("连接池状态", 3), std::string("连接池"));
        QCOMPARE(core::oneLine("ab cd", 3), std::string("ab"));
        QCOMPARE(core::oneLine("\xFF\xFE", 5), std::string("\xEF\xBF\xBD\xEF\xBF\xBD"));
    }
    void invalidUtf8IsReplaced()
    {
        QCOMPARE(core::validUtf8(std::string_view("a\0\xC3(", 4)), std::string("a\xEF\xBF\xBD("));
        QCOMPARE(core::validUtf8("\xED\xA0\x80"), std::string("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
    }
};

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
