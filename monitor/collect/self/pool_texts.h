// The log lines of the pool. Chinese is the contract's (section 3), word for word; places are filled in by
// say().
#pragma once

#include "monitor/core/lang.h"

#include <fmt/format.h>
#include <string>

namespace collect::texts {

template <class... Values>
[[nodiscard]] std::string say(core::Lang lang, const core::Text& text, const Values&... values) {
    return fmt::format(fmt::runtime(text.in(lang)), values...);
}

inline constexpr core::Text kRule{"==================================================",
                                  "=================================================="};
inline constexpr core::Text kStarted{"Application started - pool monitoring is on",
                                     "应用启动 - 连接池监控已启用"};
inline constexpr core::Text kTaskStarted{"Periodic monitoring started", "定期监控任务已启动"};
inline constexpr core::Text kStopped{"Application stopped", "应用关闭"};

inline constexpr core::Text kConnected{"New connection: {}", "新连接创建: {}"};
inline constexpr core::Text kSlowAcquire{"Slow acquire: {:.3f}s", "连接获取慢: {:.3f}s"};
inline constexpr core::Text kLongUse{"Connection held for long: {:.3f}s", "连接长时间占用: {:.3f}s"};
inline constexpr core::Text kSlowQuery{"Slow query ({:.3f}s): {}", "慢查询 ({:.3f}s): {}"};
inline constexpr core::Text kQuery{"Query ({:.3f}s): {}", "查询 ({:.3f}s): {}"};
inline constexpr core::Text kPoolState{
    "Pool state: size={}, checked_in={}, checked_out={}, overflow={}, usage={}",
    "连接池状态: size={}, checked_in={}, checked_out={}, overflow={}, usage={}"};
inline constexpr core::Text kUsageHigh{"🚨 Pool usage too high: {:.1f}%", "🚨 连接池使用率过高: {:.1f}%"};
inline constexpr core::Text kUsageNormal{"Pool usage back to normal: {:.1f}%",
                                         "连接池使用率恢复正常: {:.1f}%"};
inline constexpr core::Text kNoneLeft{"🚨 No connection left", "🚨 无空闲连接"};
inline constexpr core::Text kSomeLeft{"Connections are to be had again", "已有可用连接"};
inline constexpr core::Text kUpdateFailed{"Updating the pool's metrics failed: {}", "更新连接池指标失败: {}"};
inline constexpr core::Text kProbeFailed{"Health check failed: {}", "健康检查失败: {}"};
inline constexpr core::Text kProbeWell{"Health check well again after {}", "健康检查恢复正常，中断 {}"};
inline constexpr core::Text kMonitoringFailed{"Periodic monitoring failed: {}", "定期监控失败: {}"};

// Beyond the contract: what else happens to a pool.
inline constexpr core::Text kAcquireTimedOut{"No connection within {:.3f}s", "{:.3f}s 内未获取到连接"};
inline constexpr core::Text kConnectFailed{"Connecting failed: {}", "连接创建失败: {}"};
inline constexpr core::Text kLeaked{"Suspected leak: slot {}, {}, held without a statement for {:.3f}s",
                                    "疑似连接泄漏: 槽位 {}，{}，{:.3f}s 未执行任何语句"};
inline constexpr core::Text kUnleaked{"Suspected leak over: slot {}", "疑似连接泄漏已解除: 槽位 {}"};
inline constexpr core::Text kNested{"Nested acquire by one thread: {} {}", "同一线程嵌套获取连接: {} {}"};
inline constexpr core::Text kDoubleReturn{"Connection given back twice: {}", "连接被重复归还: {}"};
inline constexpr core::Text kWentDown{"Database away: {}", "数据库不可用: {}"};
inline constexpr core::Text kRecovered{"Database back", "数据库已恢复"};
inline constexpr core::Text kBlocked{"Login refused, waiting for new settings: {}",
                                     "登录被拒绝，等待修改配置: {}"};
// What somebody did to the pool: {0} slot, {1} backend, {2} before and after.
inline constexpr core::Text kConfigured{"Pool settings changed: {2}", "连接池配置已更改: {2}"};
inline constexpr core::Text kSuspended{"Pool suspended: {2}", "连接池已暂停: {2}"};
inline constexpr core::Text kResumed{"Pool resumed: {2}", "连接池已恢复运行: {2}"};
inline constexpr core::Text kDrained{"Pool drained: {2}", "连接池已排空: {2}"};
inline constexpr core::Text kRecycled{"Slot {0} recycled: {2}", "槽位 {0} 已回收: {2}"};
inline constexpr core::Text kAllRecycled{"All slots recycled: {2}", "全部槽位已回收: {2}"};
inline constexpr core::Text kRetryAsked{"Asked to try the database again: {2}", "已请求重新连接数据库: {2}"};
inline constexpr core::Text kStatementCancelled{"Statement of backend {1} in slot {0} cancelled: {2}",
                                                "已取消槽位 {0} 后端 {1} 的语句: {2}"};
inline constexpr core::Text kTerminated{"Backend {1} in slot {0} terminated: {2}", "已终止槽位 {0} 的后端 {1}: {2}"};

} // namespace collect::texts
