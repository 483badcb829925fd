// An incident by hand whose figures a test knows.
#pragma once

#include "monitor/report/facts.h"
#include "monitor/report/times.h"

#include <chrono>
#include <string>

namespace testreport {

inline constexpr std::int64_t kFrom = 1'795'165'200'000; // 2026-11-20T09:00:00Z
inline constexpr std::int64_t kTo = kFrom + 3'600'000;

inline core::WallTime at(std::chrono::seconds since)
{
    return report::wallOf(kFrom) + since;
}

inline metrics::Incident exhaustion()
{
    metrics::Incident incident;
    incident.id = "1";
    incident.rule = "CriticalPoolUsage";
    incident.labels = {{"alertname", "CriticalPoolUsage"}};
    incident.severity = metrics::Severity::Critical;
    incident.summary = "Pool usage is critical";
    incident.description = "Pool usage is 100%, above 90%";
    incident.activeSince = at(std::chrono::seconds(600));
    incident.firedAt = at(std::chrono::seconds(720));
    incident.resolvedAt = at(std::chrono::seconds(1500));
    incident.value = 1;
    incident.peak = 1;
    incident.unit = core::Unit::Ratio;
    incident.threshold = 0.9;
    incident.op = ">";
    for (int i = 0; i < 24; ++i) {
        incident.evidence.holders.push_back({i, 1000 + i, i < 20 ? "orders" : "billing", "orders.cpp:42 load",
                                             "", std::chrono::seconds(95 - i), false});
    }
    incident.evidence.holders.push_back(
        {25, 2000, "report", "r.cpp:1", "SELECT * FROM t WHERE a = $1", std::chrono::seconds(3), false});
    incident.evidence.waiters.push_back({"checkout", "cart.cpp:7 pay", std::chrono::seconds(12)});
    incident.evidence.server = "up";
    return incident;
}

inline report::Facts facts(core::Lang lang = core::Lang::English)
{
    report::Facts facts;
    facts.request = {kFrom,
                     kTo,
                     lang,
                     report::TimeZone::Utc,
                     at(std::chrono::seconds(4000)),
                     "1.2.3",
                     "db1:5432/shop",
                     "15.6",
                     "host7",
                     ""};
    facts.records.incidents = {exhaustion()};
    facts.figures.peakUsage = 1;
    facts.figures.peakTaken = 30;
    facts.figures.peakWaiters = 11;
    facts.figures.peakDemand = 41;
    facts.figures.places = 30;
    facts.figures.size = 10;
    facts.figures.longestWait = 29.5;
    facts.figures.timeouts = 120.4;
    facts.figures.slow = 0;
    facts.figures.up = 1;
    facts.measured = true;
    return facts;
}

} // namespace testreport
