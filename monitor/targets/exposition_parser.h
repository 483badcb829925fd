// Pages that other programs serve under /metrics, read with suspicion: text format 0.0.4 (Prometheus'
// "Exposition formats") and OpenMetrics 1.0.0.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace targets {

enum class TextFormat { Text, OpenMetrics };

// By a Content-Type header; whatever does not say OpenMetrics is taken for the older format.
[[nodiscard]] TextFormat formatOf(std::string_view contentType) noexcept;

// What a page may cost, whoever wrote it. Beyond the first two the rest of the page is left unread, beyond
// the others a line.
struct PageLimits {
    std::size_t bytes = 16U << 20U;
    std::size_t series = 10'000;
    std::size_t labels = 60;       // of one series
    std::size_t nameBytes = 256;   // of a metric's or label's name
    std::size_t valueBytes = 4096; // of a label's value
    std::size_t helpBytes = 1024;  // of what is kept of a HELP text
};

enum class MetricType { Unknown, Counter, Gauge, Histogram, Summary, Info, StateSet, GaugeHistogram };

struct PageFamily {
    std::string name; // as TYPE, HELP and UNIT have it: OpenMetrics' counters without _total
    MetricType type = MetricType::Unknown;
    std::string help;
    std::string unit;
};

struct PageSample {
    metrics::Labels labels;         // with __name__, sorted, no empty values
    double value = 0;               // every NaN is the same quiet one: never a stale marker
    std::optional<std::int64_t> at; // ms since the epoch, where the page says it
    bool disputed = false;          // a further sample of this series had another value
};

struct PageExemplar {
    std::size_t sample = 0; // index
    metrics::Labels labels;
    double value = 0;
    std::optional<std::int64_t> at;
};

// What was wrong with a page. Its good lines count all the same.
struct PageFaults {
    std::size_t badLines = 0;
    std::size_t firstBadLine = 0; // from 1; 0 = none
    std::string firstReason;      // one line, no bytes of the page's
    std::size_t duplicates = 0;   // further samples of a series that had one: the first counts
    bool limited = false;         // more bytes or series than allowed
};

struct Page {
    std::vector<PageFamily> families; // in their order, each once
    std::vector<PageSample> samples;  // in their order, each series once
    std::vector<PageExemplar> exemplars;
    PageFaults faults;
    bool ended = false; // OpenMetrics: "# EOF" was there, without which the page is cut off
};

// Total: any bytes are fine, and cost no more than the limits allow. Thread-safe.
[[nodiscard]] Page parsePage(std::string_view text, TextFormat format, const PageLimits& limits = {});

// A page's value: "1", "-2.5e3", "+Inf", "NaN" …; nothing when it is none. Thread-safe.
[[nodiscard]] std::optional<double> parseValue(std::string_view text) noexcept;

} // namespace targets
