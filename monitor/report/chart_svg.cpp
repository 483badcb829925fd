#include "monitor/report/chart_svg.h"

#include "monitor/report/escape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace report {

namespace {

// Okabe and Ito's colours, told apart by most colour-blind people; darkened where white paper needs it.
struct Pen {
    const char* colour;
    const char* dash; // told apart in a grey copy, too
};
constexpr std::array kPens{Pen{"#0b5fa5", ""}, Pen{"#c2410c", ""}, Pen{"#0f766e", "6 3"},
                           Pen{"#57606f", "2 3"}};

constexpr const char* kInk = "#1f2733";
constexpr const char* kFaint = "#5b6675";
constexpr const char* kGrid = "#e6e9ee";
constexpr double kLeft = 62;
constexpr double kRight = 14;
constexpr double kTop = 26;
constexpr double kBottom = 26;

const char* colourOf(metrics::Severity severity)
{
    switch (severity) {
    case metrics::Severity::Info:
        return "#0b5fa5";
    case metrics::Severity::Warning:
        return "#b45309";
    case metrics::Severity::Critical:
        break;
    }
    return "#b3122c";
}

// 1, 2 or 5 times a power of ten.
double roundStep(double span, int most)
{
    const double raw = span / most;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (raw <= factor * power * (1 + 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

// Between labels of the time axis, in s; the first that leaves at most eight.
std::int64_t timeStep(std::int64_t seconds)
{
    constexpr std::array<std::int64_t, 18> kSteps{1,   2,   5,    10,   15,   30,    60,    120,   300,
                                                  600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800};
    for (const std::int64_t step : kSteps) {
        if (seconds / step <= 8) {
            return step;
        }
    }
    return (seconds / 8 / 86400 + 1) * 86400;
}

class Drawing {
public:
    Drawing(const Chart& chart, const ChartFrame& frame)
        : m_chart(chart)
        , m_frame(frame)
        , m_top(topOf(chart))
    {
    }

    std::string draw()
    {
        m_svg = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
            "font-family=\"sans-serif\" role=\"img\" aria-label=\"{2}\">",
            kChartWidth, kChartHeight, escaped(m_chart.title));
        m_svg += "<title>" + escaped(m_chart.title) + "</title>";
        bands();
        valueAxis();
        timeAxis();
        thresholds();
        for (std::size_t i = 0; i < m_chart.lines.size(); ++i) {
            line(m_chart.lines[i], kPens[i % kPens.size()]);
        }
        legend();
        return m_svg + "</svg>";
    }

private:
    // The axis ends at a round number above everything, shares at 100 % if they come near.
    static double topOf(const Chart& chart)
    {
        double highest = 0;
        for (const Line& one : chart.lines) {
            for (const metrics::Point& point : one.points) {
                if (std::isfinite(point.value)) {
                    highest = std::max(highest, point.value);
                }
            }
        }
        if (chart.unit == core::Unit::Ratio) {
            return highest <= 1 ? 1 : std::ceil(highest * 10) / 10;
        }
        if (highest <= 0) {
            return 1;
        }
        const double step = roundStep(highest, 4);
        return std::ceil(highest / step - 1e-9) * step;
    }

    [[nodiscard]] double x(std::int64_t at) const
    {
        const double share =
            static_cast<double>(at - m_frame.from) / static_cast<double>(m_frame.to - m_frame.from);
        return kLeft + std::clamp(share, 0.0, 1.0) * (kChartWidth - kLeft - kRight);
    }
    [[nodiscard]] double y(double value) const
    {
        return kChartHeight - kBottom - std::clamp(value / m_top, 0.0, 1.0) * (kChartHeight - kTop - kBottom);
    }

    void bands()
    {
        for (const Band& band : m_frame.bands) {
            if (band.to < m_frame.from || band.from > m_frame.to) {
                continue;
            }
            const double left = x(band.from);
            m_svg += fmt::format(
                "<rect class=\"band\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\" "
                "fill-opacity=\"0.09\"/>",
                left, kTop, std::max(1.5, x(band.to) - left), kChartHeight - kTop - kBottom,
                colourOf(band.severity));
        }
    }

    void text(double left, double base, const char* anchor, const std::string& words,
              const char* colour = kFaint)
    {
        m_svg += fmt::format(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"11\" text-anchor=\"{}\" fill=\"{}\">{}</text>", left,
            base, anchor, colour, escaped(words));
    }

    void valueAxis()
    {
        const double step = m_chart.unit == core::Unit::Ratio && m_top <= 1 ? 0.25 : roundStep(m_top, 4);
        for (int i = 0; i * step <= m_top * (1 + 1e-9); ++i) {
            const double at = y(i * step);
            m_svg += fmt::format("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"{}\"/>",
                                 kLeft, at, kChartWidth - kRight, at, i == 0 ? "#9aa4b2" : kGrid);
            text(kLeft - 7, at + 4, "end", labelOf(i * step));
        }
    }

    [[nodiscard]] std::string labelOf(double value) const
    {
        return m_chart.unit == core::Unit::Ratio ? fmt::format("{:.0f} %", value * 100)
                                                 : core::humanText(value, m_chart.unit);
    }

    void timeAxis()
    {
        const std::int64_t seconds = (m_frame.to - m_frame.from) / 1000;
        const std::int64_t step = timeStep(std::max<std::int64_t>(1, seconds));
        const char* format = step >= 86400     ? "%m-%d"
                             : seconds > 86400 ? "%m-%d %H:%M"
                             : step < 60       ? "%H:%M:%S"
                                               : "%H:%M";
        const std::int64_t offset = m_frame.times.offset(wallOf(m_frame.from));
        const std::int64_t first = ((m_frame.from / 1000 + offset + step - 1) / step) * step - offset;
        for (std::int64_t at = first; at * 1000 <= m_frame.to; at += step) {
            const double left = x(at * 1000);
            m_svg += fmt::format("<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" stroke=\"{3}\"/>",
                                 left, kTop, kChartHeight - kBottom, kGrid);
            text(std::clamp(left, kLeft + 10, kChartWidth - kRight - 20), kChartHeight - 9, "middle",
                 m_frame.times.format(wallOf(at * 1000), format));
        }
    }

    void thresholds()
    {
        for (const Threshold& threshold : m_chart.thresholds) {
            if (threshold.value > m_top) {
                continue;
            }
            const double at = y(threshold.value);
            const char* colour = colourOf(threshold.severity);
            m_svg += fmt::format(
                "<line class=\"threshold\" x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"{}\" "
                "stroke-dasharray=\"5 4\"/>",
                kLeft, at, kChartWidth - kRight, at, colour);
            text(kChartWidth - kRight - 3, at - 3, "end", labelOf(threshold.value), colour);
        }
    }

    void line(const Line& one, const Pen& pen)
    {
        std::string path;
        bool down = false;
        bool alone = false; // a point with gaps on both sides would draw nothing
        const auto lift = [&] {
            if (down && alone) {
                path += " h0.8";
            }
            down = false;
        };
        for (const metrics::Point& point : one.points) {
            if (!std::isfinite(point.value)) {
                lift();
                continue;
            }
            path += fmt::format("{}{:.1f} {:.1f}", down ? "L" : "M", x(point.at), y(point.value));
            alone = !down;
            down = true;
        }
        lift();
        if (path.empty()) {
            return;
        }
        const std::string dash =
            *pen.dash != '\0' ? fmt::format(" stroke-dasharray=\"{}\"", pen.dash) : std::string();
        m_svg += fmt::format(
            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"{}/>",
            path, pen.colour, dash);
    }

    void legend()
    {
        double left = kLeft;
        for (std::size_t i = 0; i < m_chart.lines.size(); ++i) {
            const Pen& pen = kPens[i % kPens.size()];
            m_svg += fmt::format(
                "<line x1=\"{}\" y1=\"12\" x2=\"{}\" y2=\"12\" stroke=\"{}\" stroke-width=\"2.5\"{}/>", left,
                left + 18, pen.colour,
                *pen.dash != '\0' ? fmt::format(" stroke-dasharray=\"{}\"", pen.dash) : std::string());
            text(left + 23, 16, "start", m_chart.lines[i].legend, kInk);
            left += 23 + 18 + widthOf(m_chart.lines[i].legend);
        }
    }

    // Roughly, at 11 px: wide characters are square.
    static double widthOf(const std::string& words)
    {
        double width = 0;
        for (const char letter : words) {
            const auto byte = static_cast<unsigned char>(letter);
            width += byte < 0x80 ? 6.2 : byte >= 0xE0 ? 11.5 : 0;
        }
        return width;
    }

    const Chart& m_chart;
    const ChartFrame& m_frame;
    const double m_top;
    std::string m_svg;
};

} // namespace

std::string chartSvg(const Chart& chart, const ChartFrame& frame)
{
    return Drawing(chart, frame).draw();
}

} // namespace report
