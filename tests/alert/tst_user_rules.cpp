// The file the rule editor writes: what is kept, what is refused, what promtool says of it, and what is in
// force.
#include "promtool.h"

#include "monitor/alert/rule_overrides.h"
#include "monitor/alert/rule_set.h"
#include "monitor/alert/rule_writer.h"
#include "monitor/alert/user_rules.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using alert::EditedRule;
using alert::editRules;
using metrics::RuleDraft;
using metrics::RuleEdit;

namespace {

constexpr const char* kShipped = R"(groups:
- name: pool
  interval: 5s
  rules:
  - alert: High
    expr: db_pool_usage > 0.8
    for: 5m
    labels: {severity: warning}
    annotations: {summary: "超过 80%", summary_en: "{{ $value }} is above 80%, 180% or 80.5"}
  - alert: High
    expr: db_pool_usage > 0.95
    labels: {severity: critical}
)";

RuleDraft draftNamed(const std::string& name)
{
    RuleDraft draft;
    draft.name = name;
    draft.expr = "up == 0";
    draft.holdFor = "1m30s";
    draft.labels = {{"severity", "critical"}, {"team", "db"}};
    draft.annotations = {{"summary", "{{ $labels.instance }} is away"}};
    return draft;
}

EditedRule known(const RuleDraft& current, const RuleDraft* shipped = nullptr)
{
    return {false, std::make_shared<const RuleDraft>(current),
            shipped != nullptr ? std::make_shared<const RuleDraft>(*shipped) : nullptr};
}

} // namespace

class TstUserRules final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const QString& name) const { return m_folder.filePath(name); }

    void write(const QString& name, const std::string& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text.data(), static_cast<qint64>(text.size())), static_cast<qint64>(text.size()));
    }

    std::vector<std::string> files() const
    {
        return {path("shipped.yml").toStdString(), path("user.yml").toStdString()};
    }
    std::string userFile() const { return files().back(); }

    RuleDraft shipped(std::size_t i = 0) const
    {
        const auto file = alert::parseRuleFile(kShipped, "shipped.yml");
        return *file->groups.front().rules.at(i).draft;
    }

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }
    void init() { write("shipped.yml", kShipped); }

    void whatIsWrittenReadsBackTheSame_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("words") << "a b";
        QTest::newRow("quotes") << "\"'`\\";
        QTest::newRow("lines") << "a\nb\n\n  c\t";
        QTest::newRow("truth") << "true";
        QTest::newRow("nothing") << "null";
        QTest::newRow("number") << "0x1F";
        QTest::newRow("date") << "2026-11-26";
        QTest::newRow("yaml") << "- a: {b: [c]} # d & *e !f | >";
        QTest::newRow("chinese") << QStringLiteral(
            "连接池使用率 {{ $value | humanizePercentage }}，超过 80%");
        QTest::newRow("emoji and separators") << QString::fromUtf8("\xF0\x9F\x94\xA5 \xE2\x80\xA8 \xC2\x85");
        QTest::newRow("control") << QStringLiteral("\x01\x1b[31m");
        QTest::newRow("document") << "---\n...\n%YAML";
    }

    void whatIsWrittenReadsBackTheSame()
    {
        QFETCH(QString, text);
        RuleDraft draft = draftNamed("A \"b\" c: d");
        draft.labels.emplace_back("hostile", text.toStdString());
        draft.annotations.emplace_back("hostile", text.toStdString());
        const auto edited = editRules("", "user.yml", {RuleEdit::Kind::Add, {}, draft}, {});
        QVERIFY2(edited.has_value(), edited ? "" : edited.error().reason.c_str());
        const auto read = alert::parseRuleFile(*edited, "user.yml");
        QVERIFY(read.has_value());
        QVERIFY(*read->groups.front().rules.front().draft == draft);
        write("user.yml", *edited);
        const auto verdict =
            promtool::run({QStringLiteral("check"), QStringLiteral("rules"), path("user.yml")});
        QVERIFY2(verdict.started, "promtool is not there");
        QVERIFY2(verdict.exitCode == 0, qPrintable(verdict.output + QString::fromStdString(*edited)));
    }

    void rulesWrittenByHandStayAsTheyAre()
    {
        constexpr const char* kByHand =
            "groups:\n- name: mine\n  interval: 30s\n  limit: 7\n  rules:\n"
            "  - record: a:b\n    expr: sum(up)\n  - alert: X\n    expr: |\n      up\n        == 0\n";
        const auto edited = editRules(kByHand, "u", {RuleEdit::Kind::Add, {}, draftNamed("New")}, {});
        QVERIFY(edited.has_value());
        const auto before = alert::parseRuleFile(kByHand, "u");
        const auto after = alert::parseRuleFile(*edited, "u");
        QCOMPARE(after->groups.size(), std::size_t{2});
        QVERIFY(after->groups[0].interval == std::chrono::seconds(30));
        QCOMPARE(after->groups[0].limit, 7);
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(*after->groups[0].rules[i].draft == *before->groups[0].rules[i].draft);
        }
        QCOMPARE(after->groups[1].rules.front().name, std::string("New"));
    }

    void aBrokenFileIsLeftAloneAndItsLineIsSaid()
    {
        const auto edited = editRules("groups:\n- name: g\n  rules:\n  - alert: A\n    exp: up\n", "user.yml",
                                      {RuleEdit::Kind::Add, {}, draftNamed("New")}, {});
        QVERIFY(!edited.has_value());
        QCOMPARE(edited.error().line, 5);
        QVERIFY(edited.error().reason.find("exp") != std::string::npos);
    }

    void aRuleThatIsNoneIsRefusedInPrometheusWords()
    {
        RuleDraft draft = draftNamed("New");
        draft.expr = "up ==";
        const auto edited = editRules("", "user.yml", {RuleEdit::Kind::Add, {}, draft}, {});
        QVERIFY(!edited.has_value());
        QVERIFY(edited.error().reason.find("could not parse expression: 1:6: parse error") !=
                std::string::npos);
    }

    void aChangedShippedRuleTakesItsPlaceAndCanBeReset()
    {
        const RuleDraft original = shipped();
        RuleDraft changed = original;
        changed.expr = "db_pool_usage > 0.7";
        changed.holdFor = "1m";
        const RuleEdit edit{RuleEdit::Kind::Change, {"shipped.yml", "pool", "High", 1}, changed};
        const auto text = editRules("", userFile(), edit, known(original));
        QVERIFY(text.has_value());
        write("user.yml", *text);
        alert::RuleSet set(userFile());
        QVERIFY(set.load(files()).has_value());
        const alert::RuleGroup& group = set.files()->front().groups.front();
        QCOMPARE(group.rules.size(), std::size_t{2});
        QCOMPARE(group.rules[0].exprText, std::string("db_pool_usage > 0.7"));
        QVERIFY(group.rules[0].holdFor == std::chrono::minutes(1));
        QVERIFY(group.rules[0].shipped != nullptr);
        QVERIFY(*group.rules[0].shipped == original);
        QVERIFY2(set.files()->back().groups.empty(), "it stands twice");
        const auto verdict = promtool::run({"check", "rules", path("user.yml")});
        QVERIFY2(verdict.exitCode == 0, qPrintable(verdict.output));

        const auto again = editRules(*text, userFile(), {RuleEdit::Kind::Reset, edit.rule, {}},
                                     known(*group.rules[0].draft, &original));
        QVERIFY(again.has_value());
        QVERIFY(alert::parseRuleFile(*again, "u")->groups.empty());
    }

    void theSecondRuleOfANameIsMeantWhenItIs()
    {
        RuleDraft changed = shipped(1);
        changed.expr = "db_pool_usage > 0.99";
        const auto text = editRules(
            "", userFile(), {RuleEdit::Kind::Change, {"f", "pool", "High", 2}, changed}, known(shipped(1)));
        write("user.yml", *text);
        alert::RuleSet set(userFile());
        QVERIFY(set.load(files()).has_value());
        const auto& rules = set.files()->front().groups.front().rules;
        QCOMPARE(rules[0].exprText, std::string("db_pool_usage > 0.8"));
        QCOMPARE(rules[1].exprText, std::string("db_pool_usage > 0.99"));
        QCOMPARE(rules[1].number, 2);
    }

    void aChangeBackToTheOriginalLeavesNoTrace()
    {
        const RuleDraft original = shipped();
        const alert::EditedRule rule = known(original);
        const metrics::RuleKey key{"f", "pool", "High", 1};
        const auto off = editRules("", "u", {RuleEdit::Kind::Disable, key, {}}, rule);
        const auto read = alert::parseRuleFile(*off, "u");
        const alert::Rule& disabled = read->groups.front().rules.front();
        QVERIFY(disabled.extras.disabled);
        QVERIFY2(disabled.extras.notes.empty(),
                 disabled.extras.notes.empty() ? "" : disabled.extras.notes.front().c_str());
        const auto on =
            editRules(*off, "u", {RuleEdit::Kind::Enable, key, {}}, known(*disabled.draft, &original));
        QVERIFY(alert::parseRuleFile(*on, "u")->groups.empty());
    }

    void anotherOrderIsNoChange()
    {
        RuleDraft reordered = shipped();
        std::reverse(reordered.annotations.begin(), reordered.annotations.end());
        const auto text = editRules("", "u", {RuleEdit::Kind::Change, {"f", "pool", "High", 1}, reordered},
                                    known(shipped()));
        QVERIFY(alert::parseRuleFile(*text, "u")->groups.empty());
    }

    void ownRulesAreChangedAndDeletedThemselves()
    {
        const auto one = editRules("", "u", {RuleEdit::Kind::Add, {}, draftNamed("A")}, {});
        const auto two = editRules(*one, "u", {RuleEdit::Kind::Add, {}, draftNamed("B")}, {});
        const metrics::RuleKey key{"u", "user", "A", 1};
        const EditedRule own{true, std::make_shared<const RuleDraft>(draftNamed("A")), nullptr};
        const auto renamed = editRules(*two, "u", {RuleEdit::Kind::Change, key, draftNamed("C")}, own);
        QCOMPARE(alert::parseRuleFile(*renamed, "u")->groups.front().rules.front().name, std::string("C"));
        const auto less = editRules(*two, "u", {RuleEdit::Kind::Remove, key, {}}, own);
        const auto rules = alert::parseRuleFile(*less, "u")->groups.front().rules;
        QCOMPARE(rules.size(), std::size_t{1});
        QCOMPARE(rules.front().name, std::string("B"));
    }

    void aShippedRuleCannotBeDeleted()
    {
        const auto edited =
            editRules("", "u", {RuleEdit::Kind::Remove, {"f", "pool", "High", 1}, {}}, known(shipped()));
        QVERIFY(!edited.has_value());
    }

    void aChangeOfARuleThatIsGoneStaysAndSaysSo()
    {
        RuleDraft changed = shipped();
        changed.expr = "db_pool_usage > 0.7";
        const auto text = editRules(
            "", userFile(), {RuleEdit::Kind::Change, {"f", "gone", "High", 1}, changed}, known(shipped()));
        write("user.yml", *text);
        alert::RuleSet set(userFile());
        QVERIFY(set.load(files()).has_value());
        const alert::Rule& rule = set.files()->back().groups.front().rules.front();
        QCOMPARE(rule.extras.notes.size(), std::size_t{1});
        QVERIFY(rule.extras.notes.front().find("gone/High") != std::string::npos);
    }

    void aNewNumberGoesIntoExpressionAndWords_data()
    {
        QTest::addColumn<QString>("expr");
        QTest::addColumn<double>("number");
        QTest::addColumn<QString>("wanted");
        QTest::newRow("right") << "a > 0.8" << 0.85 << "a > 0.85";
        QTest::newRow("left") << "0.8 < (a)" << 0.85 << "0.85 < (a)";
        QTest::newRow("brackets") << "(a >= (0.8))" << 0.1 + 0.2 << "(a >= (0.3))";
        QTest::newRow("the other number stays") << "a * 0.8 > 0.8" << 2.0 << "a * 0.8 > 2";
        QTest::newRow("negative") << "a > 0.8" << -1.5 << "a > -1.5";
    }

    void aNewNumberGoesIntoExpressionAndWords()
    {
        QFETCH(QString, expr);
        QFETCH(double, number);
        RuleDraft draft = shipped();
        draft.expr = expr.toStdString();
        const auto changed = alert::withThreshold(draft, number);
        QVERIFY(changed.has_value());
        QTEST(QString::fromStdString(changed->expr), "wanted");
    }

    void wordsThatNameTheNumberFollowIt()
    {
        const auto changed = alert::withThreshold(shipped(), 0.85);
        QCOMPARE(metrics::entryOf(changed->annotations, "summary"), std::string("超过 85%"));
        QCOMPARE(metrics::entryOf(changed->annotations, "summary_en"),
                 std::string("{{ $value }} is above 85%, 180% or 80.5"));
    }

    void whatComparesNothingHasNoNumber()
    {
        RuleDraft draft = shipped();
        for (const char* expr : {"up", "a > b", "a > bool 1", "", "("}) {
            draft.expr = expr;
            QVERIFY2(!alert::withThreshold(draft, 1).has_value(), expr);
        }
    }
};

QTEST_GUILESS_MAIN(TstUserRules)
#include "tst_user_rules.moc"
