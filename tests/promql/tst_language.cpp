// PromQL against written expectations: Prometheus' own test files and ours, in one format.
#include "language_file.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

class TstLanguage final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void everyFileComesOutAsWritten_data()
    {
        QTest::addColumn<QString>("path");
        int count = 0;
        for (const QString& folder : {QStringLiteral("prometheus"), QStringLiteral("own")}) {
            const QDir dir(QStringLiteral(POOLSCOPE_SOURCE_DIR "/tests/promql/data/") + folder);
            for (const QFileInfo& file : dir.entryInfoList({QStringLiteral("*.test")}, QDir::Files)) {
                QTest::newRow(qPrintable(folder + QLatin1Char('/') + file.fileName())) << file.filePath();
                ++count;
            }
        }
        QVERIFY2(count >= 11, "the test files are missing");
    }

    void everyFileComesOutAsWritten()
    {
        QFETCH(QString, path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        language::Runner runner;
        const auto failures = runner.run(file.readAll().toStdString());
        for (const std::string& failure : failures) {
            qInfo("%s", failure.c_str());
        }
        QVERIFY(runner.checks() > 0);
        QCOMPARE(failures.size(), std::size_t{0});
    }

    void aWrongExpectationIsNoticed()
    {
        language::Runner runner;
        const auto failures = runner.run("load 1m\n  m 1 2 3\n\neval instant at 1m m\n  m 3\n");
        QCOMPARE(failures.size(), std::size_t{2}); // once at the instant, once in the range
    }
};

QTEST_GUILESS_MAIN(TstLanguage)
#include "tst_language.moc"
