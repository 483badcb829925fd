// What is owed to peers, as text that outlasts the program: silences to be told or ended, and
// acknowledgements that are kept up.
#pragma once

#include "monitor/cluster/ack.h"
#include "monitor/core/result.h"
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
    enum class Kind { Tell, End };

    metrics::SilenceRow silence;
    std::set<std::size_t> peers; // by their places
    Kind kind = Kind::Tell;
};

struct Ledger {
    std::vector<Debt> debts;
    std::vector<Ack> acks;
};

// Where it is kept. Both are called on the client's thread: load() once, save() whenever it has changed, and
// again each round until it is well.
struct DebtBook {
    std::function<std::string()> load = {}; // as given to save(); empty: nothing was
    std::function<core::Result<void>(const std::string& text)> save = {};
};

inline constexpr std::size_t kMostDebts = 100;

// JSON; peers are named by their URLs, which `urls` gives for each place.
[[nodiscard]] std::string ledgerText(const Ledger& ledger, std::span<const std::string> urls);
// Total: what cannot be read, what peers that are no longer configured were owed, and all beyond kMostDebts,
// kMostAcks or 4 MiB is left out. A list alone is what older programs wrote: debts to be told.
[[nodiscard]] Ledger readLedger(std::string_view text, std::span<const std::string> urls);

} // namespace cluster
