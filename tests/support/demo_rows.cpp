#include "tests/support/demo_rows.h"

#include <cmath>
#include <fmt/format.h>

namespace demo {

namespace {

using core::Text;
using metrics::AlertState;
using metrics::Severity;

struct RuleSpec {
    const char* name;
    const char* metric;
    double threshold;
    const char* op;
    int holdSeconds;
    Severity severity;
    core::Unit unit;
    Text summary;
};

constexpr RuleSpec kRules[] = {
    {"HighPoolUsage",
     "db_pool_usage",
     0.8,
     ">",
     60,
     Severity::Warning,
     core::Unit::Ratio,
     {"Pool usage is high", "连接池使用率过高"}},
    {"CriticalPoolUsage",
     "db_pool_usage",
     0.9,
     ">",
     30,
     Severity::Critical,
     core::Unit::Ratio,
     {"Pool usage is critical", "连接池使用率严重过高"}},
    {"NoIdleConnections",
     "db_pool_checked_in",
     0,
     "==",
     60,
     Severity::Critical,
     core::Unit::Count,
     {"No idle connection", "无空闲连接"}},
    {"CallersWaiting",
     "db_pool_waiters",
     5,
     ">",
     5,
     Severity::Warning,
     core::Unit::Count,
     {"Callers are waiting", "有请求在等待连接"}},
    {"HighMemoryUsage",
     "host_memory_usage_ratio",
     0.8,
     ">",
     0,
     Severity::Warning,
     core::Unit::Ratio,
     {"Memory is short", "内存使用率过高"}},
    {"HighDiskUsage",
     "host_disk_usage_ratio",
     0.8,
     ">",
     0,
     Severity::Warning,
     core::Unit::Ratio,
     {"Disk is filling up", "磁盘空间不足"}},
    {"HighCpuUsage",
     "host_cpu_usage_ratio",
     0.9,
     ">",
     120,
     Severity::Warning,
     core::Unit::Ratio,
     {"CPU is busy", "CPU 使用率过高"}},
    {"HighCpuLoad",
     "host_load5",
     6,
     ">",
     0,
     Severity::Warning,
     core::Unit::Load,
     {"Load is high", "CPU 负载过高"}},
};

bool breached(const RuleSpec& rule, double value) {
    return std::string_view(rule.op) == "==" ? value == rule.threshold : value > rule.threshold;
}

// How long the condition has held, told from the story: all breaches of the demo begin with the scenario.
double heldSince(const RuleSpec& rule, const Story& story) {
    const double lag = std::string_view(rule.name) == "HighPoolUsage"       ? 95
                       : std::string_view(rule.name) == "CriticalPoolUsage" ? 330
                                                                            : 80;
    return story.at - kScenarioFrom - lag;
}

metrics::RuleRow ruleRow(const RuleSpec& rule, double value) {
    metrics::RuleRow row;
    row.group = std::string_view(rule.metric).starts_with("host_") ? "host" : "pool";
    row.name = rule.name;
    row.expr = fmt::format("{} {} {}", rule.metric, rule.op, rule.threshold);
    row.file = "default.yml";
    row.holdFor = std::chrono::seconds(rule.holdSeconds);
    row.severity = rule.severity;
    row.metric = rule.metric;
    row.threshold = rule.threshold;
    row.op = rule.op;
    row.value = value;
    row.unit = rule.unit;
    return row;
}

metrics::AlertRow alertRow(const RuleSpec& rule, const metrics::RuleRow& state,
                           const metrics::Snapshot& snapshot, double held, core::Lang lang) {
    metrics::AlertRow row;
    row.name = rule.name;
    row.labels = {{"alertname", rule.name}, {"severity", metrics::severityName(rule.severity)}};
    row.severity = rule.severity;
    row.value = state.value;
    row.threshold = rule.threshold;
    row.op = rule.op;
    row.unit = rule.unit;
    const auto since =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::duration<double>(held));
    row.activeSince = snapshot.at - since;
    row.activeFor = since;
    const core::Nanos left = state.holdFor - row.activeFor;
    row.state = left.count() > 0 ? AlertState::Pending : AlertState::Firing;
    row.firesIn = left.count() > 0 ? left : core::Nanos{0};
    row.firedAt = row.state == AlertState::Firing ? row.activeSince + std::chrono::seconds(rule.holdSeconds)
                                                  : core::WallTime{};
    row.summary = rule.summary.in(lang);
    row.description = fmt::format("{} {} {}", core::humanText(row.value, rule.unit), rule.op,
                                  core::humanText(rule.threshold, rule.unit));
    return row;
}

} // namespace

void fillServer(metrics::Snapshot& snapshot, const Rows& rows) {
    using namespace std::chrono_literals;
    using State = metrics::ServerView::State;
    const Story& story = rows.moment.story;
    metrics::ServerView& server = snapshot.server;
    server.state = story.down ? State::Down : State::Up;
    server.target = "embedded";
    server.version = "15.14";
    server.latency = std::chrono::microseconds(
        140 + static_cast<int>(60 * noise(rows.moment.seed, 30, rows.moment.second)));
    server.since = rows.options.start;
    server.maxConnections = 100;
    server.otherSessions = 3;
    server.ownSessions = snapshot.pool.total + 1;
    if (story.down) {
        server.error = "connection refused";
        server.sqlstate = "08006";
        server.nextTryIn = 4s;
        server.since = snapshot.at - std::chrono::seconds(static_cast<int>(story.at - kDownFrom));
        const Text text{"The server does not answer: connection refused", "数据库无响应：连接被拒绝"};
        snapshot.banners.push_back(
            {"server", true, server.since, std::string(text.in(rows.options.lang)), "SQLSTATE 08006", 4s});
    }
    const auto ok = metrics::SourceState::Ok;
    snapshot.sources = {
        {"pool", ok, 0s, 21us, ""},
        {"cpu", ok, 0s, 9us, ""},
        {"memory", ok, 0s, 6us, ""},
        {"disk", ok, 0s, 14us, ""},
        {"network", ok, 0s, 8us, ""},
        {"pressure", metrics::SourceState::Unavailable, 0s, 0us, "this kernel has no pressure files"}};
    snapshot.cost.cpuRatio = 0.011 + 0.002 * noise(rows.moment.seed, 31, rows.moment.second);
    snapshot.cost.dbTimeRatio = 0.0004;
    snapshot.cost.residentBytes = 61'000'000;
    snapshot.cost.tickCost = 310us;
}

void fillAlerts(metrics::Snapshot& snapshot, const Rows& rows) {
    for (const RuleSpec& rule : kRules) {
        double value = snapshot.value(rule.metric);
        if (std::string_view(rule.metric) == "host_disk_usage_ratio") {
            value = snapshot.value(rule.metric, {{"mountpoint", "/"}});
        }
        metrics::RuleRow row = ruleRow(rule, value);
        const double held = heldSince(rule, rows.moment.story);
        const bool ours = row.group == "pool" && rows.moment.story.scenario && held > 0;
        if (ours && breached(rule, value)) {
            snapshot.alerts.push_back(alertRow(rule, row, snapshot, held, rows.options.lang));
            row.state = snapshot.alerts.back().state;
        }
        snapshot.rules.push_back(std::move(row));
    }
}

void fillScenarios(metrics::Snapshot& snapshot, const Rows& rows) {
    struct Spec {
        const char* name;
        Text title;
        Text description;
        std::vector<std::string> expected;
    };
    static const Spec specs[] = {
        {"normal", {"Normal", "正常负载"}, {"A steady mix of short queries.", "稳定的短查询组合。"}, {}},
        {"slow_query",
         {"Slow queries", "慢查询"},
         {"Statements that take longer than 100 ms.", "耗时超过 100 毫秒的语句。"},
         {"HighSlowQueryRate"}},
        {"exhaustion",
         {"Exhaustion", "连接池耗尽"},
         {"Every place is taken, callers queue and time out.", "所有连接被占用，请求排队并超时。"},
         {"HighPoolUsage", "CriticalPoolUsage", "NoIdleConnections"}},
        {"leak",
         {"Leak", "连接泄漏"},
         {"Connections are taken and never returned.", "连接被获取后从不归还。"},
         {"LeakSuspected"}},
    };
    const Story& story = rows.moment.story;
    const core::Lang lang = rows.options.lang;
    for (const Spec& spec : specs) {
        metrics::ScenarioRow row;
        row.name = spec.name;
        row.title = spec.title.in(lang);
        row.description = spec.description.in(lang);
        row.parameters = {
            {"threads", std::string(Text{"Threads", "线程数"}.in(lang)), "", 36, 36, 1, 200, true},
            {"hold", std::string(Text{"Hold", "占用时间"}.in(lang)), "ms", 250, 250, 1, 60000, true}};
        row.duration = std::chrono::seconds(static_cast<int>(kScenarioTo - kScenarioFrom));
        row.expectedAlerts = spec.expected;
        if (row.name == "exhaustion" && story.scenario) {
            row.state = metrics::ScenarioState::Running;
            row.progress = (story.at - kScenarioFrom) / (kScenarioTo - kScenarioFrom);
            row.elapsed = std::chrono::milliseconds(static_cast<int>((story.at - kScenarioFrom) * 1000));
            row.startedAt = snapshot.at - std::chrono::floor<std::chrono::microseconds>(row.elapsed);
            row.requests = static_cast<std::uint64_t>((story.at - kScenarioFrom) * 140);
            row.failures = static_cast<std::uint64_t>(rows.counters.timeouts);
            row.phase = Text{"36 callers on 30 places", "36 个请求争用 30 个连接"}.in(lang);
            for (const metrics::AlertRow& alert : snapshot.alerts) {
                if (alert.state == AlertState::Firing) {
                    row.seenAlerts.push_back(alert.name);
                }
            }
        }
        snapshot.scenarios.push_back(std::move(row));
    }
}

void addMarks(std::vector<metrics::Mark>& marks, const metrics::Snapshot& snapshot, const Story& before,
              const Story& now) {
    using Kind = metrics::Mark::Kind;
    if (now.scenario != before.scenario) {
        marks.push_back(
            {now.scenario ? Kind::ScenarioStarted : Kind::ScenarioEnded, snapshot.at, "exhaustion"});
    }
    if (now.down != before.down) {
        marks.push_back({now.down ? Kind::ServerDown : Kind::ServerUp, snapshot.at, "embedded"});
    }
    std::erase_if(marks,
                  [&](const metrics::Mark& mark) { return mark.at < snapshot.at - std::chrono::hours(1); });
}

} // namespace demo
