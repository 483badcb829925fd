#include "monitor/notify/figures.h"

#include <array>

namespace notify {

namespace {

using metrics::Kind;
using metrics::MetricDef;

constexpr std::array<std::string_view, 1> kChannel{"channel"};
constexpr std::array<std::string_view, 2> kChannelOutcome{"channel", "outcome"};

constexpr std::array kDefs{
    MetricDef{"poolscope_notifications_dropped_total",
              Kind::Counter,
              core::Unit::Count,
              "Alert events nobody could be told of because the queue was full",
              {"Notifications dropped", "丢弃的通知"},
              {},
              {}},
    MetricDef{"poolscope_notifications_failed_total",
              Kind::Counter,
              core::Unit::Count,
              "Messages given up: refused for good, or too old",
              {"Notifications failed", "失败的通知"},
              {},
              kChannel},
    MetricDef{"poolscope_notifications_queued",
              Kind::Gauge,
              core::Unit::Count,
              "Messages in the outbox",
              {"Notifications queued", "待发送的通知"},
              {},
              kChannel},
    MetricDef{"poolscope_notifications_total",
              Kind::Counter,
              core::Unit::Count,
              "Tries to tell people, by outcome: sent, retried, refused, expired",
              {"Notifications", "通知"},
              {},
              kChannelOutcome},
};

} // namespace

std::span<const MetricDef> figureDefs() noexcept
{
    return kDefs;
}

void pushFigures(const Figures& figures, metrics::SampleBuilder& out)
{
    out.push(kDefs[0], static_cast<double>(figures.dropped));
    for (const metrics::ChannelRow& row : figures.channels) {
        const auto outcome = [&](const char* name, std::uint64_t count) {
            out.push(kDefs[3], static_cast<double>(count), {{"channel", row.name}, {"outcome", name}});
        };
        out.push(kDefs[1], static_cast<double>(row.failed + row.expired), {{"channel", row.name}});
        out.push(kDefs[2], static_cast<double>(row.queued), {{"channel", row.name}});
        outcome("sent", row.sent);
        outcome("retried", row.retried);
        outcome("refused", row.failed);
        outcome("expired", row.expired);
    }
}

} // namespace notify
