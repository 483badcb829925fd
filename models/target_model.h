// Other people's pools: how each is, the worst first.
#pragma once

#include "models/roles.h"
#include "models/sort_proxy.h"
#include "models/table_model.h"
#include "monitor/metrics/snapshot.h"

#include <limits>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace models {

// QVariantList of numbers 0 … 1, oldest first: the usage of the last ticks. Of the trend's column only.
inline constexpr int TrendRole = NameRole + 1;
// bool: the row is of an environment where mistakes are dear.
inline constexpr int ProductionRole = NameRole + 2;
// QString: the environment's colour as it was chosen, "#rrggbb"; empty: none was.
inline constexpr int ColorRole = NameRole + 3;
// bool: the row is the head of a group. QString: the group it is of; int: how bad its worst row is, the worst
// is least.
inline constexpr int HeadRole = NameRole + 4;
inline constexpr int GroupRole = NameRole + 5;
inline constexpr int GroupRankRole = NameRole + 6;

// "production", "prod", "live", in any case.
[[nodiscard]] bool isProduction(const std::string& environment);

// One pool of a target; a target without any known has one row. NaN is unknown. Or the head of a group of
// them.
struct TargetRow {
    // In the order of how bad they are.
    enum class State { Paused, Well, Awaited, Foreign, Waiting, Warning, Critical, Exhausted, Down };

    std::string target;
    std::string pool; // "" where the target has but one without a name
    std::string environment;
    std::string tags;
    std::string source; // "HikariCP (Micrometer)"
    std::string url;
    std::string reason; // why it is down, or what was not understood
    std::string color;  // of the environment, "#rrggbb"; empty: by its name
    metrics::TargetOrigin origin = metrics::TargetOrigin::Discovered;
    std::uint64_t refused = 0; // series that memory has no room for
    std::string group;         // "" without grouping
    int groupRank = 0;         // -State of the group's worst
    int members = 0;           // of a head: the group's rows, and those in trouble
    int bad = 0;
    bool head = false;
    bool folded = false; // of a head: its rows are hidden
    State state = State::Awaited;
    double inUse = std::numeric_limits<double>::quiet_NaN();
    double idle = std::numeric_limits<double>::quiet_NaN();
    double waiting = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
    double meanWait = std::numeric_limits<double>::quiet_NaN(); // seconds, over the last minute
    double timeouts = std::numeric_limits<double>::quiet_NaN(); // since the target's start
    std::vector<double> trend;

    // in use / most; NaN when either is unknown.
    [[nodiscard]] double usage() const noexcept
    {
        return max > 0 ? inUse / max : std::numeric_limits<double>::quiet_NaN();
    }
    [[nodiscard]] bool production() const { return isProduction(environment); }
    [[nodiscard]] bool inTrouble() const noexcept { return state >= State::Waiting; }
    friend bool operator==(const TargetRow& a, const TargetRow& b) noexcept; // unknown equals unknown
};

// The rows of a tick, from its target_* families.
[[nodiscard]] std::vector<TargetRow> targetRows(const metrics::Snapshot& snapshot);

enum class TargetGrouping { None, Environment, Tag, Kind };
// Heads before the rows, which then name their group; of several tags a row is in each one's group. `folded`:
// groups whose rows are hidden (TargetOrder does).
[[nodiscard]] std::vector<TargetRow> groupedRows(std::vector<TargetRow> rows, TargetGrouping grouping,
                                                 const std::set<std::string>& folded);

// Key: group, target and pool.
class TargetModel final : public KeyedTableModel<TargetRow, std::string> {
public:
    explicit TargetModel(QObject* parent = nullptr);
    // The tick's rows; each keeps the usage of the last kTrend ticks.
    void show(std::vector<TargetRow> rows);

    static constexpr std::size_t kTrend = 60;

protected:
    [[nodiscard]] QVariant rowData(const TargetRow& row, int role) const override;

private:
    std::unordered_map<std::string, std::vector<double>> m_trends;
};

// Groups stay together, the worst first, each below its head, whatever the rows are sorted by. A head is
// shown as long as one of its rows fits the needle; the rows of a folded group are hidden.
class TargetOrder final : public SortProxy {
    Q_OBJECT
public:
    using SortProxy::SortProxy;
    void setFolded(std::set<std::string> folded);

protected:
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    std::set<std::string> m_folded;
};

} // namespace models
