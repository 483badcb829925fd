#include "app/commands/rules_command.h"

#include "app/commands/command.h"
#include "app/options.h"
#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_tests.h"
#include "monitor/export/atomic_file.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace app {

namespace {

constexpr const char* kHelp =
    "Usage: poolscope rules check FILE…\n"
    "       poolscope rules test FILE…\n"
    "       poolscope rules import FILE… [--data-dir D]\n"
    "Says of each rule file how many rules it has, or where and why it is refused, as\n"
    "`promtool check rules` does, or runs the unit tests of rules that `promtool test rules`\n"
    "reads. Ends with 0 when all are well, 1 when one is not, 2 when one cannot be read.\n"
    "import copies rule files into the data folder, where they are in use from the next start on\n"
    "(or Reload rules in the window). An Alertmanager's configuration is read and said to the end:\n"
    "its channels and inhibition are taken over by Import in the window, which keeps the secrets.\n";

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

// What the window would take of an Alertmanager's configuration, and what not.
Outcome tellAlertmanager(const QString& path, const std::string& text)
{
    const auto config = alert::readAlertmanagerConfig(text);
    if (!config) {
        return {kFinding, QStringLiteral("  FAILED: %1: %2\n").arg(path, QString::fromStdString(config.error().message))};
    }
    QString told = QStringLiteral("  an Alertmanager's configuration: %1 channels, %2 inhibit rules; Import in the window "
                                  "takes them\n")
                       .arg(config->channels.size())
                       .arg(config->inhibitions.size());
    for (const std::string& line : config->left) {
        told += QStringLiteral("  not taken, or different here: %1\n").arg(QString::fromStdString(line));
    }
    return {kFinding, told};
}

Outcome take(const QString& path, const std::filesystem::path& dataDir)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {kCannot, QStringLiteral("  FAILED: %1 cannot be read\n").arg(path)};
    }
    const std::string text = file.readAll().toStdString();
    if (alert::looksLikeAlertmanagerConfig(text)) {
        return tellAlertmanager(path, text);
    }
    const auto read = alert::parseRuleFile(text, path.toStdString());
    if (!read) {
        return {kFinding, QStringLiteral("  FAILED: %1\n").arg(QString::fromStdString(read.error().text()))};
    }
    const std::filesystem::path folder = dataDir / "rules";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const QString stem = QFileInfo(path).completeBaseName();
    // user.yml is the editor's own.
    const QString name = (stem == QStringLiteral("user") ? QStringLiteral("user-imported") : stem) + QStringLiteral(".yml");
    const auto written = exporting::writeAtomically(folder / name.toStdString(), text);
    return written ? Outcome{kWell, verdict(*read) + QStringLiteral("  imported as %1\n")
                                                         .arg(QString::fromStdString((folder / name.toStdString()).string()))}
                   : Outcome{kCannot, QStringLiteral("  FAILED: %1\n").arg(QString::fromStdString(written.error().message))};
}

int importAll(QStringList files)
{
    std::filesystem::path dataDir = defaultDataDir();
    if (const qsizetype at = files.indexOf(QStringLiteral("--data-dir")); at >= 0) {
        if (at + 1 >= files.size()) {
            return cannot(QStringLiteral("--data-dir needs a folder"));
        }
        dataDir = files.at(at + 1).toStdString();
        files.remove(at, 2);
    }
    if (files.isEmpty() || files.first().startsWith(u'-')) {
        return cannot(QStringLiteral("poolscope rules import FILE… [--data-dir D] is expected"));
    }
    int code = kWell;
    for (const QString& path : files) {
        const Outcome outcome = take(path, dataDir);
        code = std::max({code, outcome.code, printed(QStringLiteral("Importing %1\n").arg(path) + outcome.text)});
    }
    return code;
}

} // namespace

int runRules(const QStringList& arguments)
{
    if (arguments.contains(QStringLiteral("--help")) || arguments.contains(QStringLiteral("-h"))) {
        return printed(QString::fromUtf8(kHelp));
    }
    if (arguments.value(0) == QStringLiteral("import")) {
        return importAll(arguments.mid(1));
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
