// What one evaluation of 1,000 alert rules over 10,000 series costs: a history of five minutes at 1 Hz, of
// which every rule looks at the ten series of one metric; one series in a hundred fires.
//   rules_bench [--what mixed|threshold|ratio|aggregate|rate] [--secs S] [--warm W]
#include "monitor/alert/rule_engine.h"
#include "tests/bench/bench_line.h"
#include "tests/bench/cells.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace {

constexpr int kRules = 1000;
constexpr int kSeriesEach = 10;
constexpr int kHistory = 300; // s
constexpr std::array<std::string_view, 2> kLabels{"pool", "shard"};

// Metrics m_0 … and their values at a second. Names and definitions live as long as the snapshots.
class Source {
public:
    Source()
    {
        for (int i = 0; i < kRules; ++i) {
            m_names.push_back(fmt::format("m_{:03}", i));
            m_defs.push_back(
                {m_names.back(), metrics::Kind::Counter, core::Unit::Count, "", {}, {}, kLabels});
        }
    }

    [[nodiscard]] metrics::Snapshot at(int second) const
    {
        metrics::Snapshot snapshot;
        snapshot.at = core::WallTime(std::chrono::seconds(1'700'000'000 + second));
        snapshot.steady = core::SteadyTime(std::chrono::seconds(second));
        snapshot.interval = std::chrono::seconds(1);
        metrics::SampleBuilder out(snapshot);
        for (int rule = 0; rule < kRules; ++rule) {
            for (int shard = 0; shard < kSeriesEach; ++shard) {
                const bool high = shard == 0 && rule % 10 == 0;
                const double value = (high ? 20.0 : 1.0) * second + (rule + shard) % 13;
                out.push(m_defs[static_cast<std::size_t>(rule)], value,
                         {{"pool", shard % 2 == 0 ? "a" : "b"}, {"shard", std::to_string(shard)}});
            }
        }
        return snapshot;
    }

private:
    std::deque<std::string> m_names;
    std::deque<metrics::MetricDef> m_defs;
};

using Expression = std::function<std::string(int rule)>;

std::string threshold(int rule)
{
    return fmt::format("m_{:03} > 3000", rule);
}

std::string ratio(int rule)
{
    return fmt::format("m_{:03} / m_{:03} > 10", rule, (rule + 1) % kRules);
}

std::string aggregated(int rule)
{
    return fmt::format("sum by (pool) (m_{:03}) > 6000", rule);
}

std::string rated(int rule)
{
    return fmt::format("rate(m_{:03}[5m]) > 10", rule);
}

// What a rule file looks like: mostly thresholds, some rates, sums and ratios.
std::string mixed(int rule)
{
    switch (rule % 10) {
    case 1:
        return rated(rule);
    case 2:
        return aggregated(rule);
    case 3:
        return ratio(rule);
    default:
        return threshold(rule);
    }
}

std::filesystem::path writeRules(const Expression& expression)
{
    const auto path = std::filesystem::temp_directory_path() / fmt::format("rules_bench_{}.yml", getpid());
    std::ofstream file(path);
    file << "groups:\n  - name: bench\n    rules:\n";
    for (int rule = 0; rule < kRules; ++rule) {
        file << fmt::format("      - alert: Alert{}\n        expr: {}\n        for: 1m\n        labels:\n"
                            "          severity: warning\n        annotations:\n"
                            "          summary: \"{{{{ $labels.shard }}}} at {{{{ $value }}}}\"\n",
                            rule, expression(rule));
    }
    return path;
}

// Of this thread, in µs: what the others of a busy machine take does not count.
double cpuSpent()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

bool measure(const char* what, const Expression& expression, const bench::Options& options)
{
    const Source source;
    series::Head head;
    const promql::Querier querier(head);
    alert::RuleEngine engine(head, querier);
    const auto path = writeRules(expression);
    const auto loaded = engine.load({path.string()});
    std::filesystem::remove(path);
    if (!loaded) {
        std::fprintf(stderr, "%s\n", loaded.error().text().c_str());
        return false;
    }
    int second = 0;
    while (second < kHistory) {
        head.append(source.at(second++));
    }
    std::vector<double> micros;
    std::vector<double> cpuMicros;
    const auto begin = std::chrono::steady_clock::now();
    const auto enough = [&] {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        return spent.count() > options.warm + options.seconds && micros.size() >= 20;
    };
    std::size_t alerts = 0;
    while (!enough()) {
        metrics::Snapshot snapshot = source.at(second++);
        head.append(snapshot);
        const auto before = std::chrono::steady_clock::now();
        const double cpuBefore = cpuSpent();
        engine.evaluate(snapshot);
        const double cpu = cpuSpent() - cpuBefore;
        const auto after = std::chrono::steady_clock::now();
        if (before - begin > std::chrono::duration<double>(options.warm)) {
            micros.push_back(std::chrono::duration<double, std::micro>(after - before).count());
            cpuMicros.push_back(cpu);
        }
        alerts = snapshot.alerts.size();
    }
    bench::line({{"bench", "rules"}, {"what", what}}, {{"rules", kRules},
                                                       {"series", static_cast<double>(head.stats().series)},
                                                       {"alerts", static_cast<double>(alerts)},
                                                       {"us", bench::mean(micros)},
                                                       {"cpu_us", bench::mean(cpuMicros)},
                                                       {"us_p99", bench::percentile(micros, 0.99)}});
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    const bench::Options options = bench::parse(argc, argv);
    const std::string only = bench::argument(argc, argv, "--what", "");
    const std::array<std::pair<const char*, Expression>, 5> kinds{{{"mixed", mixed},
                                                                   {"threshold", threshold},
                                                                   {"ratio", ratio},
                                                                   {"aggregate", aggregated},
                                                                   {"rate", rated}}};
    for (const auto& [what, expression] : kinds) {
        if ((only.empty() || only == what) && !measure(what, expression, options)) {
            return 1;
        }
    }
    return 0;
}
