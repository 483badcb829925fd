#include "monitor/metrics/pool_verdict.h"

#include "monitor/core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace metrics {

namespace {

using core::Lang;
using core::Text;

template <class... Values>
std::string say(Lang lang, const Text& text, const Values&... values)
{
    return fmt::format(fmt::runtime(text.in(lang)), values...);
}

constexpr Text kNoPool{"There is no pool yet.", "尚无连接池。"};
constexpr Text kOk{"Well: {} of {} in use.", "正常: {}/{} 使用中。"};
constexpr Text kBusy{"Busy: {} of {} in use, {} run a statement.", "繁忙: {}/{} 使用中，{} 个正在执行语句。"};
constexpr Text kHeld{"Held, not working: {} of {} in use, ", "占用而未工作: {}/{} 使用中，"};
constexpr Text kNoneRuns{"none runs a statement; ", "没有一个在执行语句；"};
constexpr Text kOneRuns{"only one runs a statement; ", "仅 1 个正在执行语句；"};
constexpr Text kSomeRun{"only {} run a statement; ", "仅 {} 个正在执行语句；"};
constexpr Text kInTransaction{"{} idle in a transaction.", "{} 个事务中空闲。"};
constexpr Text kWithout{"{} idle without a transaction.", "{} 个无事务空闲。"};
constexpr Text kBothIdle{"{} idle in a transaction, {} without one.", "{} 个事务中空闲，{} 个无事务空闲。"};
constexpr Text kWaiting{" Callers waiting: {}.", " {} 个调用方在等待。"};
constexpr Text kExhausted{"Exhausted: {} of {} in use, {} run a statement, {} callers wait.",
                          "耗尽: {}/{} 使用中，{} 个正在执行语句，{} 个调用方在等待。"};
constexpr Text kOpening{"Too slow to open: {} of {} in use, {} being opened, {} callers wait.",
                        "建立连接过慢: {}/{} 使用中，{} 个正在建立，{} 个调用方在等待。"};
constexpr Text kDown{"Down: no connection can be opened: {}.", "不可用: 无法建立连接: {}。"};
constexpr Text kSilent{"Down: the database does not answer: {}.", "不可用: 数据库无响应: {}。"};
constexpr Text kNextTry{" Next try in {}.", " {}后重试。"};
constexpr Text kBlocked{
    "Blocked: the server refuses the login: {}. Nothing is tried until a setting changes.",
    "已阻止: 服务器拒绝登录: {}。修改配置之前不再重试。"};
constexpr Text kClosed{"Closed: nobody is served any more.", "已关闭: 不再提供连接。"};
constexpr Text kSuspended{"Suspended by hand: {} callers wait; {} still in use.",
                          "已手动暂停: {} 个调用方在等待；{} 个仍在使用。"};
constexpr Text kMostly{" Mostly {} ({}).", " 主要占用者 {}（{} 个）。"};
constexpr Text kLongest{" The longest for {} at {}.", " 最长已占用 {}，位于 {}。"};
constexpr Text kOldest{" The oldest has waited for {}.", " 最久的已等待 {}。"};
constexpr Text kUnknown{"the cause is not known", "原因未知"};
constexpr Text kNoLimit{"no limit", "无上限"};
constexpr Text kNameless{"a caller without a name", "未具名调用方"};
constexpr Text kLeak{"Suspected leak: place {}, {}, no statement for {}",
                     "疑似泄漏: 位置 {}，{}，已 {} 未执行语句"};
constexpr Text kLong{"Long use: place {}, {}, for {}", "长时间占用: 位置 {}，{}，已 {}"};
constexpr Text kMore{"{} more", "另有 {} 个"};

constexpr std::size_t kConcernsTold = 2;

struct Figures {
    int out = 0;
    int most = 0;
    int active = 0;
    int inTransaction = 0;
    int held = 0; // without a transaction, leaked ones too
    const SlotRow* longest = nullptr;
    std::string owner; // who holds the most
    int owned = 0;
};

bool leased(SlotState state) noexcept
{
    return state == SlotState::Active || state == SlotState::IdleInTransaction || state == SlotState::Held ||
           state == SlotState::Leaked;
}

std::string nameOf(const SlotRow& row, Lang lang)
{
    if (!row.tag.empty()) {
        return row.tag;
    }
    return row.site.empty() ? std::string(kNameless.in(lang)) : row.site;
}

void count(Figures& figures, const SlotRow& row)
{
    switch (row.state) {
    case SlotState::Active:
        ++figures.active;
        break;
    case SlotState::IdleInTransaction:
        ++figures.inTransaction;
        break;
    case SlotState::Held:
        ++figures.held;
        break;
    case SlotState::Leaked:
        ++(row.transactionAge.count() > 0 ? figures.inTransaction : figures.held);
        break;
    case SlotState::NotOpened:
    case SlotState::Connecting:
    case SlotState::Validating:
    case SlotState::Idle:
    case SlotState::Resetting:
    case SlotState::Closing:
        break;
    }
}

Figures figuresOf(const std::vector<SlotRow>& rows, Lang lang)
{
    Figures figures;
    std::map<std::string, int> owners;
    for (const SlotRow& row : rows) {
        if (!leased(row.state)) {
            continue;
        }
        count(figures, row);
        if (figures.longest == nullptr || row.heldFor > figures.longest->heldFor) {
            figures.longest = &row;
        }
        const int owned = ++owners[nameOf(row, lang)];
        if (owned > figures.owned) {
            figures.owned = owned;
            figures.owner = nameOf(row, lang);
        }
    }
    return figures;
}

// Who has them: named only when somebody stands out.
std::string blame(const Figures& figures, Lang lang)
{
    std::string text;
    if (figures.owned > 1 && figures.owned * 3 >= figures.out) {
        text += say(lang, kMostly, figures.owner, figures.owned);
    }
    if (figures.longest != nullptr) {
        const SlotRow& row = *figures.longest;
        text +=
            say(lang, kLongest, core::spanText(row.heldFor), row.site.empty() ? nameOf(row, lang) : row.site);
    }
    return text;
}

std::string limitOf(int most, Lang lang)
{
    return most > 0 ? std::to_string(most) : std::string(kNoLimit.in(lang));
}

std::string idle(const Figures& figures, int waiting, Lang lang)
{
    std::string text = say(lang, kHeld, figures.out, limitOf(figures.most, lang));
    if (figures.active == 0) {
        text += kNoneRuns.in(lang);
    } else {
        text += figures.active == 1 ? std::string(kOneRuns.in(lang)) : say(lang, kSomeRun, figures.active);
    }
    if (figures.inTransaction > 0 && figures.held > 0) {
        text += say(lang, kBothIdle, figures.inTransaction, figures.held);
    } else if (figures.inTransaction > 0) {
        text += say(lang, kInTransaction, figures.inTransaction);
    } else {
        text += say(lang, kWithout, figures.held);
    }
    if (waiting > 0) {
        text += say(lang, kWaiting, waiting);
    }
    return text + blame(figures, lang);
}

std::string full(const Figures& figures, int waiting, core::Nanos oldest, Lang lang)
{
    std::string text =
        say(lang, kExhausted, figures.out, limitOf(figures.most, lang), figures.active, waiting);
    if (oldest.count() > 0) {
        text += say(lang, kOldest, core::spanText(oldest));
    }
    return text + blame(figures, lang);
}

std::string away(const PoolView& pool, std::string_view error, Lang lang)
{
    std::string cause(error.empty() ? kUnknown.in(lang) : error);
    while (!cause.empty() && (cause.back() == '.' || cause.back() == ' ')) {
        cause.pop_back();
    }
    if (!pool.lastErrorSqlstate.empty()) {
        cause += " (" + pool.lastErrorSqlstate + ")";
    }
    if (pool.state == "blocked") {
        return say(lang, kBlocked, cause);
    }
    const std::string next =
        pool.nextTryIn.count() > 0 ? say(lang, kNextTry, core::spanText(pool.nextTryIn)) : std::string();
    return say(lang, pool.state == "down" ? kDown : kSilent, cause) + next;
}

} // namespace

std::string verdictSentence(const PoolView& pool, std::string_view error, Lang lang)
{
    if (!pool.present) {
        return std::string(kNoPool.in(lang));
    }
    if (pool.state == "closed") {
        return std::string(kClosed.in(lang));
    }
    if (pool.verdict == "down") {
        return away(pool, error, lang);
    }
    if (pool.verdict == "suspended") {
        return say(lang, kSuspended, pool.waiting, pool.checkedOut);
    }
    Figures figures = figuresOf(pool.slots, lang);
    figures.out = pool.checkedOut;
    figures.most = pool.maxConnections;
    const std::string most = limitOf(figures.most, lang);
    if (pool.verdict == "held") {
        return idle(figures, pool.waiting, lang);
    }
    if (pool.verdict == "exhausted") {
        return full(figures, pool.waiting, pool.oldestWait, lang);
    }
    if (pool.verdict == "busy") {
        return say(lang, kBusy, figures.out, most, figures.active) + blame(figures, lang);
    }
    return say(lang, kOk, figures.out, most);
}

std::string verdictSentence(const AutopsyRow& autopsy, Lang lang)
{
    Figures figures = figuresOf(autopsy.holders, lang);
    figures.out = autopsy.checkedOut;
    figures.most = autopsy.maxConnections;
    const std::string most = limitOf(figures.most, lang);
    if (autopsy.total < autopsy.maxConnections && autopsy.opening > 0) {
        return say(lang, kOpening, figures.out, most, autopsy.opening, autopsy.waiting);
    }
    if (figures.out > 0 && figures.active * 10 <= figures.out) {
        return idle(figures, autopsy.waiting, lang);
    }
    const core::Nanos oldest = autopsy.waiters.empty() ? core::Nanos(0) : autopsy.waiters.front().waitingFor;
    return full(figures, autopsy.waiting, oldest, lang);
}

std::string concernSentence(const PoolView& pool, Lang lang)
{
    std::vector<const SlotRow*> rows;
    for (const SlotRow& row : pool.slots) {
        if (row.state == SlotState::Leaked || row.longUse) {
            rows.push_back(&row);
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const SlotRow* a, const SlotRow* b) {
        const bool leakA = a->state == SlotState::Leaked;
        const bool leakB = b->state == SlotState::Leaked;
        return leakA != leakB ? leakA : a->heldFor > b->heldFor;
    });
    std::string text;
    for (std::size_t i = 0; i < std::min(rows.size(), kConcernsTold); ++i) {
        const SlotRow& row = *rows[i];
        const bool leak = row.state == SlotState::Leaked;
        std::string who = nameOf(row, lang);
        if (!row.site.empty() && who != row.site) {
            who += " " + row.site;
        }
        text += text.empty() ? "" : " · ";
        text += say(lang, leak ? kLeak : kLong, row.slot, who,
                    core::spanText(leak ? row.idleHeldFor : row.heldFor));
    }
    if (rows.size() > kConcernsTold) {
        text += " · " + say(lang, kMore, rows.size() - kConcernsTold);
    }
    return text;
}

} // namespace metrics
