#include "monitor/metrics/exposition.h"

#include "monitor/metrics/text_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace metrics {

namespace {

constexpr std::string_view kTotal = "_total";

std::string_view kindName(Kind kind) noexcept {
    switch (kind) {
    case Kind::Gauge:
        return "gauge";
    case Kind::Counter:
        return "counter";
    case Kind::Histogram:
        return "histogram";
    }
    return "";
}

std::size_t charCount(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// {a="b",c="d"} or nothing; `le` is put last, as the reference does.
void writeLabels(TextWriter& out, const Labels& labels, std::string_view le = {}) {
    if (labels.empty() && le.empty()) {
        return;
    }
    out.put('{');
    bool first = true;
    for (const auto& [name, value] : labels) {
        if (!first) {
            out.put(',');
        }
        first = false;
        out.text(name);
        out.text("=\"");
        out.escaped(value, Escape::LabelValue);
        out.put('"');
    }
    if (!le.empty()) {
        out.text(first ? "le=\"" : ",le=\"");
        out.text(le);
        out.put('"');
    }
    out.put('}');
}

// Labels in their order, as many as fit the limit.
Labels fittingLabels(const Labels& labels) {
    Labels fitting;
    std::size_t chars = 0;
    for (const auto& label : labels) {
        const std::size_t more = charCount(label.first) + charCount(label.second);
        if (chars + more <= kMaxExemplarChars) {
            chars += more;
            fitting.push_back(label);
        }
    }
    return fitting;
}

void writeExemplar(TextWriter& out, const Exemplar& exemplar) {
    out.text(" # ");
    const Labels labels = fittingLabels(exemplar.labels);
    if (labels.empty()) {
        out.text("{}");
    }
    writeLabels(out, labels);
    out.put(' ');
    out.value(exemplar.value);
    out.put(' ');
    out.millis(core::epochMillis(exemplar.at));
}

const Exemplar* exemplarOf(const HistogramValue& histogram, std::size_t bucket) {
    const double lower = bucket == 0 ? -HUGE_VAL : histogram.bounds[bucket - 1];
    const double upper = bucket < histogram.bounds.size() ? histogram.bounds[bucket] : HUGE_VAL;
    for (const Exemplar& exemplar : histogram.exemplars) {
        if (exemplar.value > lower && exemplar.value <= upper) {
            return &exemplar;
        }
    }
    return nullptr;
}

class Page {
public:
    Page(Format format, core::Lang lang, std::size_t guess)
        : m_format(format)
        , m_lang(lang)
        , m_out(guess) {}

    void family(const Family& family) {
        const MetricDef& def = *family.def;
        header(def);
        for (const Series& series : family.series) {
            if (series.histogram) {
                histogram(def, series);
            } else {
                sample(def.name, {}, series.labels);
                m_out.value(series.value);
                m_out.put('\n');
            }
        }
    }
    [[nodiscard]] std::string finish() {
        if (m_format == Format::OpenMetrics) {
            m_out.text("# EOF\n");
        }
        return m_out.take();
    }

private:
    void header(const MetricDef& def) {
        std::string_view name = def.name;
        if (m_format == Format::OpenMetrics && def.kind == Kind::Counter && name.ends_with(kTotal)) {
            name.remove_suffix(kTotal.size());
        }
        const bool open = m_format == Format::OpenMetrics;
        m_out.text("# HELP ");
        m_out.text(name);
        m_out.put(' ');
        m_out.escaped(helpText(def, m_lang), open ? Escape::LabelValue : Escape::Help);
        m_out.text("\n# TYPE ");
        m_out.text(name);
        m_out.put(' ');
        m_out.text(kindName(def.kind));
        m_out.put('\n');
    }
    void sample(std::string_view name, std::string_view suffix, const Labels& labels,
                std::string_view le = {}) {
        m_out.text(name);
        m_out.text(suffix);
        writeLabels(m_out, labels, le);
        m_out.put(' ');
    }
    void histogram(const MetricDef& def, const Series& series) {
        const HistogramValue& value = *series.histogram;
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < value.counts.size(); ++i) {
            below += value.counts[i];
            std::array<char, TextWriter::kMaxNumber> spelled{};
            const std::string_view le = i < value.bounds.size() ? TextWriter::spell(value.bounds[i], spelled)
                                                                : std::string_view("+Inf");
            sample(def.name, "_bucket", series.labels, le);
            m_out.value(static_cast<double>(below));
            if (m_format == Format::OpenMetrics && !value.exemplars.empty()) {
                if (const Exemplar* exemplar = exemplarOf(value, i)) {
                    writeExemplar(m_out, *exemplar);
                }
            }
            m_out.put('\n');
        }
        sample(def.name, "_count", series.labels);
        m_out.value(static_cast<double>(below));
        m_out.put('\n');
        sample(def.name, "_sum", series.labels);
        m_out.value(value.sum);
        m_out.put('\n');
    }

    const Format m_format;
    const core::Lang m_lang;
    TextWriter m_out;
};

std::size_t guessedSize(const Snapshot& snapshot) {
    std::size_t guess = 64;
    for (const Family& family : snapshot.families) {
        if (family.def) {
            const std::size_t lines = family.def->kind == Kind::Histogram ? family.def->bounds.size() + 3 : 1;
            guess += family.def->name.size() * 2 + family.def->help.size() + 40 +
                     family.series.size() * lines * (family.def->name.size() + 48);
        }
    }
    return guess;
}

} // namespace

std::string expose(const Snapshot& snapshot, Format format, core::Lang lang) {
    Page page(format, lang, guessedSize(snapshot));
    for (const Family& family : snapshot.families) {
        if (family.def && !family.series.empty()) {
            page.family(family);
        }
    }
    return page.finish();
}

std::string_view contentType(Format format) noexcept {
    return format == Format::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                         : "text/plain; version=0.0.4; charset=utf-8";
}

std::string_view helpText(const MetricDef& def, core::Lang lang) noexcept {
    const bool chineseAnyway = def.help == def.title.chinese || def.title.chinese.empty();
    return lang == core::Lang::English || chineseAnyway ? def.help : def.title.chinese;
}

} // namespace metrics
