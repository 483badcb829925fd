#include "monitor/export/open_metrics.h"

#include "monitor/core/format.h"
#include "monitor/export/atomic_file.h"
#include "monitor/series/label_ops.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace exporting {

namespace {

constexpr std::size_t kPiece = 1 << 20; // bytes written at once

// OpenMetrics: \\, \" and \n are escaped in values of labels, nothing else.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? "\\n" : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
    }
    return out;
}

std::string headOf(const metrics::Labels& labels)
{
    std::string inner;
    for (const auto& [name, value] : labels) {
        if (name != series::kNameLabel) {
            inner += fmt::format("{}{}=\"{}\"", inner.empty() ? "" : ",", name, escaped(value));
        }
    }
    const std::string_view name = series::labelValue(labels, series::kNameLabel);
    return inner.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, inner);
}

// Of counters the family's name has no _total; whatever is described otherwise stays of unknown type.
std::string familyText(std::string_view name, const metrics::MetricDef* def)
{
    const bool counter = def != nullptr && def->kind == metrics::Kind::Counter && name.ends_with("_total");
    if (def == nullptr || def->name != name || (!counter && def->kind != metrics::Kind::Gauge)) {
        return {};
    }
    const std::string_view family =
        counter ? name.substr(0, name.size() - std::string_view("_total").size()) : name;
    return fmt::format("# TYPE {0} {1}\n# HELP {0} {2}\n", family, counter ? "counter" : "gauge",
                       escaped(def->help));
}

std::vector<series::Matcher> exactly(const metrics::Labels& labels)
{
    std::vector<series::Matcher> matchers;
    for (const auto& [name, value] : labels) {
        matchers.push_back(series::Matcher::equal(name, value));
    }
    return matchers;
}

class OpenMetricsFile {
public:
    OpenMetricsFile(const TimeSpan& range, AtomicFile file)
        : m_range(range)
        , m_file(std::move(file))
    {
    }

    core::Result<void> add(const series::Reader& reader, const metrics::Labels& labels, const DefFinder& defs)
    {
        const std::string name(series::labelValue(labels, series::kNameLabel));
        if (name != m_name) {
            m_text += familyText(name, defs ? defs(name) : nullptr);
            m_name = name;
        }
        const std::string head = headOf(labels);
        for (const series::SeriesData& one : reader.select(exactly(labels), m_range.from, m_range.to)) {
            if (*one.labels != labels) {
                continue; // has more labels than these
            }
            ++m_done.columns;
            for (const series::Sample& sample : one.samples) {
                if (!series::isStale(sample.value)) {
                    ++m_done.rows;
                    ++m_done.values;
                    m_text += fmt::format("{} {} {}.{:03}\n", head, core::numberText(sample.value),
                                          sample.at / 1000, sample.at % 1000);
                }
            }
        }
        return m_text.size() < kPiece ? core::Result<void>() : flush();
    }

    core::Result<Exported> end()
    {
        m_text += "# EOF\n";
        for (const auto& done : {flush(), m_file.commit()}) {
            if (!done) {
                return core::Unexpected{done.error()};
            }
        }
        return m_done;
    }

private:
    core::Result<void> flush()
    {
        m_done.bytes += m_text.size();
        return m_file.write(std::exchange(m_text, {}));
    }

    const TimeSpan m_range;
    AtomicFile m_file;
    std::string m_text;
    std::string m_name;
    Exported m_done;
};

} // namespace

core::Result<Exported> exportOpenMetrics(const series::Reader& reader,
                                         const std::vector<series::Matcher>& matchers, const TimeSpan& range,
                                         const std::filesystem::path& file, const DefFinder& defs,
                                         const ExportWatch& watch)
{
    if (range.from > range.to) {
        return core::fail("the range ends before it begins");
    }
    auto all = reader.list(matchers, range.from, range.to);
    if (all.empty()) {
        return core::fail("nothing is known of this range", "EMPTY");
    }
    std::sort(all.begin(), all.end(), [](const series::LabelsPtr& a, const series::LabelsPtr& b) {
        const auto name = [](const series::LabelsPtr& one) {
            return series::labelValue(*one, series::kNameLabel);
        };
        return name(a) != name(b) ? name(a) < name(b) : *a < *b;
    });
    auto opened = file == kStandardOutput ? AtomicFile::standardOutput() : AtomicFile::open(file);
    if (!opened) {
        return core::Unexpected{opened.error()};
    }
    OpenMetricsFile out(range, std::move(*opened));
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (watch.stop.stop_requested()) {
            return core::canceled();
        }
        if (const auto added = out.add(reader, *all[i], defs); !added) {
            return core::Unexpected{added.error()};
        }
        if (watch.progress) {
            watch.progress(static_cast<double>(i + 1) / static_cast<double>(all.size()));
        }
    }
    return watch.stop.stop_requested() ? core::Result<Exported>(core::canceled()) : out.end();
}

} // namespace exporting
