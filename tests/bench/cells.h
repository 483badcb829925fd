// The cells of pool_bench and e2e_bench: how many threads on how many places, each holding for how long.
#pragma once

#include "tests/bench/bench_line.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct CellSpec {
    int threads = 1;
    int pool = 10;
    std::string hold = "none"; // "none", "yield", "sleep" (1 ms)
};

// "T:P:hold,…", hold may be left out; exits with a sentence when it is not that.
[[nodiscard]] inline std::vector<CellSpec> parseCells(std::string_view text)
{
    std::vector<CellSpec> cells;
    while (!text.empty()) {
        const std::string one(text.substr(0, text.find(',')));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        CellSpec cell;
        char hold[8] = "none";
        const int fields = std::sscanf(one.c_str(), "%d:%d:%7s", &cell.threads, &cell.pool, hold);
        cell.hold = hold;
        const bool known = cell.hold == "none" || cell.hold == "yield" || cell.hold == "sleep";
        if (fields < 2 || !known || cell.threads < 1 || cell.threads > 1000 || cell.pool < 1 ||
            cell.pool > 1000) {
            std::fprintf(stderr, "--cells wants threads:pool[:none|yield|sleep], not \"%s\"\n", one.c_str());
            std::exit(2);
        }
        cells.push_back(cell);
    }
    return cells;
}

// The value after `--name`, or `otherwise`.
[[nodiscard]] inline std::string argument(int argc, char** argv, std::string_view name, std::string otherwise)
{
    for (int i = 1; i + 1 < argc; ++i) {
        if (argv[i] == name) {
            otherwise = argv[i + 1];
        }
    }
    return otherwise;
}

} // namespace bench
