// Reads the plain text files in which Prometheus tests its language (load series, evaluate, compare), and
// runs them against ours. Format: promql/test.go of Prometheus 2.42.
#pragma once

#include "monitor/series/head.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace language {

// What "metric{a="b"} 1+2x3 _ stale" means: a label set and values, nullopt where the step has none.
struct SeriesLine {
    series::Labels labels;
    std::vector<std::pair<std::size_t, double>> values; // index of the step and value
    std::size_t steps = 0;
};

// Throws std::runtime_error when the line is no such description.
[[nodiscard]] SeriesLine parseSeriesLine(std::string_view line);

// Runs one file; the messages of what did not come out as written, with line numbers. Each check is made at
// the instant and once more as the middle step of a range.
class Runner {
public:
    [[nodiscard]] std::vector<std::string> run(const std::string& text);
    [[nodiscard]] int checks() const noexcept { return m_checks; }

private:
    struct Expected {
        bool scalar = false;
        double value = 0;
        std::vector<std::pair<series::Labels, double>> series;
    };

    void load(std::int64_t step, const std::vector<std::string>& lines);
    void eval(std::string_view mode, std::int64_t at, const std::string& expr,
              const std::vector<std::string>& lines);
    void compare(const std::vector<std::pair<series::Labels, double>>& got, const Expected& expected,
                 std::string_view where, bool ordered);
    const series::Head& head();
    void complain(std::string message);

    std::map<std::int64_t, std::map<series::Labels, double>> m_samples;
    std::unique_ptr<series::Head> m_head; // made anew after each load
    std::vector<std::string> m_failures;
    int m_line = 0;
    int m_checks = 0;
    std::string m_expr;
};

} // namespace language
