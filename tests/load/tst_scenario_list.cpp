#include "monitor/load/scenario_list.h"

#include "monitor/load/catalog.h"

#include <QString>
#include <QStringList>
#include <QTest>

#include <string>
#include <vector>

class ScenarioListTest : public QObject {
    Q_OBJECT

    std::vector<load::ScenarioSpec> m_all = load::loadCatalog({}).scenarios;

private Q_SLOTS:
    void everyScenarioIsOneRowOfTheTable() {
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            const QString table = QString::fromStdString(load::scenarioTable(m_all, lang));
            const QStringList lines = table.split('\n');
            QCOMPARE(std::size_t(lines.size()), m_all.size() + 3); // head, rule, rows, after the last newline
            for (std::size_t i = 0; i < m_all.size(); ++i) {
                const QString line = lines[qsizetype(i) + 2];
                QVERIFY2(line.startsWith(QString("| `%1` | ").arg(m_all[i].name.c_str())), qPrintable(line));
                QCOMPARE(line.count('|'), 5);
                QVERIFY(line.contains(QString::fromStdString(m_all[i].description.in(lang))));
            }
        }
    }
    void aRowTellsDefaultsLimitsAndAlerts() {
        const std::string table = load::scenarioTable(m_all);
        QVERIFY(table.find("`duration` 60 s (1–3600), `clients` 5 (1–24), `rate` 10 /s (0.1–200) | none |") !=
                std::string::npos);
        QVERIFY(table.find("`load` 90% (1–100)") != std::string::npos);
        QVERIFY(table.find("| LeakSuspected, LongUse |") != std::string::npos);
    }
    void theListNamesEveryParameterOnALineOfItsOwn() {
        const QStringList lines = QString::fromStdString(load::scenarioList(m_all)).split('\n');
        int parameters = 0;
        for (const load::ScenarioSpec& spec : m_all) {
            QVERIFY(lines.contains(QString::fromStdString(spec.name + ": " + spec.title.english)));
            parameters += int(spec.parameters.size());
        }
        QCOMPARE(lines.filter("(limits ").size(), parameters);
        QVERIFY(load::scenarioList(m_all, core::Lang::Chinese).find("默认参数下的告警: 无") !=
                std::string::npos);
    }
    void textsOfAUsersFileCannotBreakTheTable() {
        load::ScenarioSpec hostile = m_all.front();
        hostile.description.english = "a | b\n| `evil` | c\x1b[31m";
        hostile.parameters.front().unit = "|";
        const std::string table = load::scenarioTable({&hostile, 1});
        QCOMPARE(QString::fromStdString(table).count('\n'), 3);
        QVERIFY(table.find('\x1b') == std::string::npos);
        QVERIFY(table.find("a \\| b \\| `evil` \\| c") != std::string::npos);
        QVERIFY(load::scenarioTable({}).ends_with("|---|---|---|---|\n"));
        QVERIFY(load::scenarioList({}).empty());
    }
};

QTEST_GUILESS_MAIN(ScenarioListTest)
#include "tst_scenario_list.moc"
