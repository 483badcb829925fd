// What is written down at the moment an alert fires.
#include "monitor/engine/alert_keeper.h"

#include "monitor/series/label_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace engine {

namespace {

using metrics::Evidence;
using metrics::Snapshot;

constexpr std::size_t kMost = 50;
constexpr std::size_t kMostSlow = 20;

constexpr std::array<std::string_view, 8> kHostFigures{"host_cpu_usage_ratio",
                                                       "host_load1",
                                                       "host_load5",
                                                       "host_memory_usage_ratio",
                                                       "host_disk_usage_ratio",
                                                       "host_swap_usage_ratio",
                                                       "host_processes",
                                                       "host_pressure_io_waiting_ratio"};

std::vector<Evidence::Holder> holdersOf(const Snapshot& snapshot)
{
    std::vector<Evidence::Holder> holders;
    for (const metrics::SlotRow& slot : snapshot.pool.slots) {
        if (slot.heldFor.count() > 0) {
            const bool runs = slot.state == metrics::SlotState::Active;
            holders.push_back({slot.slot, slot.backendPid, slot.tag, slot.site, runs ? slot.statement : std::string(),
                               slot.heldFor, slot.state == metrics::SlotState::Leaked,
                               runs ? std::string() : slot.statement});
        }
    }
    std::ranges::stable_sort(holders, [](const auto& a, const auto& b) { return a.heldFor > b.heldFor; });
    holders.resize(std::min(holders.size(), kMost));
    return holders;
}

std::vector<Evidence::Waiter> waitersOf(const Snapshot& snapshot)
{
    std::vector<Evidence::Waiter> waiters;
    for (const metrics::WaiterRow& waiter : snapshot.pool.waiters) {
        if (waiters.size() < kMost) {
            waiters.push_back({waiter.tag, waiter.site, waiter.waitingFor});
        }
    }
    return waiters;
}

// The slowest observations the histogram of statements still remembers, with the fingerprint of each.
std::vector<Evidence::Statement> slowOf(const Snapshot& snapshot)
{
    std::vector<Evidence::Statement> slow;
    const metrics::Family* family = snapshot.find("db_query_duration_seconds");
    for (const metrics::Series& series :
         family != nullptr ? family->series : std::vector<metrics::Series>()) {
        for (const metrics::Exemplar& one :
             series.histogram ? series.histogram->exemplars : std::vector<metrics::Exemplar>()) {
            std::string text;
            for (const auto& [name, value] : one.labels) {
                text += (text.empty() ? "" : " ") + name + "=" + value;
            }
            slow.push_back({std::move(text), one.value, 1});
        }
    }
    std::ranges::stable_sort(slow,
                             [](const auto& a, const auto& b) { return a.meanSeconds > b.meanSeconds; });
    slow.resize(std::min(slow.size(), kMostSlow));
    return slow;
}

std::vector<Evidence::Figure> hostOf(const Snapshot& snapshot)
{
    std::vector<Evidence::Figure> figures;
    for (const std::string_view name : kHostFigures) {
        const metrics::Family* family = snapshot.find(name);
        for (const metrics::Series& series :
             family != nullptr ? family->series : std::vector<metrics::Series>()) {
            metrics::Labels labels = series.labels;
            series::setLabel(labels, series::kNameLabel, name);
            if (figures.size() < kMost) {
                figures.push_back({series::labelsText(labels), series.value});
            }
        }
    }
    return figures;
}

std::string serverOf(const metrics::ServerView& server)
{
    switch (server.state) {
    case metrics::ServerView::State::Up:
        return "up";
    case metrics::ServerView::State::Starting:
        return "starting";
    case metrics::ServerView::State::Down:
        return server.error.empty() ? "down" : "down: " + server.error;
    case metrics::ServerView::State::Unknown:
        break;
    }
    return "unknown";
}

} // namespace

Evidence evidenceOf(const Snapshot& snapshot)
{
    const metrics::PoolView& pool = snapshot.pool;
    Evidence evidence;
    evidence.holders = holdersOf(snapshot);
    evidence.waiters = waitersOf(snapshot);
    evidence.slow = slowOf(snapshot);
    evidence.host = hostOf(snapshot);
    evidence.server = serverOf(snapshot.server);
    if (pool.present) {
        evidence.pool = {{"size", static_cast<double>(pool.config.size)},
                         {"max_connections", static_cast<double>(pool.maxConnections)},
                         {"checked_out", static_cast<double>(pool.checkedOut)},
                         {"checked_in", static_cast<double>(pool.checkedIn)},
                         {"overflow", static_cast<double>(pool.overflow)},
                         {"waiting", static_cast<double>(pool.waiting)},
                         {"usage", pool.usage}};
    }
    return evidence;
}

} // namespace engine
