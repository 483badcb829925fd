// Ticks with other people's pools in them: t1000, t1001 …, of which the fourth is down.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <QObject>
#include <QWidget>

#include <array>
#include <memory>
#include <string>

namespace target_snapshots {

inline constexpr std::array<std::string_view, 7> kLabels{"environment", "pool",   "reason", "source",
                                                         "tags",        "target", "url"};
constexpr metrics::MetricDef gauge(std::string_view name)
{
    return {name, metrics::Kind::Gauge, core::Unit::None, "", {}, {}, kLabels};
}
inline constexpr metrics::MetricDef kInfo = gauge("target_info");
inline constexpr metrics::MetricDef kUp = gauge("target_up");
inline constexpr metrics::MetricDef kInUse = gauge("target_pool_in_use");
inline constexpr metrics::MetricDef kMax = gauge("target_pool_max");

inline metrics::SnapshotPtr snapshotOf(int targets, double inUse)
{
    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->at = core::SystemClock::instance().wallNow();
    snapshot->interval = std::chrono::seconds(1);
    metrics::SampleBuilder out(*snapshot);
    for (int i = 0; i < targets; ++i) {
        const std::string name = "t" + std::to_string(1000 + i);
        const bool down = i == 3;
        out.push(kInfo, 1,
                 {{"environment", i % 2 == 0 ? "production" : "staging"},
                  {"source", "HikariCP"},
                  {"tags", "java"},
                  {"target", name},
                  {"url", "http://x/metrics"}});
        out.push(kUp, down ? 0 : 1, {{"target", name}});
        if (!down) {
            out.push(kInUse, inUse, {{"pool", "main"}, {"target", name}});
            out.push(kMax, 10, {{"pool", "main"}, {"target", name}});
        }
        snapshot->targets.push_back(
            {name, "", down ? "Connection refused" : "", false, metrics::TargetOrigin::List, 0});
    }
    return snapshot;
}

template <class T>
T* find(QWidget& root, const char* name)
{
    T* found = root.findChild<T*>(QString::fromLatin1(name));
    if (found == nullptr) {
        qFatal("there is no %s", name);
    }
    return found;
}

} // namespace target_snapshots
