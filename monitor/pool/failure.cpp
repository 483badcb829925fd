// PoolImpl: what somebody is told who got no connection, and what is kept of it.
#include "monitor/pool/pool_impl.h"

#include <fmt/format.h>

#include <algorithm>

namespace pool {

namespace {

constexpr std::size_t kHoldersTold = 3;
constexpr std::size_t kAutopsiesTold = 20;

constexpr core::Text kOpeningTakesLonger{"no connection within {:.2f} s: opening one takes longer",
                                         "{:.2f} 秒内未获取到连接: 建立新连接耗时更长"};
// The reference's sentence, which people search for: the same in every language.
constexpr core::Text kLimitReached{
    "QueuePool limit of size {} overflow {} reached, connection timed out, timeout {:.2f}",
    "QueuePool limit of size {} overflow {} reached, connection timed out, timeout {:.2f}"};
constexpr core::Text kCancelled{"the wait for a connection was cancelled", "等待连接已被取消"};
constexpr core::Text kQueueFull{"{} requests wait already, no more are let in",
                                "已有 {} 个请求在等待，不再接受新请求"};
constexpr core::Text kSuspended{"the pool is suspended", "连接池已暂停"};
constexpr core::Text kDown{"the database cannot be reached: {} (next try in {:.1f} s)",
                           "数据库连接失败: {}（{:.1f} 秒后重试）"};
constexpr core::Text kBlocked{
    "the database refuses the login: {} (not tried again until the settings change)",
    "数据库拒绝登录: {}（修改配置之前不再重试）"};
constexpr core::Text kShed{"{} requests are turned away while the service is degraded", "服务降级期间拒绝 {} 请求"};
constexpr core::Text kClosed{"the pool is closed", "连接池已关闭"};
constexpr core::Text kParents{"the pool belongs to the parent process: a child makes its own",
                              "连接池属于父进程: 子进程须自行创建"};

template <class... Values>
std::string say(core::Lang lang, const core::Text& text, const Values&... values)
{
    return fmt::format(fmt::runtime(text.in(lang)), values...);
}

std::vector<SlotInfo> holdersOf(const PoolStats& stats)
{
    std::vector<SlotInfo> holders;
    std::copy_if(stats.slots.begin(), stats.slots.end(), std::back_inserter(holders),
                 [](const SlotInfo& slot) { return slot.phase == SlotPhase::Leased; });
    std::stable_sort(holders.begin(), holders.end(),
                     [](const SlotInfo& a, const SlotInfo& b) { return a.heldFor > b.heldFor; });
    return holders;
}

} // namespace

AcquireFailure PoolImpl::failureOf(const Request& request)
{
    AcquireFailure failure;
    failure.outcome = request.outcome;
    if (request.outcome == Outcome::Shed) { // may come in masses, and is no riddle: without the tables
        failure.counts = core.counts();
        failure.message = failureText(request, failure.counts, {});
        return failure;
    }
    PoolStats now = tables(kWaitersTold);
    failure.counts = now.counts;
    const Fault fault = core.fault();
    if (request.outcome == Outcome::Down || request.outcome == Outcome::Blocked) {
        failure.sqlstate = fault.sqlstate;
    }
    failure.message = failureText(request, now.counts, fault);
    std::vector<SlotInfo> holders = holdersOf(now);
    const auto told = holders.begin() + static_cast<std::ptrdiff_t>(std::min(holders.size(), kHoldersTold));
    failure.holders.assign(holders.begin(), told);
    if (request.outcome == Outcome::Timeout || request.outcome == Outcome::QueueFull) {
        Autopsy autopsy;
        autopsy.at = core.clock().wallNow();
        autopsy.outcome = request.outcome;
        autopsy.tag = request.tag;
        autopsy.site = request.site;
        autopsy.waited = request.endedAt - request.requestedAt;
        autopsy.counts = now.counts;
        autopsy.holders = std::move(holders);
        autopsy.waiters = std::move(now.waiters);
        m_autopsies.add(std::move(autopsy));
    }
    return failure;
}

// Without a look at the core: its lock may be held for ever.
AcquireFailure PoolImpl::failureOfChild() const
{
    AcquireFailure failure;
    failure.outcome = Outcome::Closed;
    failure.message = say(m_lang.load(std::memory_order_relaxed), kParents);
    return failure;
}

std::string PoolImpl::failureText(const Request& request, const PoolCounts& counts, const Fault& fault) const
{
    const core::Lang lang = m_lang.load(std::memory_order_relaxed);
    const double asked = core::seconds(request.deadline - request.requestedAt);
    switch (request.outcome) {
    case Outcome::Ok:
        break;
    case Outcome::Timeout:
        if (counts.total < counts.maxConnections && counts.opening > 0) {
            return say(lang, kOpeningTakesLonger, asked);
        }
        return say(lang, kLimitReached, counts.size, counts.maxOverflow, asked);
    case Outcome::Cancelled:
        return say(lang, kCancelled);
    case Outcome::QueueFull:
        return say(lang, kQueueFull, counts.waiting);
    case Outcome::Suspended:
        return say(lang, kSuspended);
    case Outcome::Down:
        return say(lang, kDown, fault.message, core::seconds(core.nextTryIn()));
    case Outcome::Blocked:
        return say(lang, kBlocked, fault.message);
    case Outcome::Closed:
        return say(lang, kClosed);
    case Outcome::Shed:
        return say(lang, kShed, priorityName(request.priority));
    }
    return {};
}

std::vector<AutopsyPtr> PoolImpl::autopsies(std::size_t atMost) const
{
    return m_autopsies.newest(atMost);
}

PoolStats PoolImpl::stats(std::size_t waiters) const
{
    PoolStats stats = tables(waiters);
    stats.autopsies = m_autopsies.newest(kAutopsiesTold);
    return stats;
}

} // namespace pool
