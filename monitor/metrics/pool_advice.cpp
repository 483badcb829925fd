#include "monitor/metrics/pool_advice.h"

#include "monitor/core/units.h"

#include <algorithm>
#include <fmt/format.h>

namespace metrics {

namespace {

using core::Lang;
using core::Text;

constexpr Text kNoData{"No request has been recorded yet.", "尚未记录到任何请求。"};
constexpr Text kTooFew{"Only {} requests have been recorded: too few to say anything.",
                       "仅记录到 {} 个请求，样本太少，无法给出建议。"};
constexpr Text kHoldsUnknown{"No connection came back in the recorded time, so nobody knows what more places "
                             "would be good for: see who "
                             "holds them.",
                             "记录期间没有连接归还，无法判断增加连接数是否有用：请查看是谁占用了连接。"};
constexpr Text kGrow{"With {} places p95 wait would have been {} instead of {}",
                     "若有 {} 个连接，等待时间 p95 将为 {}，而不是 {}"};
constexpr Text kEnoughSmaller{"Today's {} places are enough (p95 wait {}); {} would have done (p95 wait {})",
                              "当前 {} 个连接已足够（等待 p95 为 {}）；{} 个也足够（等待 p95 为 {}）"};
constexpr Text kEnoughExactly{"Today's {} places are just enough (p95 wait {})",
                              "当前 {} 个连接恰好足够（等待 p95 为 {}）"};
constexpr Text kNoLimit{"The pool has no limit; {} places would have done (p95 wait {})",
                        "连接池没有上限；{} 个连接即可满足（等待 p95 为 {}）"};
constexpr Text kNoSize{"Not even {} places would have served everybody well (p95 wait {}, {} timeouts)",
                       "即使有 {} 个连接也无法让所有请求得到及时服务（等待 p95 为 {}，超时 {} 次）"};
constexpr Text kTimeouts{" and {} timeouts instead of {}", "，超时 {} 次，而不是 {} 次"};
constexpr Text kRoom{"; the server has room for {} more.", "；服务器还可再容纳 {} 个连接。"};
constexpr Text kNoRoom{"; the server has room for {} in all.", "；服务器总共只能容纳 {} 个连接。"};
constexpr Text kRoomUnknown{"; how much room the server has is not known.", "；服务器剩余容量未知。"};
constexpr Text kEnd{".", "。"};

template <class... Values>
std::string say(Lang lang, const Text& text, const Values&... values)
{
    return fmt::format(fmt::runtime(text.in(lang)), values...);
}

std::string spanOf(core::Nanos span)
{
    return core::humanText(core::seconds(span), core::Unit::Seconds);
}

// What really happened, or, when that was with several sizes, what today's would have done.
core::Nanos waitSoFar(const PoolAdvice& advice)
{
    return advice.resized && advice.today ? advice.today->wait.p95 : advice.recorded.p95;
}

std::string roomOf(const PoolAdvice& advice, Lang lang)
{
    if (!advice.serverLimit) {
        return say(lang, kRoomUnknown);
    }
    const int needed = std::max(advice.places, advice.suggested ? advice.suggested->places : 0);
    return advice.places > 0 && needed <= *advice.serverLimit
               ? say(lang, kRoom, *advice.serverLimit - advice.places)
               : say(lang, kNoRoom, *advice.serverLimit);
}

std::string growth(const PoolAdvice& advice, Lang lang)
{
    std::string text = say(lang, kGrow, advice.suggested->places, spanOf(advice.suggested->wait.p95),
                           spanOf(waitSoFar(advice)));
    const std::uint64_t before =
        advice.resized && advice.today ? advice.today->timeouts : advice.recordedTimeouts;
    if (before > advice.suggested->timeouts) {
        text += say(lang, kTimeouts, advice.suggested->timeouts, before);
    }
    return text + roomOf(advice, lang);
}

std::string enough(const PoolAdvice& advice, Lang lang)
{
    const std::string wait = spanOf(advice.suggested->wait.p95);
    if (advice.places == 0) {
        return say(lang, kNoLimit, advice.suggested->places, wait) + roomOf(advice, lang);
    }
    const std::string today = spanOf(waitSoFar(advice));
    return (advice.suggested->places < advice.places
                ? say(lang, kEnoughSmaller, advice.places, today, advice.suggested->places, wait)
                : say(lang, kEnoughExactly, advice.places, today)) +
           roomOf(advice, lang);
}

} // namespace

const char* adviceVerdictName(AdviceVerdict verdict) noexcept
{
    switch (verdict) {
    case AdviceVerdict::NoData:
        return "no_data";
    case AdviceVerdict::TooFew:
        return "too_few";
    case AdviceVerdict::HoldsUnknown:
        return "holds_unknown";
    case AdviceVerdict::Grow:
        return "grow";
    case AdviceVerdict::Enough:
        return "enough";
    case AdviceVerdict::NoSizeHelps:
        break;
    }
    return "no_size_helps";
}

std::string adviceSentence(const PoolAdvice& advice, Lang lang)
{
    switch (advice.verdict) {
    case AdviceVerdict::NoData:
        return say(lang, kNoData);
    case AdviceVerdict::TooFew:
        return say(lang, kTooFew, advice.requests);
    case AdviceVerdict::HoldsUnknown:
        return say(lang, kHoldsUnknown);
    case AdviceVerdict::Grow:
        return growth(advice, lang);
    case AdviceVerdict::Enough:
        return enough(advice, lang);
    case AdviceVerdict::NoSizeHelps:
        break;
    }
    const SizeForecast& most = advice.forecasts.back();
    return say(lang, kNoSize, most.places, spanOf(most.wait.p95), most.timeouts) + say(lang, kEnd);
}

} // namespace metrics
