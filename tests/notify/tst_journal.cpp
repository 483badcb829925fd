#include "monitor/notify/journal.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <memory>

using notify::Journal;

class TstJournal final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_number = 0;

    std::filesystem::path fresh() { return m_folder.filePath(QString::number(++m_number)).toStdString(); }
    static QByteArray bytesOf(const std::filesystem::path& file)
    {
        QFile read(QString::fromStdString(file.string()));
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }
    static void put(const std::filesystem::path& file, const QByteArray& bytes)
    {
        QFile write(QString::fromStdString(file.string()));
        QVERIFY(write.open(QIODevice::WriteOnly));
        write.write(bytes);
    }

private Q_SLOTS:
    void valuesAreThereAgain()
    {
        const auto file = fresh();
        {
            Journal journal;
            QVERIFY(journal.open(file));
            QVERIFY(journal.commit({{"a", "1"}, {"b", "2\n\"€"}}));
            QVERIFY(journal.commit({{"a", std::nullopt}, {"c", ""}}));
        }
        Journal journal;
        QVERIFY(journal.open(file));
        QCOMPARE(journal.values().size(), 2U);
        QCOMPARE(journal.values().at("b"), std::string("2\n\"€"));
        QCOMPARE(journal.values().at("c"), std::string());
        struct stat info {};
        QCOMPARE(stat(file.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
    }

    void aFileCutOffAnywhereLosesAtMostTheLastChange()
    {
        const auto file = fresh();
        std::vector<qsizetype> ends{0};
        {
            Journal journal;
            QVERIFY(journal.open(file));
            for (int i = 0; i < 5; ++i) {
                QVERIFY(journal.commit({{"k" + std::to_string(i), "v"}, {"twin" + std::to_string(i), "v"}}));
                ends.push_back(bytesOf(file).size());
            }
        }
        const QByteArray whole = bytesOf(file);
        for (qsizetype cut = 0; cut <= whole.size(); ++cut) {
            put(file, whole.first(cut));
            Journal journal;
            QVERIFY(journal.open(file));
            const auto complete = static_cast<std::size_t>(
                std::ranges::count_if(ends, [&](qsizetype end) { return end > 0 && end <= cut; }));
            QCOMPARE(journal.values().size(), 2 * complete); // both of a change, or none
        }
    }

    void whatIsWrittenAfterACutIsNotSwallowed()
    {
        const auto file = fresh();
        put(file, "00000000 [[\"half");
        {
            Journal journal;
            QVERIFY(journal.open(file));
            QCOMPARE(journal.brokenLines(), 1U);
            QVERIFY(journal.commit({{"a", "1"}}));
        }
        Journal journal;
        QVERIFY(journal.open(file));
        QCOMPARE(journal.values().at("a"), std::string("1"));
    }

    void hostileBytesAreBorne_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("zeroes") << QByteArray(100000, '\0');
        QTest::newRow("newlines") << QByteArray(1000, '\n');
        QTest::newRow("deep") << QByteArray("12345678 ") + QByteArray(100000, '[') + "\n";
        QTest::newRow("binary") << QByteArray("\xff\xfe\x00\n\x80", 5);
        QTest::newRow("good sum, wrong shape") << QByteArray("a3830348 {}\n");
        QTest::newRow("an object of ours turned round") << QByteArray("00000000 [[1,2]]\n");
    }

    void hostileBytesAreBorne()
    {
        QFETCH(QByteArray, bytes);
        const auto file = fresh();
        put(file, bytes);
        Journal journal;
        QVERIFY(journal.open(file));
        QVERIFY(journal.values().empty());
        QVERIFY(journal.commit({{"a", "1"}}));
    }

    void thePastIsThrownAway()
    {
        const auto file = fresh();
        Journal journal;
        QVERIFY(journal.open(file));
        const std::string value(1000, 'x');
        for (int i = 0; i < 2000; ++i) {
            QVERIFY(journal.commit({{"k", value}}, Journal::Durability::Lazy));
        }
        QVERIFY(journal.size() < 300 * 1024U);
        QCOMPARE(static_cast<qint64>(journal.size()),
                 QFileInfo(QString::fromStdString(file.string())).size());
    }

    void twoOfUsDoNotShareAFile()
    {
        const auto file = fresh();
        Journal first;
        QVERIFY(first.open(file));
        Journal second;
        const auto opened = second.open(file);
        QVERIFY(!opened);
        QVERIFY(second.commit({{"a", "1"}})); // in memory
        QCOMPARE(second.values().size(), 1U);
    }

    void aFolderThatCannotBeWrittenIsSaid()
    {
        Journal journal;
        QVERIFY(!journal.open("/proc/poolscope/journal"));
    }
};

QTEST_GUILESS_MAIN(TstJournal)
#include "tst_journal.moc"
