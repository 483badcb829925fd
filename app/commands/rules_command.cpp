#include "app/commands/rules_command.h"

#include "app/commands/command.h"
#include "app/commands/rules_import.h"
#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_tests.h"

#include <QFileInfo>

#include <algorithm>
#include <set>
#include <utility>

namespace app {

namespace {

constexpr const char* kHelp =
    "Usage: poolscope rules check FILE…\n"
    "       poolscope rules test FILE…\n"
    "       poolscope rules import FILE… [--data-dir D] [--config F] [--dry-run] [--force]\n"
    "Says of each rule file how many rules it has, or where and why it is refused, as\n"
    "`promtool check rules` does, or runs the unit tests of rules that `promtool test rules`\n"
    "reads. Ends with 0 when all are well, 1 when one is not, 2 when one cannot be read.\n"
    "import takes rule files into the data folder, where they are in use from the next start on\n"
    "(or Reload rules in the window), and of an Alertmanager's configuration its channels and\n"
    "inhibition, and says what it took and what not (then it ends with 1). What stands there\n"
    "already under the same name is kept, unless --force; --dry-run only says what would be done.\n"
    "Secrets go into the key ring, or into secrets.yml (mode 0600).\n";

// Rules that say the same twice: allowed, and hardly meant.
QStringList repeated(const alert::RuleFile& file)
{
    QStringList names;
    std::set<std::pair<std::string, metrics::Labels>> seen;
    for (const alert::RuleGroup& group : file.groups) {
        for (const alert::Rule& rule : group.rules) {
            if (!seen.emplace(rule.name, rule.plainLabels).second) {
                names << QString::fromStdString(rule.name);
            }
        }
    }
    return names;
}

QString verdict(const alert::RuleFile& file)
{
    std::size_t rules = 0;
    for (const alert::RuleGroup& group : file.groups) {
        rules += group.rules.size();
    }
    QString text = QStringLiteral("  SUCCESS: %1 rules found\n").arg(rules);
    for (const QString& name : repeated(file)) {
        text += QStringLiteral("  note: %1 stands here more than once with the same labels\n").arg(name);
    }
    for (const alert::RuleGroup& group : file.groups) {
        for (const alert::Rule& rule : group.rules) {
            for (const std::string& note : rule.extras.notes) {
                text += QStringLiteral("  note: %1: %2\n").arg(QString::fromStdString(rule.name), QString::fromStdString(note));
            }
        }
    }
    return text;
}

// Exit code and what is printed of one file.
struct Outcome {
    int code = kWell;
    QString text;
};

// Does something with each file; one that cannot be read is said and the others go on.
int forEach(const QStringList& files, Outcome (*judge)(const QString& path))
{
    int code = kWell;
    for (const QString& path : files) {
        const QFileInfo file(path);
        if (!file.isFile() || !file.isReadable()) {
            code = cannot(QStringLiteral("%1 cannot be read").arg(path));
            continue;
        }
        const Outcome outcome = judge(path);
        code = std::max({code, outcome.code, printed(outcome.text)});
    }
    return code;
}

Outcome check(const QString& path)
{
    const auto read = alert::readRuleFile(path.toStdString());
    const QString outcome = read ? verdict(*read)
                                 : QStringLiteral("  FAILED: %1\n").arg(QString::fromStdString(read.error().text()));
    return {read ? kWell : kFinding, QStringLiteral("Checking %1\n").arg(path) + outcome};
}

Outcome test(const QString& path)
{
    const auto failures = alert::runRuleTestFile(path.toStdString());
    QString text = QStringLiteral("Unit Testing:  %1\n").arg(path);
    if (failures.empty()) {
        return {kWell, text + QStringLiteral("  SUCCESS\n")};
    }
    text += QStringLiteral("  FAILED:\n");
    for (const std::string& failure : failures) {
        text += QString::fromStdString(failure) + QLatin1Char('\n');
    }
    return {kFinding, text};
}

} // namespace

int runRules(const QStringList& arguments)
{
    if (arguments.contains(QStringLiteral("--help")) || arguments.contains(QStringLiteral("-h"))) {
        return printed(QString::fromUtf8(kHelp));
    }
    if (arguments.value(0) == QStringLiteral("import")) {
        return runRulesImport(arguments.mid(1));
    }
    const bool tests = arguments.value(0) == QStringLiteral("test");
    if ((!tests && arguments.value(0) != QStringLiteral("check")) || arguments.size() < 2) {
        return cannot(QStringLiteral("poolscope rules check, test or import FILE… is expected"));
    }
    if (arguments.at(1).startsWith(u'-')) {
        return cannot(
            QStringLiteral("unknown option \"%1\"; poolscope rules --help tells more").arg(arguments.at(1)));
    }
    return forEach(arguments.mid(1), tests ? test : check);
}

} // namespace app
