// Series as a console has them, by a generator: counters of events and of seconds, gauges that walk in whole
// numbers, ratios, noise, constants. The same seed gives the same values.
#pragma once

#include "monitor/series/label_ops.h"
#include "monitor/store/sample_writer.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace support {

class HistoryMix {
public:
    // In shares of all series: 25 % counters of events, 5 % of seconds, 35 % whole gauges, 5 % each of
    // ratios, of figures with two decimals and of noise in all its digits, 20 % that hardly ever change.
    enum class Kind { Events, Seconds, Whole, Ratio, Decimals, Noise, Constant };

    explicit HistoryMix(int series = 200, std::uint64_t seed = 1)
        : m_random(seed)
    {
        for (int i = 0; i < series; ++i) {
            const Kind kind = kindOf(i);
            const std::string name = nameOf(i);
            series::Labels labels{{"instance", "main"}, {"i", std::to_string(i)}};
            series::setLabel(labels, series::kNameLabel, name);
            m_series.push_back(
                {std::make_shared<const series::Labels>(std::move(labels)), kind, double(i % 17)});
        }
    }

    [[nodiscard]] static Kind kindOf(int i) noexcept
    {
        const int share = i % 20;
        return share < 5    ? Kind::Events
               : share < 6  ? Kind::Seconds
               : share < 13 ? Kind::Whole
               : share < 14 ? Kind::Ratio
               : share < 15 ? Kind::Decimals
               : share < 16 ? Kind::Noise
                            : Kind::Constant;
    }
    [[nodiscard]] static std::string nameOf(int i)
    {
        const Kind kind = kindOf(i);
        const char* suffix = kind == Kind::Events ? "_total" : kind == Kind::Seconds ? "_seconds_sum" : "";
        return "mix_" + std::to_string(i) + suffix;
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_series.size(); }

    // The next tick; `at` in ms since the epoch.
    [[nodiscard]] store::TickSamples next(std::int64_t at)
    {
        store::TickSamples tick{at, {}};
        tick.samples.reserve(m_series.size());
        for (One& one : m_series) {
            one.value = moved(one);
            tick.samples.push_back({one.labels, {at, one.value}});
        }
        return tick;
    }

private:
    struct One {
        series::LabelsPtr labels;
        Kind kind;
        double value;
    };

    double moved(const One& one)
    {
        const std::uint64_t dice = m_random();
        switch (one.kind) {
        case Kind::Events:
            return one.value + static_cast<double>(dice % 3 == 0 ? 0 : dice / 3 % 40);
        case Kind::Seconds: // of durations measured in ns
            return one.value + static_cast<double>(dice % 40'000'000) * 1e-9;
        case Kind::Whole: {
            const double step = dice % 4 == 0 ? 1 : dice % 4 == 1 ? -1 : 0;
            return std::fmin(30, std::fmax(0, one.value + step));
        }
        case Kind::Ratio:
            return static_cast<double>(dice % 100) / 200;
        case Kind::Decimals:
            return static_cast<double>(dice % 800) / 100;
        case Kind::Noise:
            return static_cast<double>(dice) / 1.8e19;
        case Kind::Constant:
            return dice % 5'000 == 0 ? static_cast<double>(dice / 5'000 % 100) : one.value;
        }
        return one.value;
    }

    std::mt19937_64 m_random;
    std::vector<One> m_series;
};

} // namespace support
