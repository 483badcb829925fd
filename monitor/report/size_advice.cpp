#include "monitor/report/summary.h"

#include <cmath>

#include <fmt/format.h>

namespace report {

namespace {

using core::Text;

constexpr Text kEnough{
    "At most {} connections were wanted at once (taken or waited for); the pool may have {}. Its size was "
    "enough.",
    "同时需要的连接最多为 {} 个（使用中与等待之和）；连接池容量为 {}。容量足够。"};
constexpr Text kMore{
    "At most {} connections were wanted at once (taken or waited for), but the pool may have only {}.",
    "同时需要的连接最多为 {} 个（使用中与等待之和），而连接池容量仅为 {}。"};
constexpr Text kCovered{
    " {} places would have covered that peak; mend the cause first if connections were held longer "
    "than needed.",
    "容量为 {} 时可覆盖该峰值；若连接占用时间过长，应先解决原因。"};
constexpr Text kLeak{
    " Up to {} were held without a statement: places that are not given back are lost at any size. Mend the "
    "callers first.",
    "最多有 {} 个连接被占用而未执行语句：不归还的连接在任何容量下都会丢失，应先修复调用方。"};
constexpr Text kRoom{" The server allows {} connections altogether.", "服务器最多允许 {} 个连接。"};
constexpr Text kReplay{" Replaying the recorded requests: {}", "重放已记录的请求：{}"};

} // namespace

std::string sizeAdvice(const Facts& facts)
{
    const core::Lang lang = facts.request.lang;
    const Figures& f = facts.figures;
    if (std::isnan(f.peakDemand) || std::isnan(f.places)) {
        return {};
    }
    const auto say = [lang](const Text& text, const auto&... args) {
        return fmt::format(fmt::runtime(text.in(lang)), args...);
    };
    const long long demand = std::llround(f.peakDemand);
    const long long places = std::llround(f.places);
    std::string text = say(demand > places ? kMore : kEnough, demand, places);
    if (demand > places) {
        text += say(kCovered, demand);
    }
    if (f.leaked >= 1) {
        text += say(kLeak, std::llround(f.leaked));
    }
    if (!std::isnan(f.serverMax) && demand > places) {
        text += say(kRoom, std::llround(f.serverMax));
    }
    if (!facts.request.advice.empty()) {
        text += say(kReplay, facts.request.advice);
    }
    return text;
}

} // namespace report
