#include "monitor/targets/exposition_parser.h"

#include "monitor/core/format.h"
#include "monitor/series/label_ops.h"
#include "monitor/targets/line_reader.h"

#include <algorithm>
#include <cmath>
#include <array>
#include <functional>
#include <map>
#include <unordered_set>
#include <utility>

namespace targets {

namespace {

std::string_view trimmed(std::string_view text) noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

MetricType typeOf(std::string_view word) noexcept
{
    static constexpr std::array<std::pair<std::string_view, MetricType>, 7> kTypes{{
        {"counter", MetricType::Counter},
        {"gauge", MetricType::Gauge},
        {"histogram", MetricType::Histogram},
        {"summary", MetricType::Summary},
        {"info", MetricType::Info},
        {"stateset", MetricType::StateSet},
        {"gaugehistogram", MetricType::GaugeHistogram},
    }};
    const auto found =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == word; });
    return found == kTypes.end() ? MetricType::Unknown : found->second; // untyped, unknown and what is none
}

// The first word, which is cut off the text.
std::string_view takeWord(std::string_view& text) noexcept
{
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    text = trimmed(text.substr(word.size()));
    return word;
}

std::string unescaped(std::string_view help)
{
    std::string text;
    for (std::size_t i = 0; i < help.size(); ++i) {
        const char next = i + 1 < help.size() ? help[i + 1] : '\0';
        if (help[i] == '\\' && (next == '\\' || next == 'n' || next == '"')) {
            text += next == 'n' ? '\n' : next;
            ++i;
        } else {
            text += help[i];
        }
    }
    return text;
}

class PageReader {
public:
    PageReader(TextFormat format, const PageLimits& limits)
        : m_format(format)
        , m_limits(limits)
        , m_seen(0, SeriesHash{&m_page.samples}, SeriesEqual{&m_page.samples})
    {
    }
    PageReader(const PageReader&) = delete;
    PageReader& operator=(const PageReader&) = delete;

    Page read(std::string_view text);

private:
    // Series are looked up by their index: their labels are held once.
    struct SeriesHash {
        const std::vector<PageSample>* samples;
        std::size_t operator()(std::size_t index) const noexcept
        {
            return series::hashOf((*samples)[index].labels);
        }
    };
    struct SeriesEqual {
        const std::vector<PageSample>* samples;
        bool operator()(std::size_t a, std::size_t b) const noexcept
        {
            return (*samples)[a].labels == (*samples)[b].labels;
        }
    };

    void readLine(std::string_view line);
    void readComment(std::string_view comment);
    void readSample(std::string_view line);
    void fault(std::string_view reason);
    [[nodiscard]] PageFamily* family(std::string_view name);

    const TextFormat m_format;
    const PageLimits& m_limits;
    Page m_page;
    std::size_t m_line = 0;
    std::map<std::string, std::size_t, std::less<>> m_families; // index by name
    std::unordered_set<std::size_t, SeriesHash, SeriesEqual> m_seen;
};

void PageReader::fault(std::string_view reason)
{
    if (++m_page.faults.badLines == 1) {
        m_page.faults.firstBadLine = m_line;
        m_page.faults.firstReason = reason;
    }
}

PageFamily* PageReader::family(std::string_view name)
{
    if (!series::isMetricName(name) || name.size() > m_limits.nameBytes) {
        fault("no metric's name in a comment that describes one");
        return nullptr;
    }
    const auto known = m_families.find(name);
    if (known != m_families.end()) {
        return &m_page.families[known->second];
    }
    if (m_page.families.size() >= m_limits.series) {
        m_page.faults.limited = true;
        return nullptr;
    }
    m_families.emplace(name, m_page.families.size());
    m_page.families.push_back({std::string(name), MetricType::Unknown, {}, {}});
    return &m_page.families.back();
}

// Anything else behind # is talk.
void PageReader::readComment(std::string_view comment)
{
    const std::string_view word = takeWord(comment);
    if (m_format == TextFormat::OpenMetrics && word == "EOF" && comment.empty()) {
        m_page.ended = true;
        return;
    }
    if (word != "HELP" && word != "TYPE" && word != "UNIT") {
        return;
    }
    PageFamily* described = family(takeWord(comment));
    if (described == nullptr) {
        return;
    }
    if (word == "TYPE") {
        described->type = typeOf(comment);
    } else if (word == "UNIT") {
        described->unit = core::oneLine(comment, m_limits.nameBytes);
    } else {
        described->help = core::validUtf8(unescaped(comment.substr(0, m_limits.helpBytes)));
    }
}

void PageReader::readSample(std::string_view line)
{
    try {
        LineParts parts = LineReader(line, m_format, m_limits).read();
        if (m_page.samples.size() >= m_limits.series) {
            m_page.faults.limited = true;
            return;
        }
        m_page.samples.push_back(std::move(parts.sample));
        if (const auto [first, fresh] = m_seen.insert(m_page.samples.size() - 1); !fresh) {
            PageSample& counted = m_page.samples[*first];
            const double other = m_page.samples.back().value;
            counted.disputed |= counted.value != other && !(std::isnan(counted.value) && std::isnan(other));
            m_page.samples.pop_back();
            ++m_page.faults.duplicates;
            return;
        }
        if (parts.exemplar) {
            parts.exemplar->sample = m_page.samples.size() - 1;
            m_page.exemplars.push_back(std::move(*parts.exemplar));
        }
    } catch (const BadLine& bad) {
        fault(bad.reason);
    }
}

void PageReader::readLine(std::string_view line)
{
    line = trimmed(line);
    if (line.empty()) {
        return;
    }
    if (m_page.ended) {
        fault("lines behind the end");
    } else if (line.front() == '#') {
        readComment(trimmed(line.substr(1)));
    } else {
        readSample(line);
    }
}

Page PageReader::read(std::string_view text)
{
    if (text.size() > m_limits.bytes) {
        m_page.faults.limited = true;
        text = text.substr(0, m_limits.bytes);
        text = text.substr(0, text.rfind('\n') == std::string_view::npos ? 0 : text.rfind('\n'));
    }
    while (!text.empty() && !(m_page.faults.limited && m_page.samples.size() >= m_limits.series)) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++m_line;
        readLine(line);
    }
    return std::move(m_page);
}

} // namespace

TextFormat formatOf(std::string_view contentType) noexcept
{
    return contentType.starts_with("application/openmetrics-text") ? TextFormat::OpenMetrics
                                                                   : TextFormat::Text;
}

Page parsePage(std::string_view text, TextFormat format, const PageLimits& limits)
{
    return PageReader(format, limits).read(text);
}

} // namespace targets
