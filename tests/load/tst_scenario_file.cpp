#include "monitor/load/scenario_file.h"

#include <QTest>

#include <limits>
#include <random>
#include <string>

namespace {

const std::string kGood = R"(name: demo
step: normal
title: { en: Demo, zh: 演示 }
description: { en: Does it., zh: 做这个。 }
parameters:
  - { name: duration, unit: s, default: 60, min: 1, max: 3600, title: { en: Duration, zh: 时间 } }
  - { name: hold, unit: s, default: 5, min: 1, max: 100, title: { en: Hold, zh: 占用 } }
  - { name: share, default: 0.5, min: 0, max: 1, whole: false, title: { en: Share, zh: 比例 } }
expects:
  - { alert: A, after: 10 }
  - { alert: B, after: [hold, 6], when: [hold > 10] }
  - { alert: C, after: 5, when: ["share >= 0.5", "hold <= 20"] }
)";

std::string with(std::string_view what, std::string_view instead) {
    std::string text = kGood;
    const std::size_t at = text.find(what);
    Q_ASSERT(at != std::string::npos);
    return text.replace(at, what.size(), instead);
}

QString joined(const std::vector<std::string>& names) {
    QString all;
    for (const std::string& name : names) {
        all += QString::fromStdString(name);
    }
    return all;
}

} // namespace

class ScenarioFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingInAFileIsRead() {
        const auto spec = load::parseScenario(kGood, "demo.yml");
        QVERIFY2(spec, spec ? "" : spec.error().message.c_str());
        QCOMPARE(spec->name, std::string("demo"));
        QCOMPARE(spec->title.in(core::Lang::Chinese), std::string("演示"));
        QCOMPARE(spec->description.in(core::Lang::English), std::string("Does it."));
        QCOMPARE(spec->parameters.size(), std::size_t(3));
        QCOMPARE(spec->parameters[1].unit, std::string("s"));
        QVERIFY(!spec->parameters[2].whole);
        QCOMPARE(spec->expects.size(), std::size_t(3));
    }

    void wrongFilesSayWhereAndWhy_data() {
        QTest::addColumn<std::string>("yaml");
        QTest::addColumn<QString>("where");
        QTest::newRow("empty") << std::string() << "must be a map";
        QTest::newRow("a list") << std::string("- a\n- b\n") << "must be a map";
        QTest::newRow("not yaml") << std::string("name: [\n") << "demo.yml:";
        QTest::newRow("tab") << std::string("name:\n\t- x\n") << "demo.yml:2";
        QTest::newRow("unknown key") << with("step:", "stop:") << "demo.yml:2: unknown key \"stop\"";
        QTest::newRow("key twice") << kGood + "name: again\n"
                                   << "twice";
        QTest::newRow("no step") << with("step: normal\n", "") << "lacks \"step\"";
        QTest::newRow("no chinese") << with(", zh: 演示", "") << "lacks \"zh\"";
        QTest::newRow("capital name") << with("name: demo", "name: Demo") << "small letters";
        QTest::newRow("no duration") << with("name: duration", "name: length") << "no parameter \"duration\"";
        QTest::newRow("above the hard cap") << with("max: 3600", "max: 3601") << "at most 3600 s";
        QTest::newRow("parameter twice") << with("name: share", "name: hold") << "twice";
        QTest::newRow("default below min") << with("default: 5", "default: 0") << "min <= default <= max";
        QTest::newRow("nan") << with("default: 5", "default: .nan") << "must be a number";
        QTest::newRow("infinite") << with("max: 100", "max: .inf") << "must be a number";
        QTest::newRow("text for a number") << with("max: 100", "max: many") << "must be a number";
        QTest::newRow("unknown in condition")
            << with("[hold > 10]", "[holt > 10]") << "no parameter \"holt\"";
        QTest::newRow("no bound") << with("[hold > 10]", "[hold >]") << "bound";
        QTest::newRow("no operator") << with("[hold > 10]", "[hold 10]") << "parameter > number";
        QTest::newRow("unknown in after") << with("[hold, 6]", "[holt, 6]") << "no parameter \"holt\"";
        QTest::newRow("expects is a map")
            << with("- { alert: A, after: 10 }", "a: b").substr(0, kGood.find("  - { alert")) + "  a: b\n"
            << "must be a list";
        QTest::newRow("key is a list") << std::string("[a, b]: c\n") << "must be a word";
        QTest::newRow("deep nesting") << std::string(20'000, '[') << "demo.yml:";
        QTest::newRow("too large") << "# " + std::string(70'000, 'x') << "64 KiB";
        QTest::newRow("nul bytes") << std::string("na\0me: x", 8) << "demo.yml:";
    }
    void wrongFilesSayWhereAndWhy() {
        QFETCH(const std::string, yaml);
        QFETCH(const QString, where);
        const auto spec = load::parseScenario(yaml, "demo.yml");
        QVERIFY(!spec);
        const QString message = QString::fromStdString(spec.error().message);
        QVERIFY2(message.contains(where), qPrintable(message));
        QVERIFY2(!message.contains('\n'), qPrintable(message));
    }

    void noInputCrashesTheReader() {
        std::mt19937 random(20261120);
        const std::string alphabet = "{}[]:,-#&*!|>'\"%@` \n\tname:xyz01.\xE4\xFF\0\x01";
        for (int round = 0; round < 3000; ++round) {
            std::string text = kGood;
            for (int i = 0; i < 4; ++i) {
                text[random() % text.size()] = alphabet[random() % alphabet.size()];
            }
            const auto spec = load::parseScenario(text, "demo.yml");
            QVERIFY(spec || spec.error().message.starts_with("demo.yml:"));
        }
    }

    void cutOffFilesAreRefusedOrWhole() {
        for (std::size_t length = 0; length < kGood.size(); ++length) {
            const auto spec = load::parseScenario(std::string_view(kGood).substr(0, length), "demo.yml");
            if (spec) {
                QVERIFY(load::findParameter(*spec, "duration") != nullptr);
            }
        }
    }

    void parametersAreCheckedAgainstTheirLimits_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("code");
        QTest::newRow("lowest") << "hold" << 1.0 << "";
        QTest::newRow("highest") << "hold" << 100.0 << "";
        QTest::newRow("too low") << "hold" << 0.0 << "out_of_range";
        QTest::newRow("too high") << "hold" << 101.0 << "out_of_range";
        QTest::newRow("fraction") << "hold" << 1.5 << "out_of_range";
        QTest::newRow("nan") << "share" << std::numeric_limits<double>::quiet_NaN() << "out_of_range";
        QTest::newRow("infinite") << "share" << std::numeric_limits<double>::infinity() << "out_of_range";
        QTest::newRow("allowed fraction") << "share" << 0.25 << "";
        QTest::newRow("unknown") << "holt" << 1.0 << "unknown_parameter";
        QTest::newRow("empty name") << "" << 1.0 << "unknown_parameter";
    }
    void parametersAreCheckedAgainstTheirLimits() {
        QFETCH(const QString, name);
        QFETCH(const double, value);
        QFETCH(const QString, code);
        const auto spec = load::parseScenario(kGood, "demo.yml");
        QVERIFY(spec);
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            const auto all = load::completed(*spec, {{name.toStdString(), value}}, lang);
            QCOMPARE(all.has_value(), code.isEmpty());
            if (!all) {
                QCOMPARE(QString::fromStdString(all.error().code), code);
                QVERIFY(!all.error().message.empty());
            } else {
                QCOMPARE(all->size(), spec->parameters.size());
                QCOMPARE(all->at(name.toStdString()), value);
            }
        }
    }

    void expectationsFollowDurationAndParameters_data() {
        QTest::addColumn<double>("duration");
        QTest::addColumn<double>("hold");
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("alerts");
        QTest::newRow("defaults") << 60.0 << 5.0 << 0.5 << "AC";
        QTest::newRow("too short for A") << 9.0 << 5.0 << 0.5 << "C";
        QTest::newRow("just long enough for A") << 10.0 << 5.0 << 0.5 << "AC";
        QTest::newRow("condition just not met") << 60.0 << 10.0 << 0.5 << "AC";
        QTest::newRow("condition met") << 60.0 << 11.0 << 0.5 << "ABC";
        QTest::newRow("sum of terms too late") << 16.0 << 11.0 << 0.5 << "AC";
        QTest::newRow("sum of terms in time") << 17.0 << 11.0 << 0.5 << "ABC";
        QTest::newRow("second condition fails") << 60.0 << 21.0 << 0.5 << "AB";
        QTest::newRow("first condition fails") << 60.0 << 5.0 << 0.4 << "A";
    }
    void expectationsFollowDurationAndParameters() {
        QFETCH(const double, duration);
        QFETCH(const double, hold);
        QFETCH(const double, share);
        QFETCH(const QString, alerts);
        const auto spec = load::parseScenario(kGood, "demo.yml");
        QVERIFY(spec);
        const auto all = load::completed(*spec, {{"duration", duration}, {"hold", hold}, {"share", share}},
                                         core::Lang::English);
        QVERIFY(all);
        QCOMPARE(joined(load::expectedAlerts(*spec, *all)), alerts);
    }
};

QTEST_GUILESS_MAIN(ScenarioFileTest)
#include "tst_scenario_file.moc"
