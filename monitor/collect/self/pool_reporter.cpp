#include "monitor/collect/self/pool_reporter.h"

#include "monitor/collect/self/pool_texts.h"

#include <spdlog/logger.h>
#include <utility>

namespace collect {

namespace {

constexpr double kUsageTooHigh = 0.9; // the reference's line: exactly 90 % is not yet too high

} // namespace

PoolReporter::PoolReporter(ReporterOptions options)
    : m_options(std::move(options)) {}

core::Result<void> PoolReporter::collect(metrics::SampleBuilder& out) {
    if (out.snapshot().pool.present) {
        look(out.snapshot().pool, out.snapshot().steady);
    }
    return {};
}

PoolReporter::Alarm::Turn PoolReporter::Alarm::look(bool bad, core::SteadyTime now, core::Nanos calm) {
    if (bad) {
        lastBad = now;
    }
    if (bad == raised || (!bad && now - lastBad < calm)) {
        return Turn::None;
    }
    raised = bad;
    return bad ? Turn::Begins : Turn::Ends;
}

void PoolReporter::look(const metrics::PoolView& pool, core::SteadyTime now) {
    const core::Lang lang = m_options.lang();
    spdlog::logger& log = *m_options.logger;
    const double percent = pool.usage * 100;
    if (!m_reported || now - m_lastReport >= m_options.every) {
        m_reported = true;
        m_lastReport = now;
        const std::string usage = pool.maxConnections > 0 ? fmt::format("{:.1f}%", percent) : "-";
        log.info(texts::say(lang, texts::kPoolState, pool.config.size, pool.checkedIn, pool.checkedOut,
                            pool.overflow, usage));
    }
    switch (m_usage.look(pool.maxConnections > 0 && pool.usage > kUsageTooHigh, now, m_options.calm)) {
    case Alarm::Turn::Begins:
        log.error(texts::say(lang, texts::kUsageHigh, percent));
        break;
    case Alarm::Turn::Ends:
        log.info(texts::say(lang, texts::kUsageNormal, percent));
        break;
    case Alarm::Turn::None:
        break;
    }
    // D14: a pool without an idle connection may still open one; only when no place is left is there none to
    // be had.
    const bool noneLeft =
        pool.maxConnections > 0 && pool.checkedIn == 0 && pool.checkedOut >= pool.maxConnections;
    switch (m_noneLeft.look(noneLeft, now, m_options.calm)) {
    case Alarm::Turn::Begins:
        log.error(texts::say(lang, texts::kNoneLeft));
        break;
    case Alarm::Turn::Ends:
        log.info(texts::say(lang, texts::kSomeLeft));
        break;
    case Alarm::Turn::None:
        break;
    }
}

} // namespace collect
