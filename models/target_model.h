// Other people's pools: how each is, the worst first.
#pragma once

#include "models/roles.h"
#include "models/table_model.h"
#include "monitor/metrics/snapshot.h"

#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace models {

// QVariantList of numbers 0 … 1, oldest first: the usage of the last ticks. Of the trend's column only.
inline constexpr int TrendRole = NameRole + 1;
// bool: the row is of an environment where mistakes are dear.
inline constexpr int ProductionRole = NameRole + 2;

// One pool of a target; a target without any known has one row. NaN is unknown.
struct TargetRow {
    // In the order of how bad they are.
    enum class State { Well, Awaited, Foreign, Waiting, Warning, Critical, Exhausted, Down };

    std::string target;
    std::string pool; // "" where the target has but one without a name
    std::string environment;
    std::string tags;
    std::string source; // "HikariCP (Micrometer)"
    std::string url;
    std::string reason; // why it is down, or what was not understood
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
    [[nodiscard]] bool production() const noexcept; // "production", "prod", "live", in any case
    friend bool operator==(const TargetRow& a, const TargetRow& b) noexcept; // unknown equals unknown
};

// The rows of a tick, from its target_* families.
[[nodiscard]] std::vector<TargetRow> targetRows(const metrics::Snapshot& snapshot);

// Key: target and pool.
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

} // namespace models
