// A querier that stands somewhere else: whose answers come with a name, a resolution and a state of their
// own.
#pragma once

#include "monitor/metrics/querier.h"

#include <cstdint>
#include <string>
#include <vector>

namespace metrics {

struct SourceNews {
    bool away = false;
    std::string problem;               // why, one line
    std::vector<std::string> warnings; // of the last answer: partial, cut, strange
    std::string flavour;               // "Prometheus", "Thanos" …; empty until it is known
};

// Thread-safe. Waits for a network, so it is never asked on the window's thread; name(), leastStep() and
// news() do not.
class QuerySource : public Querier {
public:
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::int64_t leastStep() const = 0; // ms between its samples
    [[nodiscard]] virtual SourceNews news() const = 0;
    // What this console's own series are called there besides their own labels: job and instance of who scrapes it, or what
    // it puts to them when it pushes. Empty: nobody said.
    [[nodiscard]] virtual Labels own() const { return {}; }
};

} // namespace metrics
