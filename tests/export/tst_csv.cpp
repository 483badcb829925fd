#include "monitor/export/csv.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <bit>
#include <clocale>
#include <cstdint>
#include <limits>
#include <locale>
#include <random>

using exporting::CsvWriter;

namespace {

std::string one(std::string_view text)
{
    return CsvWriter().cell(text).text();
}

std::string one(double value)
{
    return CsvWriter().cell(value).text();
}

// What a German or French C++ locale would do to numbers.
class CommaPunct : public std::numpunct<char> {
protected:
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

// Switches every locale there is to decimal commas, and back at the end.
class CommaLocale {
public:
    CommaLocale()
        : m_before(std::locale::global(std::locale(std::locale::classic(), new CommaPunct)))
    {
        for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"}) {
            if (std::setlocale(LC_ALL, name)) {
                break;
            }
        }
    }
    ~CommaLocale()
    {
        std::locale::global(m_before);
        std::setlocale(LC_ALL, "C");
    }

private:
    std::locale m_before;
};

// Makes a locale with decimal commas known to this process, where the system has the sources of one.
void provideGermanLocale(const QString& folder)
{
    QProcess localedef;
    localedef.start("localedef", {"-i", "de_DE", "-f", "UTF-8", folder + "/de_DE.UTF-8"});
    localedef.waitForFinished(20000);
    if (QFile::exists(folder + "/de_DE.UTF-8/LC_NUMERIC")) {
        qputenv("LOCPATH", folder.toLocal8Bit());
    }
}

} // namespace

class CsvTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotesOnlyWhatNeedsIt()
    {
        QCOMPARE(one("plain"), std::string("plain"));
        QCOMPARE(one("a,b"), std::string("\"a,b\""));
        QCOMPARE(one("say \"hi\""), std::string("\"say \"\"hi\"\"\""));
        QCOMPARE(one("two\nlines"), std::string("\"two\nlines\""));
        QCOMPARE(one("two\r\nlines"), std::string("\"two\r\nlines\""));
        QCOMPARE(one(" blank"), std::string("\" blank\""));
        QCOMPARE(one("连接池"), std::string("连接池"));
        QCOMPARE(one(""), std::string());
    }

    void formulasAreDefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("equals") << "=1+1"
                                << "'=1+1";
        QTest::newRow("command") << "=cmd|' /C calc'!A0"
                                 << "'=cmd|' /C calc'!A0";
        QTest::newRow("plus") << "+A1"
                              << "'+A1";
        QTest::newRow("minus") << "-A1"
                               << "'-A1";
        QTest::newRow("at") << "@SUM(A1)"
                            << "'@SUM(A1)";
        QTest::newRow("tab") << "\t=1"
                             << "'\t=1";
        QTest::newRow("return") << "\r=1"
                                << "\"'\r=1\"";
        QTest::newRow("hidden by quotes") << "=\"a\",b"
                                          << "\"'=\"\"a\"\",b\"";
        QTest::newRow("negative number") << "-1.5"
                                         << "-1.5";
        QTest::newRow("signed number") << "+3e-7"
                                       << "+3e-7";
        QTest::newRow("two signs") << "+-3"
                                   << "'+-3";
        QTest::newRow("minus infinity is a text") << "-Inf"
                                                  << "'-Inf";
        QTest::newRow("inside") << "a=1"
                                << "a=1";
    }
    void formulasAreDefused()
    {
        QFETCH(QString, text);
        QFETCH(QString, cell);
        QCOMPARE(QString::fromStdString(one(std::string_view(text.toStdString()))), cell);
    }

    void rowsEndWithCrlfAndShortRowsAreFilled()
    {
        QCOMPARE(exporting::tableCsv({"a", "b"}, {{"1"}, {"1", "2", "3"}}),
                 std::string("a,b\r\n1,\r\n1,2\r\n"));
        QVERIFY(exporting::tableCsv({"a"}, {}, exporting::Bom::With)
                    .starts_with("\xEF\xBB\xBF"
                                 "a\r\n"));
    }

    void hostileBytesStayOneCell()
    {
        const std::string text = one(std::string_view("a\0b\xFF\xC3(\xED\xA0\x80", 9));
        QCOMPARE(text, std::string("ab\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
        std::mt19937 random(20261120);
        for (int round = 0; round < 2000; ++round) {
            std::string bytes(random() % 20, '\0');
            for (char& byte : bytes) {
                byte = static_cast<char>(random());
            }
            CsvWriter csv;
            csv.cell(std::string_view(bytes)).cell(std::string_view("end"));
            const auto cells = exporting::parseLine(csv.text());
            QCOMPARE(cells.size(), std::size_t{2});
            QCOMPARE(cells.back(), std::string("end"));
        }
    }

    void numbersIgnoreTheLocale()
    {
        QTemporaryDir folder;
        provideGermanLocale(folder.path());
        const CommaLocale german;
        QCOMPARE(one(1234567.25), std::string("1234567.25"));
        QCOMPARE(one(0.1), std::string("0.1"));
        QCOMPARE(CsvWriter().cell(1234567LL).text(), std::string("1234567"));
        QCOMPARE(one("-1.5"), std::string("-1.5"));
        QCOMPARE(one("-1,5"), std::string("\"'-1,5\"")); // no number in a file
    }

    void specialNumbers()
    {
        QCOMPARE(one(std::numeric_limits<double>::quiet_NaN()), std::string());
        QCOMPARE(one(std::numeric_limits<double>::infinity()), std::string("inf"));
        QCOMPARE(one(-0.0), std::string("-0"));
    }

    void pythonReadsEveryDoubleBackBitForBit()
    {
        std::vector<double> values{
            0.1, -0.0, 1e308, 5e-324, 1.0 / 3, 123456789012345678.0, 0.30000000000000004, 1e-7};
        std::mt19937_64 random(7);
        while (values.size() < 5000) {
            const auto value = std::bit_cast<double>(random());
            if (std::isfinite(value)) {
                values.push_back(value);
            }
        }
        QTemporaryDir folder;
        QFile file(folder.filePath("values.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        CsvWriter csv;
        csv.cell(std::string_view("name, \"quoted\"\nline")).cell(std::string_view("value")).endRow();
        for (const double value : values) {
            csv.cell(std::string_view("=x\r\n\"y\"")).cell(value).endRow();
        }
        file.write(csv.text().data(), static_cast<qint64>(csv.text().size()));
        file.close();
        QProcess python;
        python.start("python3", {"-c", R"(
import csv, struct, sys
rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
assert rows[0] == ['name, "quoted"\nline', 'value'], rows[0]
for row in rows[1:]:
    assert row[0] == "'=x\r\n\"y\"", row
    print(struct.pack('>d', float(row[1])).hex())
)",
                                 file.fileName()});
        QVERIFY(python.waitForFinished(15000));
        QCOMPARE(python.readAllStandardError(), QByteArray());
        const QList<QByteArray> lines = python.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(static_cast<std::size_t>(lines.size()), values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const QString bits =
                QString::number(std::bit_cast<std::uint64_t>(values[i]), 16).rightJustified(16, '0');
            QCOMPARE(QString::fromLatin1(lines[static_cast<qsizetype>(i)]), bits);
        }
    }
};

QTEST_GUILESS_MAIN(CsvTest)
#include "tst_csv.moc"
