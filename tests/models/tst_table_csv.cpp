// CSV of a table: RFC 4180, raw values, formula guard, the same in every locale.
#include "models/rule_model.h"
#include "models/sort_proxy.h"
#include "models/table_csv.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

class TestTableCsv : public QObject {
    Q_OBJECT

    static QByteArray fileOf(const QAbstractItemModel& model, const char* name)
    {
        QByteArray text;
        models::writeTable(models::contentOf(model), models::tableFormOf(QString::fromLatin1(name)),
                           [&text](const QByteArray& piece, double) {
                               text += piece;
                               return true;
                           });
        return text;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void fieldsAreQuotedAndGuarded_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("plain") << "abc" << QByteArray("abc");
        QTest::newRow("empty") << "" << QByteArray();
        QTest::newRow("comma") << "a,b" << QByteArray("\"a,b\"");
        QTest::newRow("quote") << "say \"x\"" << QByteArray("\"say \"\"x\"\"\"");
        QTest::newRow("newline") << "a\nb" << QByteArray("\"a\nb\"");
        QTest::newRow("formula") << "=1+1" << QByteArray("'=1+1");
        QTest::newRow("plus") << "+1" << QByteArray("'+1");
        QTest::newRow("minus") << "-1" << QByteArray("'-1");
        QTest::newRow("at") << "@SUM(A1)" << QByteArray("'@SUM(A1)");
        QTest::newRow("tab") << "\t=1" << QByteArray("'\t=1");
        QTest::newRow("return") << "\r=1" << QByteArray("\"'\r=1\"");
        QTest::newRow("chinese") << "连接池" << QByteArray("连接池");
    }
    void fieldsAreQuotedAndGuarded()
    {
        QFETCH(QString, text);
        QTEST(models::csvField(text), "field");
    }

    void rawValuesInTheOrderShownInAnyLocale()
    {
        QLocale::setDefault(QLocale(QLocale::German));
        metrics::RuleRow high;
        high.group = "pool";
        high.name = "High";
        high.value = 0.8333;
        high.threshold = 0.8;
        high.holdFor = std::chrono::milliseconds(1500);
        high.expr = "a > 0.8, b";
        metrics::RuleRow absent = high;
        absent.name = "Absent";
        absent.value = std::nan("");
        models::RuleModel model;
        model.merge({high, absent});
        models::SortProxy order;
        order.setSourceModel(&model);
        order.sort(1, Qt::AscendingOrder);
        const QByteArrayList rows = models::tableCsv(order).split('\n');
        QLocale::setDefault(QLocale::c());
        QCOMPARE(rows.size(), 4);
        QCOMPARE(rows[0], QByteArray("state,rule,value,threshold,for_seconds,severity,group,owner,origin,expression\r"));
        QCOMPARE(rows[1], QByteArray("inactive,Absent,,0.8,1.5,warning,pool,local,file,\"a > 0.8, b\"\r"));
        QCOMPARE(rows[2], QByteArray("inactive,High,0.8333,0.8,1.5,warning,pool,local,file,\"a > 0.8, b\"\r"));
        QVERIFY(rows[3].isEmpty());
    }

    void jsonHasTheSameNumbersAndLeavesOutWhatIsMissing()
    {
        metrics::RuleRow high;
        high.name = "say \"x\"";
        high.value = 0.8333;
        metrics::RuleRow absent = high;
        absent.name = "Absent";
        absent.value = std::nan("");
        models::RuleModel model;
        model.merge({high, absent});
        const QJsonArray rows = QJsonDocument::fromJson(fileOf(model, "a.json")).array();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(0).toObject().value("rule").toString(), QStringLiteral("say \"x\""));
        QCOMPARE(rows.at(0).toObject().value("value").toDouble(), 0.8333);
        QVERIFY(!rows.at(1).toObject().contains("value"));
        const QByteArrayList lines = fileOf(model, "a.jsonl").split('\n');
        QCOMPARE(lines.size(), 3); // the last one is empty
        QCOMPARE(QJsonDocument::fromJson(lines.at(1)).object(), rows.at(1).toObject());
        QVERIFY(fileOf(model, "a.txt").startsWith("state,rule,value"));
    }

    void aLongTableComesInPiecesUntilNoMoreIsWanted()
    {
        models::TableContent table{{QStringLiteral("n")}, {}};
        for (int i = 0; i < 1'200; ++i) {
            table.cells.emplace_back(i);
        }
        for (const models::TableForm form : {models::TableForm::Csv, models::TableForm::Json, models::TableForm::JsonLines}) {
            std::vector<double> shares;
            QVERIFY(models::writeTable(table, form, [&](const QByteArray&, double share) {
                shares.push_back(share);
                return true;
            }));
            QVERIFY(shares.size() >= 3 && std::is_sorted(shares.begin(), shares.end()));
            QCOMPARE(shares.back(), 1.0);
            int pieces = 0;
            QVERIFY(!models::writeTable(table, form, [&](const QByteArray&, double) { return ++pieces < 2; }));
            QCOMPARE(pieces, 2);
        }
    }
};

QTEST_GUILESS_MAIN(TestTableCsv)
#include "tst_table_csv.moc"
