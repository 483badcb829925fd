// The line format of the benches (performance.md): one JSON object a cell, so that peers' programs can run in
// between.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

struct Options {
    double seconds = 0.5; // a cell
    double warm = 0.1;
};

// --secs S --warm W; anything else is left to the bench.
[[nodiscard]] inline Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--secs") {
            options.seconds = std::atof(argv[i + 1]);
        } else if (name == "--warm") {
            options.warm = std::atof(argv[i + 1]);
        }
    }
    return options;
}

using Texts = std::vector<std::pair<const char*, const char*>>;
using Numbers = std::vector<std::pair<const char*, double>>;

// `peer`: whose figures they are; a floor or another program's library stands beside ours in the same run.
inline void lineOf(const char* peer, const Texts& texts, const Numbers& numbers) {
    std::printf("{\"peer\":\"%s\"", peer);
    for (const auto& [name, value] : texts) {
        std::printf(",\"%s\":\"%s\"", name, value);
    }
    for (const auto& [name, value] : numbers) {
        std::printf(",\"%s\":%.6g", name, value);
    }
    std::printf("}\n");
    std::fflush(stdout);
}

inline void line(const Texts& texts, const Numbers& numbers) {
    lineOf("poolscope", texts, numbers);
}

// The p-th percentile (0 … 1) of what was measured; sorts it.
[[nodiscard]] inline double percentile(std::vector<double>& values, double p) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

[[nodiscard]] inline double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

} // namespace bench
