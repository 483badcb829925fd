// What the pool does, counted, timed and logged: the implementation of its observer.
#pragma once

#include "monitor/collect/self/culprits.h"
#include "monitor/collect/self/event_ring.h"
#include "monitor/collect/self/request_recorder.h"
#include "monitor/collect/self/tag_timings.h"
#include "monitor/core/clock.h"
#include "monitor/core/lang.h"
#include "monitor/core/mutex.h"
#include "monitor/metrics/counter.h"
#include "monitor/metrics/histogram.h"
#include "monitor/metrics/log_linear.h"
#include "monitor/pool/pool_config.h"
#include "monitor/pool/pool_observer.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace collect {

// What counts as an error of the pool; each is counted once, as the first of these that applies.
enum class PoolErrorKind { Connect, Timeout, Broken, Statement };
inline constexpr std::size_t kPoolErrorKinds = 4;
// "connect", "timeout", "broken", "statement".
[[nodiscard]] const char* poolErrorKindName(PoolErrorKind kind) noexcept;

// A histogram with its percentiles and the newest culprit of each bucket.
struct Timing {
    explicit Timing(std::span<const double> bounds)
        : buckets(bounds) {}
    // `culpritOf()` gives the Culprit, its value apart; asked for only when it would be kept.
    template <class CulpritOf>
    void observe(core::Nanos span, core::SteadyTime at, CulpritOf culpritOf) noexcept
    {
        const double value = core::seconds(span);
        const std::size_t bucket = buckets.bucketOf(value);
        buckets.add(bucket, value);
        fine.record(span);
        if (culprits.wants(bucket, at)) {
            Culprit culprit = culpritOf();
            culprit.value = value;
            culprits.note(bucket, culprit);
        }
    }

    metrics::Histogram buckets;
    metrics::LogLinear fine;
    Culprits culprits;
};

// Thread-safe. Lives longer than the pool. An observation costs some ten nanoseconds and no lock; only what
// is logged costs more.
class PoolInstruments final : public pool::PoolObserver {
public:
    // Logs to `logger`; nullptr means the logger named "poolscope.pool", and silence when there is none.
    explicit PoolInstruments(std::shared_ptr<spdlog::logger> logger = nullptr,
                             core::Lang lang = core::Lang::English);
    ~PoolInstruments() override;

    void onAcquired(core::Nanos wait, pool::Outcome outcome, const pool::PoolEvent& event) noexcept override;
    void onReturned(core::Nanos use, const pool::PoolEvent& event) noexcept override;
    void onStatement(const pool::StatementInfo& statement) noexcept override;
    void onEvent(const pool::PoolEvent& event) noexcept override;

    // From when on an acquire, a statement and a use are slow; the collector keeps them up to date.
    void setThresholds(const pool::PoolConfig& config) noexcept;
    // Called with each slow statement, as it was sent: for who keeps them without their literals. On the thread that ran
    // it; must not block. Set before the pool is made.
    void onSlowStatement(std::function<void(const pool::StatementInfo&)> keep) { m_keepSlow = std::move(keep); }
    void setLang(core::Lang lang) noexcept { m_lang.store(lang, std::memory_order_relaxed); }
    [[nodiscard]] core::Lang lang() const noexcept { return m_lang.load(std::memory_order_relaxed); }
    [[nodiscard]] const std::shared_ptr<spdlog::logger>& logger() const noexcept { return m_logger; }

    [[nodiscard]] const Timing& wait() const noexcept { return m_wait; } // request → outcome, every outcome
    [[nodiscard]] const Timing& usage() const noexcept { return m_usage; } // grant → return
    [[nodiscard]] const Timing& query() const noexcept {
        return m_query;
    } // send → last result, failed ones too
    [[nodiscard]] const TagTimings& usageByTag() const noexcept { return m_usageByTag; }
    // Waits that came to nothing, by the name of their outcome.
    [[nodiscard]] const TagTimings& inVain() const noexcept { return m_inVain; }
    // Of connections before they were lent: round trips that were answered and not, looks at the socket that
    // found it closed.
    struct Validations {
        std::uint64_t proven = 0, silent = 0, hungUp = 0;
    };
    [[nodiscard]] Validations validations() const noexcept
    {
        return {m_proofs.value(), m_proofsFailed.value(), m_looksFailed.value()};
    }
    [[nodiscard]] const metrics::Histogram& created() const noexcept { return m_created; }
    [[nodiscard]] const metrics::Histogram& createFailed() const noexcept { return m_createFailed; }
    [[nodiscard]] std::uint64_t slowQueries() const noexcept { return m_slowQueries.value(); }
    [[nodiscard]] std::uint64_t errors(PoolErrorKind kind) const noexcept;
    [[nodiscard]] std::uint64_t errors() const noexcept; // of all kinds
    // Failed connects by SQLSTATE ("none" without one): the first 32 that occurred, the others as "other".
    [[nodiscard]] std::map<std::string, std::uint64_t> connectErrors() const;
    // Time spent on proving connections before they were lent, and on those that failed it.
    [[nodiscard]] core::Nanos validating() const noexcept
    {
        return core::Nanos(m_validating.load(std::memory_order_relaxed));
    }
    // Of the waits: the time in which what the request got in the end was being opened.
    [[nodiscard]] core::Nanos connecting() const noexcept
    {
        return core::Nanos(m_connecting.load(std::memory_order_relaxed));
    }
    // Of this instrument's own counting; the pool's own table says the same at rest.
    [[nodiscard]] std::uint64_t checkouts() const noexcept { return m_checkouts.value(); }
    [[nodiscard]] std::uint64_t checkins() const noexcept { return m_checkins.value(); }
    // The last 10 000 (16 384 cells): requests' outcomes, returns and everything else the pool reports.
    [[nodiscard]] const EventRing& events() const noexcept { return m_events; }
    // What the events say about demand; filled once a tick by RequestCollector.
    [[nodiscard]] RequestRecorder& requests() noexcept { return m_requests; }
    [[nodiscard]] const RequestRecorder& requests() const noexcept { return m_requests; }

private:
    void count(PoolErrorKind kind) noexcept { m_errors[static_cast<std::size_t>(kind)].inc(); }
    void countClosed(const pool::PoolEvent& event) noexcept;
    void countConnectError(std::string_view sqlstate);
    void logEvent(const pool::PoolEvent& event);
    void logStatement(const pool::StatementInfo& statement, bool slow);

    const std::shared_ptr<spdlog::logger> m_logger;
    std::function<void(const pool::StatementInfo&)> m_keepSlow;
    std::atomic<core::Lang> m_lang;
    std::atomic<core::Nanos::rep> m_slowAcquire;
    std::atomic<core::Nanos::rep> m_slowQuery;
    std::atomic<core::Nanos::rep> m_longUse;
    Timing m_wait;
    Timing m_usage;
    Timing m_query;
    TagTimings m_usageByTag;
    TagTimings m_inVain; // the tag is the outcome
    metrics::Counter m_proofs;
    metrics::Counter m_proofsFailed;
    metrics::Counter m_looksFailed;
    metrics::Histogram m_created;
    metrics::Histogram m_createFailed;
    metrics::Counter m_checkouts;
    metrics::Counter m_checkins;
    metrics::Counter m_slowQueries;
    std::array<metrics::Counter, kPoolErrorKinds> m_errors;
    std::atomic<core::Nanos::rep> m_validating{0};
    std::atomic<core::Nanos::rep> m_connecting{0};
    mutable core::Mutex m_codesMutex; // guards m_codes; a connect that fails is rare
    std::map<std::string, std::uint64_t> m_codes GUARDED_BY(m_codesMutex);
    // Backends whose statement failed because the session was lost, by slot: their closing is no second
    // error.
    std::array<std::atomic<int>, 1024> m_lostPids{};
    EventRing m_events;
    RequestRecorder m_requests{m_events};
};

} // namespace collect
