// What a Prometheus-compatible server answers (its HTTP API, /api/v1), read from JSON nobody vouches for.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/querier.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {

// What an answer may hold at most: beyond it is refused, so that nothing unbounded is kept.
struct AnswerLimits {
    std::size_t series = 50'000;
    std::size_t points = 4'000'000;
    std::size_t texts = 100'000; // of lists: labels, values
};

struct QueryAnswer {
    std::vector<metrics::PointSeries>
        series;                        // labels sorted, points ascending; a scalar is one without labels
    std::vector<std::string> warnings; // warnings[] and infos[], one line each, at most 20
};

// Total: any bytes are fine. The error is the server's own reason (code: its errorType), or what is wrong
// with the answer (code "strange").
[[nodiscard]] core::Result<QueryAnswer> readQueryAnswer(std::string_view json,
                                                        const AnswerLimits& limits = {});

struct BuildInfo {
    std::string application; // "Grafana Mimir"; empty with Prometheus
    std::string version;
    std::string revision;
};
[[nodiscard]] core::Result<BuildInfo> readBuildInfo(std::string_view json);

enum class Dialect { Prometheus, Thanos, Mimir, VictoriaMetrics };
[[nodiscard]] Dialect dialectOf(const BuildInfo& info);
[[nodiscard]] std::string_view dialectName(Dialect dialect) noexcept;

// data[] of /labels and /label/…/values.
[[nodiscard]] core::Result<std::vector<std::string>> readTexts(std::string_view json,
                                                               const AnswerLimits& limits = {});
// data[] of /series, each label set sorted.
[[nodiscard]] core::Result<std::vector<metrics::Labels>> readLabelSets(std::string_view json,
                                                                       const AnswerLimits& limits = {});

struct MetricMeta {
    std::string name;
    std::string type;
    std::string help;
};
[[nodiscard]] core::Result<std::vector<MetricMeta>> readMetadata(std::string_view json);

} // namespace prometheus
