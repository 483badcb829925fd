// Answers of /query and /query_range: read event by event straight into points, so that a large one is not
// held twice.
#include "monitor/prometheus/answer.h"

#include "monitor/core/format.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace prometheus {

namespace {

using nlohmann::json;

constexpr std::size_t kMostWarnings = 20;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostLabels = 200;
constexpr double kLatest = 253402300800.0; // seconds, the end of year 9999

// Values are texts: "0.5", "NaN", "+Inf".
std::optional<double> valueOf(std::string_view text)
{
    if (text == "+Inf" || text == "Inf") {
        return std::numeric_limits<double>::infinity();
    }
    if (text == "-Inf") {
        return -std::numeric_limits<double>::infinity();
    }
    if (text == "NaN") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

class Listener final : public nlohmann::json_sax<json> {
public:
    explicit Listener(const AnswerLimits& limits)
        : m_limits(limits)
    {
    }

    bool null() override { return true; }
    bool boolean(bool yes) override
    {
        // VictoriaMetrics' cluster has no warnings: app/vmselect/prometheus/query_range_response.qtpl
        if (yes && m_path.size() == 1 && m_path[0].key == "isPartial") {
            warn("the answer is partial: some of its storage nodes are away");
        }
        return true;
    }
    bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
    bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
    bool number_float(number_float_t value, const string_t&) override { return number(value); }
    bool binary(binary_t&) override { return false; }
    bool string(string_t& text) override
    {
        if (m_path.empty()) {
            return true;
        }
        if (m_inPoint) {
            return text_(text);
        }
        if (const Frame& frame = m_path.back(); m_path.size() == 1 && !frame.array) {
            (frame.key == "status"      ? m_status
             : frame.key == "error"     ? m_error
             : frame.key == "errorType" ? m_errorType
                                        : m_other) = text;
        } else if (m_path.size() == 2 && frame.array &&
                   (m_path[0].key == "warnings" || m_path[0].key == "infos")) {
            warn(text);
        } else if (m_path.size() == 2 && m_path[0].key == "data" && frame.key == "resultType") {
            m_type = text;
        } else if (m_path.size() == 5 && inResult() && m_path[3].key == "metric") {
            m_series.labels.emplace_back(frame.key, std::move(text));
            return m_series.labels.size() <= kMostLabels || refuse("a series has too many labels");
        }
        return true;
    }
    bool start_object(std::size_t) override
    {
        m_path.push_back({});
        m_inPoint = false;
        if (m_path.size() == 4 && inResult()) {
            m_series = {};
        }
        return deepEnough();
    }
    bool key(string_t& name) override
    {
        m_path.back().key = std::move(name);
        return true;
    }
    bool end_object() override
    {
        const bool series = m_path.size() == 4 && inResult();
        m_path.pop_back();
        return !series || keepSeries();
    }
    bool start_array(std::size_t) override
    {
        m_path.push_back({true, {}});
        m_inPoint = atPoint();
        m_hasResult =
            m_hasResult || (m_path.size() == 3 && m_path[0].key == "data" && m_path[1].key == "result");
        if (m_inPoint) {
            m_at.reset();
            m_value.reset();
        }
        return deepEnough();
    }
    bool end_array() override
    {
        const bool point = m_inPoint && atPoint();
        m_path.pop_back();
        m_inPoint = false;
        if (m_path.size() == 2 && m_at && m_value) { // of a scalar the result is the point itself
            m_scalar = metrics::Point{*m_at, *m_value};
        }
        return !point || m_path.size() == 2 || keepPoint();
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        m_problem = fmt::format("the answer is no JSON from byte {} on", position);
        return false;
    }

    core::Result<QueryAnswer> take(bool whole)
    {
        if (m_status == "error" || (!m_error.empty() && m_status != "success")) {
            return core::fail(core::oneLine(m_error.empty() ? "the server gives no reason" : m_error, 500),
                              core::oneLine(m_errorType, 40));
        }
        if (!whole) {
            return core::fail(m_problem.empty() ? "the answer is not that of a Prometheus-compatible server"
                                                : m_problem,
                              "strange");
        }
        const bool single = m_type == "scalar" || m_type == "string";
        const bool several = m_type == "vector" || m_type == "matrix";
        if (m_status != "success" || !m_hasResult || (!single && !several)) {
            return core::fail("the answer is not that of a Prometheus-compatible server", "strange");
        }
        if (single && m_scalar) {
            m_answer.series.push_back({{}, {*m_scalar}});
        }
        return std::move(m_answer);
    }

private:
    struct Frame {
        bool array = false;
        std::string key;
    };

    // data.result[…]
    [[nodiscard]] bool inResult() const
    {
        return m_path.size() >= 4 && m_path[0].key == "data" && m_path[1].key == "result" && m_path[2].array;
    }
    // data.result (scalar), data.result[…].value, data.result[…].values[…]
    [[nodiscard]] bool atPoint() const
    {
        const std::size_t depth = m_path.size();
        return (depth == 3 && m_path[0].key == "data" && m_path[1].key == "result") ||
               (depth == 5 && inResult() && m_path[3].key == "value") ||
               (depth == 6 && inResult() && m_path[3].key == "values" && m_path[4].array);
    }
    [[nodiscard]] bool deepEnough()
    {
        return m_path.size() <= kDeepest || refuse("the answer is nested too deeply");
    }
    bool refuse(std::string why)
    {
        m_problem = std::move(why);
        return false;
    }
    bool number(double value)
    {
        if (m_inPoint && !m_at && std::abs(value) < kLatest) {
            m_at = static_cast<std::int64_t>(std::llround(value * 1000));
        }
        return true;
    }
    bool text_(const std::string& text)
    {
        if (const auto value = valueOf(text)) {
            m_value = *value;
        } else if (m_path.size() == 3) {
            m_value = std::numeric_limits<double>::quiet_NaN(); // a string's text has no number
        }
        return true;
    }
    void warn(const std::string& text)
    {
        if (m_answer.warnings.size() < kMostWarnings) {
            m_answer.warnings.push_back(core::oneLine(text, 300));
        }
    }
    bool keepPoint()
    {
        if (!m_at || !m_value) {
            return refuse("a point of the answer is not [time, \"value\"]");
        }
        if (!m_series.points.empty() && m_series.points.back().at >= *m_at) {
            return refuse("the points of the answer do not ascend");
        }
        m_series.points.push_back({*m_at, *m_value});
        return ++m_points <= m_limits.points ||
               refuse(fmt::format("the answer has more than {} points", m_limits.points));
    }
    bool keepSeries()
    {
        std::sort(m_series.labels.begin(), m_series.labels.end());
        m_answer.series.push_back(std::move(m_series));
        m_series = {};
        return m_answer.series.size() <= m_limits.series ||
               refuse(fmt::format("the answer has more than {} series", m_limits.series));
    }

    const AnswerLimits m_limits;
    QueryAnswer m_answer;
    metrics::PointSeries m_series;
    std::vector<Frame> m_path;
    std::string m_status, m_error, m_errorType, m_type, m_problem, m_other;
    std::optional<std::int64_t> m_at;
    std::optional<double> m_value;
    std::optional<metrics::Point> m_scalar;
    std::size_t m_points = 0;
    bool m_inPoint = false;
    bool m_hasResult = false;
};

} // namespace

core::Result<QueryAnswer> readQueryAnswer(std::string_view text, const AnswerLimits& limits)
{
    Listener listener(limits);
    const bool whole = json::sax_parse(text.begin(), text.end(), &listener);
    return listener.take(whole);
}

} // namespace prometheus
