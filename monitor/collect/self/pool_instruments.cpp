#include "monitor/collect/self/pool_instruments.h"

#include "monitor/collect/self/pool_defs.h"
#include "monitor/collect/self/pool_texts.h"
#include "monitor/core/fast_clock.h"
#include "monitor/core/format.h"
#include "monitor/pg/fingerprint.h"

#include <exception>
#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <string_view>
#include <utility>

namespace collect {

namespace {

constexpr std::size_t kSlowChars = 200;
constexpr std::size_t kDebugChars = 100;
constexpr std::size_t kDetailChars = 300;
constexpr std::size_t kMostCodes = 32;
constexpr core::Nanos kWorthAFingerprint = std::chrono::milliseconds(5);

std::shared_ptr<spdlog::logger> orNamed(std::shared_ptr<spdlog::logger> logger)
{
    if (!logger) {
        logger = spdlog::get("poolscope.pool");
    }
    return logger ? std::move(logger)
                  : std::make_shared<spdlog::logger>("poolscope.pool",
                                                     std::make_shared<spdlog::sinks::null_sink_mt>());
}

// The SQLSTATEs after which there is no session any more (peers-pools P31), and libpq's own failures, which
// have none.
bool sessionLost(std::string_view sqlstate) noexcept
{
    return sqlstate.empty() || sqlstate.starts_with("08") || sqlstate == "57P01" || sqlstate == "57P02" ||
           sqlstate == "57P03" || sqlstate == "57P05" || sqlstate == "25P03" || sqlstate == "25P04";
}

// The line about what somebody did to the pool; nullptr for everything else.
const core::Text* controlText(const pool::PoolEvent& event) noexcept
{
    switch (event.kind) {
    case pool::EventKind::Configured:
        return &texts::kConfigured;
    case pool::EventKind::Suspended:
        return &texts::kSuspended;
    case pool::EventKind::Resumed:
        return &texts::kResumed;
    case pool::EventKind::Drained:
        return &texts::kDrained;
    case pool::EventKind::Recycled:
        return event.slot < 0 ? &texts::kAllRecycled : &texts::kRecycled;
    case pool::EventKind::StatementCancelled:
        return &texts::kStatementCancelled;
    case pool::EventKind::BackendTerminated:
        return &texts::kTerminated;
    case pool::EventKind::RetryAsked:
        return &texts::kRetryAsked;
    default:
        return nullptr;
    }
}

Culprit culpritOf(const pool::PoolEvent& event) noexcept
{
    return {0, event.at, event.tag, event.site, event.slot, 0};
}

} // namespace

const char* poolErrorKindName(PoolErrorKind kind) noexcept
{
    switch (kind) {
    case PoolErrorKind::Connect:
        return "connect";
    case PoolErrorKind::Timeout:
        return "timeout";
    case PoolErrorKind::Broken:
        return "broken";
    case PoolErrorKind::Statement:
        return "statement";
    }
    return "";
}

PoolInstruments::PoolInstruments(std::shared_ptr<spdlog::logger> logger, core::Lang lang)
    : m_logger(orNamed(std::move(logger)))
    , m_lang(lang)
    , m_wait(defs::kWaitBounds)
    , m_usage(defs::kUsageBounds)
    , m_query(defs::kQueryBounds)
    , m_usageByTag(defs::kCreateBounds)
    , m_inVain(defs::kCreateBounds)
    , m_created(defs::kCreateBounds)
    , m_createFailed(defs::kCreateBounds)
{
    setThresholds(pool::PoolConfig{});
}

PoolInstruments::~PoolInstruments() = default;

void PoolInstruments::setThresholds(const pool::PoolConfig& config) noexcept
{
    m_slowAcquire.store(config.slowAcquire.count(), std::memory_order_relaxed);
    m_slowQuery.store(config.slowQuery.count(), std::memory_order_relaxed);
    m_longUse.store(config.longUse.count(), std::memory_order_relaxed);
}

std::uint64_t PoolInstruments::errors(PoolErrorKind kind) const noexcept
{
    return m_errors[static_cast<std::size_t>(kind)].value();
}

std::uint64_t PoolInstruments::errors() const noexcept
{
    std::uint64_t sum = 0;
    for (const metrics::Counter& counter : m_errors) {
        sum += counter.value();
    }
    return sum;
}

void PoolInstruments::onAcquired(core::Nanos wait, pool::Outcome outcome,
                                 const pool::PoolEvent& event) noexcept
try {
    m_wait.observe(wait, event.at, [&event] { return culpritOf(event); });
    if (event.connecting.count() > 0) {
        m_connecting.fetch_add(event.connecting.count(), std::memory_order_relaxed);
    }
    if (outcome == pool::Outcome::Ok) {
        m_checkouts.inc();
        m_events.push(event, pool::EventKind::Granted, wait);
        if (wait.count() > m_slowAcquire.load(std::memory_order_relaxed)) {
            m_logger->warn(texts::say(lang(), texts::kSlowAcquire, core::seconds(wait)));
        }
        return;
    }
    m_inVain.observe(pool::outcomeName(outcome), wait);
    if (outcome == pool::Outcome::Timeout) {
        count(PoolErrorKind::Timeout);
        m_logger->warn(texts::say(lang(), texts::kAcquireTimedOut, core::seconds(wait)));
    }
} catch (const std::exception&) { // no memory for a log line: the pool must not notice
}

void PoolInstruments::onReturned(core::Nanos use, const pool::PoolEvent& event) noexcept
try {
    m_checkins.inc();
    m_usage.observe(use, event.at, [&event] { return culpritOf(event); });
    m_usageByTag.observe(event.tag, use);
    m_events.push(event, pool::EventKind::Returned, use);
    if (use.count() > m_longUse.load(std::memory_order_relaxed)) {
        m_logger->warn(texts::say(lang(), texts::kLongUse, core::seconds(use)));
    }
} catch (const std::exception&) {
}

void PoolInstruments::onStatement(const pool::StatementInfo& statement) noexcept
try {
    const bool slow = statement.duration.count() > m_slowQuery.load(std::memory_order_relaxed);
    const core::SteadyTime now = core::FastClock::instance().steadyNow();
    std::uint64_t fingerprint = 0;
    if (slow) {
        m_slowQueries.inc();
    }
    // Parsing costs some ten microseconds: less than a hundredth of what it is worth knowing of.
    if (slow || (statement.duration >= kWorthAFingerprint &&
                 m_query.culprits.wants(m_query.buckets.bucketOf(core::seconds(statement.duration)), now))) {
        fingerprint = pg::fingerprint(statement.sql).id;
    }
    m_query.observe(statement.duration, now, [&] {
        return Culprit{0, now, statement.tag, statement.site, statement.slot, fingerprint};
    });
    if (statement.failed) {
        count(PoolErrorKind::Statement);
        const auto slot = static_cast<std::size_t>(statement.slot);
        if (sessionLost(statement.sqlstate) && slot < m_lostPids.size()) {
            m_lostPids[slot].store(statement.backendPid, std::memory_order_relaxed);
        }
    }
    logStatement(statement, slow);
} catch (const std::exception&) {
}

void PoolInstruments::logStatement(const pool::StatementInfo& statement, bool slow)
{
    const double seconds = core::seconds(statement.duration);
    if (slow && m_keepSlow) {
        m_keepSlow(statement);
    }
    if (slow && m_logger->should_log(spdlog::level::warn)) {
        m_logger->warn(texts::say(lang(), texts::kSlowQuery, seconds, pg::redact(statement.sql, kSlowChars)));
    }
    if (m_logger->should_log(spdlog::level::debug)) {
        m_logger->debug(texts::say(lang(), texts::kQuery, seconds, pg::redact(statement.sql, kDebugChars)));
    }
}

void PoolInstruments::onEvent(const pool::PoolEvent& event) noexcept
try {
    switch (event.kind) {
    case pool::EventKind::Granted: // these two come by the calls above
    case pool::EventKind::Returned:
        return;
    case pool::EventKind::Connected:
        m_created.observe(event.duration);
        break;
    case pool::EventKind::ConnectFailed:
        m_createFailed.observe(event.duration);
        count(PoolErrorKind::Connect);
        countConnectError(event.sqlstate);
        break;
    case pool::EventKind::ValidationFailed:
        count(PoolErrorKind::Broken);
        (event.detail == pool::kNoAnswer ? m_proofsFailed : m_looksFailed).inc();
        m_validating.fetch_add(event.duration.count(), std::memory_order_relaxed);
        break;
    case pool::EventKind::Validated:
        m_proofs.inc();
        m_validating.fetch_add(event.duration.count(), std::memory_order_relaxed);
        break;
    case pool::EventKind::Closed:
        countClosed(event);
        break;
    default: // everything else is kept and perhaps logged
        break;
    }
    m_events.push(event);
    logEvent(event);
} catch (const std::exception&) {
}

void PoolInstruments::countConnectError(std::string_view sqlstate)
{
    const core::MutexLock lock(m_codesMutex);
    const std::string code(sqlstate.empty() ? std::string_view("none") : sqlstate.substr(0, 5));
    const bool room = m_codes.size() < kMostCodes || m_codes.contains(code);
    ++m_codes[room ? code : "other"];
}

std::map<std::string, std::uint64_t> PoolInstruments::connectErrors() const
{
    const core::MutexLock lock(m_codesMutex);
    return m_codes;
}

// A session that broke while it was lent out is an error, unless a failed statement has already said so. One
// found broken while idle was counted when its validation failed.
void PoolInstruments::countClosed(const pool::PoolEvent& event) noexcept
{
    const auto slot = static_cast<std::size_t>(event.slot);
    const bool known = slot < m_lostPids.size() && event.backendPid != 0 &&
                       m_lostPids[slot].load(std::memory_order_relaxed) == event.backendPid;
    if (event.detail == pool::closeReasonName(pool::CloseReason::Broken) && !known) {
        count(PoolErrorKind::Broken);
    }
}

void PoolInstruments::logEvent(const pool::PoolEvent& event)
{
    const core::Lang in = lang();
    const double seconds = core::seconds(event.duration);
    const auto detail = [&event] { return core::oneLine(event.detail, kDetailChars); };
    switch (event.kind) {
    case pool::EventKind::Connected:
        m_logger->info(texts::say(in, texts::kConnected, event.backendPid));
        break;
    case pool::EventKind::ConnectFailed: // one attempt a caller while an outage begins; WentDown says it
                                         // aloud
        m_logger->debug(texts::say(in, texts::kConnectFailed, detail()));
        break;
    case pool::EventKind::LongUse:
        m_logger->warn(texts::say(in, texts::kLongUse, seconds));
        break;
    case pool::EventKind::Leaked:
        m_logger->warn(texts::say(in, texts::kLeaked, event.slot, siteText(event.site), seconds));
        break;
    case pool::EventKind::Unleaked:
        m_logger->info(texts::say(in, texts::kUnleaked, event.slot));
        break;
    case pool::EventKind::NestedAcquire:
        m_logger->warn(texts::say(in, texts::kNested, siteText(event.site), detail()));
        break;
    case pool::EventKind::DoubleReturn:
        m_logger->warn(texts::say(in, texts::kDoubleReturn, siteText(event.site)));
        break;
    case pool::EventKind::WentDown:
        m_logger->error(texts::say(in, texts::kWentDown, detail()));
        break;
    case pool::EventKind::Recovered:
        m_logger->info(texts::say(in, texts::kRecovered));
        break;
    case pool::EventKind::Blocked:
        m_logger->error(texts::say(in, texts::kBlocked, detail()));
        break;
    default: // kept in the ring; what a person did is logged, too
        if (const core::Text* done = controlText(event)) {
            m_logger->info(texts::say(in, *done, event.slot, event.backendPid, detail()));
        }
        break;
    }
}

} // namespace collect
