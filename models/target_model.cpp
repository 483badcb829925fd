#include "models/target_model.h"

#include "models/text.h"

#include <QCoreApplication>
#include <QVariantList>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace models {

namespace {

using Row = TargetRow;
using State = TargetRow::State;
using Key = std::pair<std::string, std::string>; // target, pool

constexpr double kWarning = 0.8;
constexpr double kCritical = 0.9;

std::string labelOf(const metrics::Series& series, std::string_view name)
{
    const auto found = std::find_if(series.labels.begin(), series.labels.end(),
                                    [&](const auto& label) { return label.first == name; });
    return found == series.labels.end() ? std::string() : found->second;
}

void each(const metrics::Snapshot& snapshot, std::string_view family, auto&& visit)
{
    if (const metrics::Family* found = snapshot.find(family)) {
        for (const metrics::Series& series : found->series) {
            visit(series);
        }
    }
}

State stateOf(const Row& row, const std::map<std::string, double>& up)
{
    const auto answered = up.find(row.target);
    if (answered == up.end()) {
        return State::Awaited;
    }
    if (answered->second == 0) {
        return State::Down;
    }
    if (row.waiting > 0 && row.inUse >= row.max) {
        return State::Exhausted;
    }
    const bool anything =
        !std::isnan(row.inUse) || !std::isnan(row.waiting) || !std::isnan(row.idle) || !std::isnan(row.max);
    return row.usage() > kCritical  ? State::Critical
           : row.usage() > kWarning ? State::Warning
           : row.waiting > 0        ? State::Waiting
           : anything               ? State::Well
                                    : State::Foreign;
}

Level levelOf(const Row& row)
{
    switch (row.state) {
    case State::Well:
        return Level::Ok;
    case State::Awaited:
        return Level::Pending;
    case State::Foreign:
        return Level::NoData;
    case State::Waiting:
    case State::Warning:
        return Level::Warning;
    case State::Critical:
    case State::Exhausted:
        return Level::Critical;
    case State::Down:
        break;
    }
    return Level::Error;
}

QString stateWord(const Row& row)
{
    switch (row.state) {
    case State::Well:
        return QCoreApplication::translate("models", "healthy");
    case State::Awaited:
        return QCoreApplication::translate("models", "first answer awaited");
    case State::Foreign:
        return QCoreApplication::translate("models", "no pool known");
    case State::Waiting:
        return QCoreApplication::translate("models", "callers wait");
    case State::Warning:
        return QCoreApplication::translate("models", "over 80 %");
    case State::Critical:
        return QCoreApplication::translate("models", "over 90 %");
    case State::Exhausted:
        return QCoreApplication::translate("models", "exhausted");
    case State::Down:
        break;
    }
    return QCoreApplication::translate("models", "no answer");
}

QString rawState(const Row& row)
{
    static constexpr std::array kWords{"well",    "awaited",  "foreign",   "waiting",
                                       "warning", "critical", "exhausted", "down"};
    return QString::fromLatin1(kWords[static_cast<std::size_t>(row.state)]);
}

QString count(double value)
{
    return std::isnan(value) ? QStringLiteral("–") : QString::number(value, 'f', 0);
}

constexpr std::array<Column<Row>, 11> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, stateWord,
     [](const Row& r) { return QVariant(-static_cast<int>(r.state)); }, levelOf, false,
     [](const Row& r) { return QVariant(rawState(r)); }},
    {"target", QT_TRANSLATE_NOOP("models", "Target"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.target); }},
    {"environment", QT_TRANSLATE_NOOP("models", "Environment"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.environment); }},
    {"pool", QT_TRANSLATE_NOOP("models", "Pool"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.pool); }},
    {"trend", QT_TRANSLATE_NOOP("models", "Last minute"), Align::Left, core::Unit::None,
     [](const Row&) { return QString(); }, [](const Row& r) { return QVariant(r.usage()); }},
    {"usage", QT_TRANSLATE_NOOP("models", "In use"), Align::Right, core::Unit::Ratio,
     [](const Row& r) { return valueText(r.usage(), core::Unit::Ratio); },
     [](const Row& r) { return QVariant(r.usage()); }},
    {"of", QT_TRANSLATE_NOOP("models", "of most"), Align::Right, core::Unit::None,
     [](const Row& r) -> QString { return count(r.inUse) + QStringLiteral(" / ") + count(r.max); },
     [](const Row& r) { return QVariant(r.inUse); }},
    {"waiting", QT_TRANSLATE_NOOP("models", "Waiting"), Align::Right, core::Unit::None,
     [](const Row& r) { return count(r.waiting); }, [](const Row& r) { return QVariant(r.waiting); }},
    {"wait", QT_TRANSLATE_NOOP("models", "Mean wait"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return valueText(r.meanWait, core::Unit::Seconds); },
     [](const Row& r) { return QVariant(r.meanWait); }},
    {"timeouts", QT_TRANSLATE_NOOP("models", "Timeouts"), Align::Right, core::Unit::None,
     [](const Row& r) { return count(r.timeouts); }, [](const Row& r) { return QVariant(r.timeouts); }},
    {"what", QT_TRANSLATE_NOOP("models", "What it is"), Align::Left, core::Unit::None,
     [](const Row& r) {
         QStringList words;
         for (const std::string* word : {&r.reason, &r.source, &r.tags, &r.url}) {
             if (!word->empty()) {
                 words << text(*word);
             }
         }
         return words.join(QStringLiteral(" · "));
     }},
}};

std::string keyOf(const Row& row)
{
    return row.target + '\n' + row.pool;
}

bool same(double a, double b) noexcept
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

struct Facts {
    std::map<std::string, Row> targets; // by name, without figures
    std::map<Key, Row> pools;
    std::map<std::string, double> up;
};

Facts factsOf(const metrics::Snapshot& snapshot)
{
    Facts facts;
    each(snapshot, "target_info", [&](const metrics::Series& series) {
        Row row;
        row.target = labelOf(series, "target");
        row.environment = labelOf(series, "environment");
        row.tags = labelOf(series, "tags");
        row.source = labelOf(series, "source");
        row.url = labelOf(series, "url");
        row.reason = labelOf(series, "reason");
        facts.targets[row.target] = row;
    });
    each(snapshot, "target_up",
         [&](const metrics::Series& series) { facts.up[labelOf(series, "target")] = series.value; });
    static constexpr std::array<std::pair<std::string_view, double Row::*>, 5> kFigures{{
        {"target_pool_in_use", &Row::inUse},
        {"target_pool_idle", &Row::idle},
        {"target_pool_waiting", &Row::waiting},
        {"target_pool_max", &Row::max},
        {"target_pool_timeouts_total", &Row::timeouts},
    }};
    for (const auto& [family, figure] : kFigures) {
        each(snapshot, family, [&](const metrics::Series& series) {
            facts.pools[{labelOf(series, "target"), labelOf(series, "pool")}].*figure = series.value;
        });
    }
    return facts;
}

} // namespace

bool TargetRow::production() const noexcept
{
    std::string lower = environment;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower == "production" || lower == "prod" || lower == "live";
}

bool operator==(const TargetRow& a, const TargetRow& b) noexcept
{
    return a.target == b.target && a.pool == b.pool && a.environment == b.environment && a.tags == b.tags &&
           a.source == b.source && a.url == b.url && a.reason == b.reason && a.state == b.state &&
           same(a.inUse, b.inUse) && same(a.idle, b.idle) && same(a.waiting, b.waiting) &&
           same(a.max, b.max) && same(a.meanWait, b.meanWait) && same(a.timeouts, b.timeouts) &&
           std::equal(a.trend.begin(), a.trend.end(), b.trend.begin(), b.trend.end(), same);
}

std::vector<TargetRow> targetRows(const metrics::Snapshot& snapshot)
{
    Facts facts = factsOf(snapshot);
    std::vector<Row> rows;
    for (auto& [key, figures] : facts.pools) {
        const auto about = facts.targets.find(key.first);
        if (about == facts.targets.end()) {
            continue;
        }
        Row row = about->second;
        row.pool = key.second;
        for (const auto figure : {&Row::inUse, &Row::idle, &Row::waiting, &Row::max, &Row::timeouts}) {
            row.*figure = figures.*figure;
        }
        row.state = stateOf(row, facts.up);
        rows.push_back(std::move(row));
    }
    for (auto& [name, row] : facts.targets) {
        const auto first = facts.pools.lower_bound({name, ""});
        if (first == facts.pools.end() || first->first.first != name) {
            row.state = stateOf(row, facts.up);
            rows.push_back(row);
        }
    }
    return rows;
}

TargetModel::TargetModel(QObject* parent)
    : KeyedTableModel(kColumns, keyOf, parent)
{
}

void TargetModel::show(std::vector<TargetRow> rows)
{
    std::unordered_map<std::string, std::vector<double>> trends;
    for (TargetRow& row : rows) {
        const std::string key = keyOf(row);
        std::vector<double> trend = std::move(m_trends[key]);
        if (trend.size() >= kTrend) {
            trend.erase(trend.begin());
        }
        trend.push_back(row.usage());
        row.trend = trend;
        trends[key] = std::move(trend);
    }
    m_trends = std::move(trends);
    merge(rows);
}

QVariant TargetModel::rowData(const TargetRow& row, int role) const
{
    if (role == ProductionRole) {
        return row.production();
    }
    if (role == NameRole) {
        return text(row.target);
    }
    if (role == TrendRole) {
        QVariantList values;
        for (const double value : row.trend) {
            values << value;
        }
        return values;
    }
    return {};
}

} // namespace models
