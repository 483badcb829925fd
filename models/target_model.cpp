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
    if (row.state == State::Paused) {
        return row.state;
    }
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
    case State::Paused:
        return Level::None;
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
    case State::Paused:
        return QCoreApplication::translate("models", "paused");
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
    static constexpr std::array kWords{"paused",  "well",     "awaited",   "foreign", "waiting",
                                       "warning", "critical", "exhausted", "down"};
    return QString::fromLatin1(kWords[static_cast<std::size_t>(row.state)]);
}

// The fold's sign before the word of the worst.
QString stateText(const Row& row)
{
    return row.head ? (row.folded ? QStringLiteral("▸ ") : QStringLiteral("▾ ")) + stateWord(row)
                    : stateWord(row);
}

QString groupName(const Row& row)
{
    return row.group.empty() ? QCoreApplication::translate("models", "without") : text(row.group);
}

QString poolText(const Row& row)
{
    return row.head ? QCoreApplication::translate("models", "%1 pools").arg(row.members) : text(row.pool);
}

QString whatText(const Row& row)
{
    if (row.head) {
        return row.bad > 0 ? QCoreApplication::translate("models", "%1 in trouble").arg(row.bad) : QString();
    }
    QStringList words;
    if (row.refused > 0) {
        words << QCoreApplication::translate("models", "%1 series do not fit into memory").arg(row.refused);
    }
    for (const std::string* word : {&row.reason, &row.source, &row.tags, &row.url}) {
        if (!word->empty()) {
            words << text(*word);
        }
    }
    return words.join(QStringLiteral(" · "));
}

QString count(double value)
{
    return std::isnan(value) ? QStringLiteral("–") : QString::number(value, 'f', 0);
}

constexpr std::array<Column<Row>, 11> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, stateText,
     [](const Row& r) { return QVariant(-static_cast<int>(r.state)); }, levelOf, false,
     [](const Row& r) { return QVariant(rawState(r)); }},
    {"target", QT_TRANSLATE_NOOP("models", "Target"), Align::Left, core::Unit::None,
     [](const Row& r) { return r.head ? groupName(r) : text(r.target); }},
    {"environment", QT_TRANSLATE_NOOP("models", "Environment"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.environment); }},
    {"pool", QT_TRANSLATE_NOOP("models", "Pool"), Align::Left, core::Unit::None, poolText},
    {"trend", QT_TRANSLATE_NOOP("models", "Last minute"), Align::Left, core::Unit::None,
     [](const Row&) { return QString(); }, [](const Row& r) { return QVariant(r.usage()); }},
    {"usage", QT_TRANSLATE_NOOP("models", "In use"), Align::Right, core::Unit::Ratio,
     [](const Row& r) { return r.head ? QString() : valueText(r.usage(), core::Unit::Ratio); },
     [](const Row& r) { return QVariant(r.usage()); }},
    {"of", QT_TRANSLATE_NOOP("models", "of most"), Align::Right, core::Unit::None,
     [](const Row& r) -> QString {
         return r.head ? QString() : count(r.inUse) + QStringLiteral(" / ") + count(r.max);
     },
     [](const Row& r) { return QVariant(r.inUse); }},
    {"waiting", QT_TRANSLATE_NOOP("models", "Waiting"), Align::Right, core::Unit::None,
     [](const Row& r) { return r.head ? QString() : count(r.waiting); },
     [](const Row& r) { return QVariant(r.waiting); }},
    {"wait", QT_TRANSLATE_NOOP("models", "Mean wait"), Align::Right, core::Unit::Seconds,
     [](const Row& r) { return r.head ? QString() : valueText(r.meanWait, core::Unit::Seconds); },
     [](const Row& r) { return QVariant(r.meanWait); }},
    {"timeouts", QT_TRANSLATE_NOOP("models", "Timeouts"), Align::Right, core::Unit::None,
     [](const Row& r) { return r.head ? QString() : count(r.timeouts); },
     [](const Row& r) { return QVariant(r.timeouts); }},
    {"what", QT_TRANSLATE_NOOP("models", "What it is"), Align::Left, core::Unit::None, whatText},
}};

std::string poolKey(const Row& row)
{
    return row.target + '\n' + row.pool;
}

std::string keyOf(const Row& row)
{
    return row.group + '\n' + (row.head ? std::string("\n") : poolKey(row));
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
        row.state = row.reason == "paused" ? State::Paused : State::Awaited;
        facts.targets[row.target] = row;
    });
    for (const metrics::TargetState& state :
         snapshot.targets) { // an older recording has none: then the words of the label count
        const auto row = facts.targets.find(state.name);
        if (row != facts.targets.end()) {
            row->second.reason = state.reason;
            row->second.color = state.color;
            row->second.origin = state.origin;
            row->second.refused = state.refused;
        }
    }
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

bool isProduction(const std::string& environment)
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
           a.color == b.color && a.origin == b.origin && a.refused == b.refused && a.group == b.group &&
           a.groupRank == b.groupRank && a.members == b.members && a.bad == b.bad && a.head == b.head &&
           a.folded == b.folded && same(a.inUse, b.inUse) && same(a.idle, b.idle) &&
           same(a.waiting, b.waiting) && same(a.max, b.max) && same(a.meanWait, b.meanWait) &&
           same(a.timeouts, b.timeouts) &&
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
        if (row.head) {
            continue;
        }
        const std::string key = poolKey(row);
        if (const auto shown = trends.find(key); shown != trends.end()) { // in another group, too
            row.trend = shown->second;
            continue;
        }
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
    if (role == ColorRole) {
        return text(row.color);
    }
    if (role == HeadRole) {
        return row.head;
    }
    if (role == GroupRole) {
        return text(row.group);
    }
    if (role == GroupRankRole) {
        return row.groupRank;
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

namespace {

std::vector<std::string> groupsOf(const Row& row, TargetGrouping grouping)
{
    switch (grouping) {
    case TargetGrouping::None:
        break;
    case TargetGrouping::Environment:
        return {row.environment};
    case TargetGrouping::Kind:
        return {row.source};
    case TargetGrouping::Tag: {
        std::vector<std::string> tags;
        for (const QString& tag : text(row.tags).split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
            tags.push_back(tag.toStdString());
        }
        return tags.empty() ? std::vector<std::string>{std::string()} : tags;
    }
    }
    return {std::string()};
}

} // namespace

std::vector<TargetRow> groupedRows(std::vector<TargetRow> rows, TargetGrouping grouping,
                                   const std::set<std::string>& folded)
{
    if (grouping == TargetGrouping::None) {
        return rows;
    }
    std::map<std::string, Row> heads;
    std::vector<Row> all;
    for (const Row& row : rows) {
        for (const std::string& group : groupsOf(row, grouping)) {
            all.push_back(row);
            all.back().group = group;
            Row& head = heads[group];
            head.state = head.members == 0 ? row.state : std::max(head.state, row.state);
            head.bad += row.inTrouble() ? 1 : 0;
            ++head.members;
        }
    }
    for (Row& row : all) {
        row.groupRank = -static_cast<int>(heads[row.group].state);
    }
    for (auto& [group, head] : heads) {
        head.head = true;
        head.group = group;
        head.groupRank = -static_cast<int>(head.state);
        head.folded = folded.contains(group);
        all.push_back(std::move(head));
    }
    return all;
}

void TargetOrder::setFolded(std::set<std::string> folded)
{
    m_folded = std::move(folded);
    invalidateFilter();
}

bool TargetOrder::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const bool down = sortOrder() == Qt::DescendingOrder; // then "less" comes last
    const int a = left.data(GroupRankRole).toInt();
    const int b = right.data(GroupRankRole).toInt();
    if (a != b) {
        return down ? a > b : a < b;
    }
    if (const int names = QString::compare(left.data(GroupRole).toString(), right.data(GroupRole).toString());
        names != 0) {
        return down ? names > 0 : names < 0;
    }
    if (const bool head = left.data(HeadRole).toBool(); head != right.data(HeadRole).toBool()) {
        return down ? !head : head;
    }
    return SortProxy::lessThan(left, right);
}

bool TargetOrder::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!index.data(HeadRole).toBool()) {
        return !m_folded.contains(index.data(GroupRole).toString().toStdString()) &&
               SortProxy::filterAcceptsRow(row, parent);
    }
    const QVariant group = index.data(GroupRole);
    for (int other = 0; other < sourceModel()->rowCount(parent); ++other) {
        const QModelIndex member = sourceModel()->index(other, 0, parent);
        if (member.data(GroupRole) == group && !member.data(HeadRole).toBool() &&
            SortProxy::filterAcceptsRow(other, parent)) {
            return true;
        }
    }
    return false;
}

} // namespace models
