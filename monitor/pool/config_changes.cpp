#include "monitor/pool/config_changes.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace pool {

namespace {

class Changes {
public:
    void number(const char* knob, long long before, long long after)
    {
        if (before != after) {
            add(fmt::format("{} {} → {}", knob, before, after));
        }
    }
    void span(const char* knob, core::Nanos before, core::Nanos after)
    {
        if (before != after) {
            add(fmt::format("{} {:g} s → {:g} s", knob, core::seconds(before), core::seconds(after)));
        }
    }
    void word(const char* knob, std::string_view before, std::string_view after)
    {
        if (before != after) {
            add(fmt::format("{} {} → {}", knob, before, after));
        }
    }
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

private:
    void add(const std::string& change) { m_text += (m_text.empty() ? "" : ", ") + change; }
    std::string m_text;
};

using Word = std::string_view;
constexpr std::array<Word, 2> kSwitch{"off", "on"};
constexpr std::array<Word, 2> kOrders{"fifo", "lifo"};
constexpr std::array<Word, 4> kResets{"none", "rollback", "clean", "discard_all"};

template <std::size_t N, class Value>
Word of(const std::array<Word, N>& words, Value value)
{
    return words[static_cast<std::size_t>(value)];
}

} // namespace

std::string changesOf(const PoolConfig& before, const PoolConfig& after)
{
    Changes changes;
    changes.number("pool_size", before.size, after.size);
    changes.number("max_overflow", before.maxOverflow, after.maxOverflow);
    changes.number("min_idle", before.minIdle, after.minIdle);
    changes.number("max_waiters", before.maxWaiters, after.maxWaiters);
    changes.word("pre_ping", of(kSwitch, before.prePing), of(kSwitch, after.prePing));
    changes.word("idle_order", of(kOrders, before.idleOrder), of(kOrders, after.idleOrder));
    changes.word("reset", of(kResets, before.reset), of(kResets, after.reset));
    changes.span("pool_timeout", before.timeout, after.timeout);
    changes.span("pool_recycle", before.recycle, after.recycle);
    changes.span("overflow_linger", before.overflowLinger, after.overflowLinger);
    changes.span("connect_timeout", before.connectTimeout, after.connectTimeout);
    changes.span("validate_after", before.validateAfter, after.validateAfter);
    changes.span("validate_timeout", before.validateTimeout, after.validateTimeout);
    changes.span("reset_timeout", before.resetTimeout, after.resetTimeout);
    changes.span("slow_acquire", before.slowAcquire, after.slowAcquire);
    changes.span("slow_query", before.slowQuery, after.slowQuery);
    changes.span("long_use", before.longUse, after.longUse);
    changes.span("leak_after", before.leakAfter, after.leakAfter);
    return changes.text();
}

} // namespace pool
