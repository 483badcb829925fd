// Silences that are owed to peers, as text that outlasts the program.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/silence_rows.h"

#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cluster {

struct Debt {
    metrics::SilenceRow silence;
    std::set<std::size_t> peers; // by their places
};

// Where they are kept. Both are called on the client's thread: load() once, save() whenever they have
// changed.
struct DebtBook {
    std::function<std::string()> load = {}; // as given to save(); empty: nothing was
    std::function<void(const std::string& text)> save = {};
};

inline constexpr std::size_t kMostDebts = 100;

// JSON; peers are named by their URLs, which `urls` gives for each place.
[[nodiscard]] std::string debtsText(std::span<const Debt> debts, std::span<const std::string> urls,
                                    core::WallTime now);
// Total: what cannot be read, what peers that are no longer configured were owed, and all beyond kMostDebts
// or 4 MiB is left out.
[[nodiscard]] std::vector<Debt> readDebts(std::string_view text, std::span<const std::string> urls);

} // namespace cluster
