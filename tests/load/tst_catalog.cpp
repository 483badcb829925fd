#include "monitor/load/catalog.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <set>
#include <string>

namespace {

const char* const kMine = R"(name: my_peak
step: burst
title: { en: My peak, zh: 我的高峰 }
description: { en: Monday morning., zh: 周一早上。 }
parameters:
  - { name: duration, unit: s, default: 10, min: 1, max: 60, title: { en: Duration, zh: 时间 } }
  - { name: rate, unit: /s, default: 800, min: 1, max: 900, title: { en: Rate, zh: 速率 } }
  - { name: work, unit: ms, default: 5, min: 0, max: 10, title: { en: Work, zh: 耗时 } }
expects: []
)";

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

    static void write(const QTemporaryDir& folder, const char* name, const QByteArray& text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    static load::Catalog loaded(const QTemporaryDir& folder) {
        const std::filesystem::path path = folder.path().toStdString();
        return load::loadCatalog({&path, 1});
    }

private Q_SLOTS:
    void theBuiltInOnesAreAllSoundAndInOrder() {
        const load::Catalog catalog = load::loadCatalog({});
        QVERIFY2(catalog.problems.empty(), catalog.problems.empty() ? "" : catalog.problems.front().c_str());
        QStringList names;
        for (const load::ScenarioSpec& spec : catalog.scenarios) {
            names << QString::fromStdString(spec.name);
        }
        QCOMPARE(names.join(' '),
                 QString("normal slow_query long_connection exhaustion burst mixed_priorities leak dirty_returns "
                         "slow_network backends_terminated server_restart cpu_load"));
    }
    void everyFileInTheResourcesIsCompiledInAsItIs() {
        std::set<std::string> onDisk;
        for (const auto& entry :
             std::filesystem::directory_iterator(POOLSCOPE_SOURCE_DIR "/resources/scenarios")) {
            if (entry.path().extension() == ".yml") {
                onDisk.insert(entry.path().filename().string());
            }
        }
        for (const load::BuiltinFile& builtin : load::builtinFiles()) {
            const std::string name(builtin.name);
            QVERIFY2(onDisk.erase(name) == 1, name.c_str());
            QFile file(
                QString::fromStdString(std::string(POOLSCOPE_SOURCE_DIR "/resources/scenarios/") + name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(QByteArray(builtin.text.data(), static_cast<qsizetype>(builtin.text.size())),
                     file.readAll());
        }
        QVERIFY2(onDisk.empty(), onDisk.empty() ? "" : onDisk.begin()->c_str());
    }
    void everyStepIsUsedByABuiltInScenario() {
        const load::Catalog catalog = load::loadCatalog({});
        for (const load::StepDef& step : load::allSteps()) {
            QVERIFY(step.run != nullptr);
            const bool used =
                std::any_of(catalog.scenarios.begin(), catalog.scenarios.end(),
                            [&](const load::ScenarioSpec& spec) { return spec.step == step.name; });
            QVERIFY2(used, std::string(step.name).c_str());
        }
    }
    void theDefaultsAreWithinTheLimits() {
        for (const load::ScenarioSpec& spec : load::loadCatalog({}).scenarios) {
            const auto all = load::completed(spec, {}, core::Lang::English);
            QVERIFY2(all, spec.name.c_str());
            QVERIFY2(load::completed(spec, *all, core::Lang::English), spec.name.c_str());
        }
    }
    void everyTextIsThereInBothLanguages() {
        static const QRegularExpression han("\\p{Han}");
        for (const load::ScenarioSpec& spec : load::loadCatalog({}).scenarios) {
            std::vector<load::Words> texts{spec.title, spec.description};
            for (const load::ParameterSpec& parameter : spec.parameters) {
                texts.push_back(parameter.title);
            }
            for (const load::Words& words : texts) {
                QVERIFY2(QString::fromStdString(words.chinese).contains(han), words.english.c_str());
                QVERIFY2(!QString::fromStdString(words.english).contains(han), words.english.c_str());
            }
        }
    }
    void aFolderAddsAndReplaces() {
        QTemporaryDir folder;
        write(folder, "peak.yml", kMine);
        write(folder, "normal.yml", QByteArray(kMine).replace("my_peak", "normal"));
        write(folder, "notes.txt", "name: ignored");
        const load::Catalog catalog = loaded(folder);
        QVERIFY(catalog.problems.empty());
        QCOMPARE(catalog.scenarios.size(), std::size_t(13));
        QCOMPARE(catalog.scenarios.front().name, std::string("normal"));
        QCOMPARE(catalog.scenarios.front().step, std::string("burst"));
        QCOMPARE(catalog.scenarios.back().name, std::string("my_peak"));
    }
    void aBrokenFileIsLeftOutWithItsReason() {
        QTemporaryDir folder;
        write(folder, "a.yml", "name: [");
        write(folder, "b.yml", QByteArray(kMine).replace("step: burst", "step: dance"));
        write(folder, "c.yml", QByteArray(kMine).replace("name: work", "name: play"));
        write(folder, "d.yml", QByteArray(200'000, 'x'));
        write(folder, "e.yml", kMine);
        const load::Catalog catalog = loaded(folder);
        QCOMPARE(catalog.problems.size(), std::size_t(4));
        QVERIFY(catalog.problems[0].starts_with("a.yml:"));
        QVERIFY(catalog.problems[1].find("no step \"dance\"") != std::string::npos);
        QVERIFY(catalog.problems[2].find("needs a parameter \"work\"") != std::string::npos);
        QVERIFY(catalog.problems[3].find("64 KiB") != std::string::npos);
        QCOMPARE(catalog.scenarios.back().name, std::string("my_peak"));
    }
    void aMissingFolderIsNoProblem() {
        const std::filesystem::path nowhere = "/nonexistent/scenarios";
        const load::Catalog catalog = load::loadCatalog({&nowhere, 1});
        QVERIFY(catalog.problems.empty());
        QCOMPARE(catalog.scenarios.size(), std::size_t(12));
    }
};

QTEST_GUILESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
