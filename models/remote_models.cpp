#include "models/remote_models.h"

#include "models/text.h"
#include "models/zone.h"

#include <QStringList>

#include <array>

namespace models {

namespace {

using Rule = metrics::RemoteRule;
using Alert = metrics::RemoteAlert;
using Target = metrics::RemoteTarget;
using metrics::AlertState;

QVariant secondsOf(core::WallTime at)
{
    return at == core::WallTime{} ? QVariant()
                                  : QVariant(static_cast<double>(core::epochMillis(at)) / 1000.0);
}

QString momentOf(core::WallTime at)
{
    return at == core::WallTime{} ? QString() : Zone::of().brief(at);
}

QString wholeMomentOf(core::WallTime at)
{
    return at == core::WallTime{} ? QString() : Zone::of().full(at);
}

template <class Row, core::Nanos Row::*Span>
QString spanOf(const Row& row)
{
    return (row.*Span).count() > 0 ? spanText(row.*Span) : QString();
}

template <class Row, core::Nanos Row::*Span>
QVariant spanValue(const Row& row)
{
    return core::seconds(row.*Span);
}

QString labelsText(const metrics::Labels& labels, std::initializer_list<const char*> without)
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        bool left = false;
        for (const char* other : without) {
            left |= name == other;
        }
        if (!left) {
            parts << text(name) + QLatin1Char('=') + text(value);
        }
    }
    return parts.join(QStringLiteral("  "));
}

bool failed(const Rule& row)
{
    return row.health == "err" || !row.lastError.empty();
}

QString ruleState(const Rule& row)
{
    return failed(row)     ? QCoreApplication::translate("models", "error")
           : row.recording ? QCoreApplication::translate("models", "records")
                           : word(row.state);
}

QVariant ruleRank(const Rule& row)
{
    const int rank = failed(row)                        ? 0
                     : row.state == AlertState::Firing  ? 1
                     : row.state == AlertState::Pending ? 2
                     : row.recording                    ? 4
                                                        : 3;
    return rank;
}

Level ruleLevel(const Rule& row)
{
    return failed(row)                        ? Level::Error
           : row.state == AlertState::Firing  ? Level::Critical
           : row.state == AlertState::Pending ? Level::Pending
           : row.recording                    ? Level::None
                                              : Level::Ok;
}

QString healthOf(const std::string& word)
{
    return word == "ok"        ? QCoreApplication::translate("models", "well")
           : word == "err"     ? QCoreApplication::translate("models", "error")
           : word == "unknown" ? QCoreApplication::translate("models", "not yet evaluated")
                               : text(word);
}

constexpr std::array<Column<Rule>, 11> kRules{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, ruleState, ruleRank,
     ruleLevel, false,
     [](const Rule& r) {
         return QVariant(QString::fromLatin1(failed(r)     ? "error"
                                             : r.recording ? "recording"
                                                           : metrics::alertStateName(r.state)));
     }},
    {"rule", QT_TRANSLATE_NOOP("models", "Rule"), Align::Left, core::Unit::None,
     [](const Rule& r) { return text(r.name); }},
    {"alerts", QT_TRANSLATE_NOOP("models", "Alerts"), Align::Right, core::Unit::Count,
     [](const Rule& r) { return r.recording ? QString() : QString::number(r.firing + r.pending); },
     [](const Rule& r) { return r.recording ? QVariant() : QVariant(r.firing + r.pending); }},
    {"for", QT_TRANSLATE_NOOP("models", "Must hold"), Align::Right, core::Unit::Seconds,
     spanOf<Rule, &Rule::holdFor>, spanValue<Rule, &Rule::holdFor>},
    {"group", QT_TRANSLATE_NOOP("models", "Group"), Align::Left, core::Unit::None,
     [](const Rule& r) { return text(r.group); }},
    {"health", QT_TRANSLATE_NOOP("models", "Health"), Align::Left, core::Unit::None,
     [](const Rule& r) { return healthOf(r.health); }, nullptr, nullptr, false,
     [](const Rule& r) { return QVariant(text(r.health)); }},
    {"evaluated", QT_TRANSLATE_NOOP("models", "Last evaluated"), Align::Left, core::Unit::None,
     [](const Rule& r) { return momentOf(r.evaluated); },
     [](const Rule& r) { return secondsOf(r.evaluated); }, nullptr, false, nullptr,
     [](const Rule& r) { return wholeMomentOf(r.evaluated); }},
    {"took", QT_TRANSLATE_NOOP("models", "Took"), Align::Right, core::Unit::Seconds,
     spanOf<Rule, &Rule::took>, spanValue<Rule, &Rule::took>},
    {"server", QT_TRANSLATE_NOOP("models", "Server"), Align::Left, core::Unit::None,
     [](const Rule& r) { return text(r.server); }},
    {"error", QT_TRANSLATE_NOOP("models", "Last error"), Align::Left, core::Unit::None,
     [](const Rule& r) { return text(r.lastError); }},
    {"expression", QT_TRANSLATE_NOOP("models", "Expression"), Align::Left, core::Unit::None,
     [](const Rule& r) { return text(r.expression); }},
}};

QString meaningOf(const Alert& row)
{
    for (const char* name : {"description", "summary", "message"}) {
        if (const auto at = row.annotations.find(name); at != row.annotations.end()) {
            return text(at->second);
        }
    }
    return {};
}

QVariant alertRank(const Alert& row)
{
    return (row.state == AlertState::Firing ? 0 : 10) + 2 - static_cast<int>(row.severity);
}

Level alertLevel(const Alert& row)
{
    return row.state == AlertState::Pending              ? Level::Pending
           : row.severity == metrics::Severity::Critical ? Level::Critical
           : row.severity == metrics::Severity::Warning  ? Level::Warning
                                                         : Level::Ok;
}

constexpr std::array<Column<Alert>, 7> kAlerts{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Alert& r) { return r.state == AlertState::Firing ? word(r.severity) : word(r.state); },
     alertRank, alertLevel, false,
     [](const Alert& r) { return QVariant(QString::fromLatin1(metrics::alertStateName(r.state))); }},
    {"alert", QT_TRANSLATE_NOOP("models", "Alert"), Align::Left, core::Unit::None,
     [](const Alert& r) { return text(r.name); }},
    {"value", QT_TRANSLATE_NOOP("models", "Value"), Align::Right, core::Unit::None,
     [](const Alert& r) { return valueText(r.value, core::Unit::None); },
     [](const Alert& r) { return QVariant(r.value); }},
    {"labels", QT_TRANSLATE_NOOP("models", "Labels"), Align::Left, core::Unit::None,
     [](const Alert& r) {
         return labelsText(r.labels, {"alertname", "severity"});
     }},
    {"since", QT_TRANSLATE_NOOP("models", "Since"), Align::Left, core::Unit::None,
     [](const Alert& r) { return momentOf(r.activeAt); },
     [](const Alert& r) { return secondsOf(r.activeAt); }, nullptr, false, nullptr,
     [](const Alert& r) { return wholeMomentOf(r.activeAt); }},
    {"server", QT_TRANSLATE_NOOP("models", "Server"), Align::Left, core::Unit::None,
     [](const Alert& r) { return text(r.server); }},
    {"meaning", QT_TRANSLATE_NOOP("models", "What it means"), Align::Left, core::Unit::None, meaningOf},
}};

QString targetState(const Target& row)
{
    return row.health == "up"        ? QCoreApplication::translate("models", "answers")
           : row.health == "down"    ? QCoreApplication::translate("models", "no answer")
           : row.health == "unknown" ? QCoreApplication::translate("models", "not yet asked")
                                     : text(row.health);
}

constexpr std::array<Column<Target>, 10> kTargets{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, targetState,
     [](const Target& r) { return QVariant(r.health == "down" ? 0
                                           : r.health == "up" ? 2
                                                              : 1); },
     [](const Target& r) {
         return r.health == "down" ? Level::Critical : r.health == "up" ? Level::Ok : Level::NoData;
     },
     false, [](const Target& r) { return QVariant(text(r.health)); }},
    {"job", QT_TRANSLATE_NOOP("models", "Job"), Align::Left, core::Unit::None,
     [](const Target& r) { return text(r.job.empty() ? r.scrapePool : r.job); }},
    {"instance", QT_TRANSLATE_NOOP("models", "Instance"), Align::Left, core::Unit::None,
     [](const Target& r) { return text(r.instance); }},
    {"scraped", QT_TRANSLATE_NOOP("models", "Last asked"), Align::Left, core::Unit::None,
     [](const Target& r) { return momentOf(r.scraped); },
     [](const Target& r) { return secondsOf(r.scraped); }, nullptr, false, nullptr,
     [](const Target& r) { return wholeMomentOf(r.scraped); }},
    {"took", QT_TRANSLATE_NOOP("models", "Took"), Align::Right, core::Unit::Seconds,
     spanOf<Target, &Target::took>, spanValue<Target, &Target::took>},
    {"interval", QT_TRANSLATE_NOOP("models", "Every"), Align::Right, core::Unit::Seconds,
     spanOf<Target, &Target::interval>, spanValue<Target, &Target::interval>},
    {"labels", QT_TRANSLATE_NOOP("models", "Labels"), Align::Left, core::Unit::None,
     [](const Target& r) {
         return labelsText(r.labels, {"job", "instance"});
     }},
    {"server", QT_TRANSLATE_NOOP("models", "Server"), Align::Left, core::Unit::None,
     [](const Target& r) { return text(r.server); }},
    {"error", QT_TRANSLATE_NOOP("models", "Last error"), Align::Left, core::Unit::None,
     [](const Target& r) { return text(r.lastError); }},
    {"url", QT_TRANSLATE_NOOP("models", "Address"), Align::Left, core::Unit::None,
     [](const Target& r) { return text(r.url); }},
}};

void add(std::string& key, const std::string& part)
{
    key.append(part).append(1, '\0');
}

std::string keyOf(std::initializer_list<const std::string*> parts, const metrics::Labels& labels)
{
    std::string key;
    for (const std::string* part : parts) {
        add(key, *part);
    }
    for (const auto& [name, value] : labels) {
        add(key, name);
        add(key, value);
    }
    return key;
}

} // namespace

RemoteRuleModel::RemoteRuleModel(QObject* parent)
    : KeyedTableModel(
          kRules,
          [](const Rule& row) {
              return keyOf({&row.server, &row.file, &row.group, &row.name}, {}) + std::to_string(row.number);
          },
          parent)
{
}

RemoteAlertModel::RemoteAlertModel(QObject* parent)
    : KeyedTableModel(
          kAlerts,
          [](const Alert& row) {
              return keyOf({&row.server, &row.group}, row.labels);
          },
          parent)
{
}

RemoteTargetModel::RemoteTargetModel(QObject* parent)
    : KeyedTableModel(
          kTargets,
          [](const Target& row) {
              return keyOf({&row.server, &row.scrapePool, &row.url}, row.labels);
          },
          parent)
{
}

} // namespace models
