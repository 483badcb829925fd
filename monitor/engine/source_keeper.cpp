#include "monitor/engine/source_keeper.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace engine {

namespace {

using metrics::Kind;
using metrics::MetricDef;

constexpr core::Text kAway{"{} does not answer: {}. Memory and history go on",
                           "{} 无响应：{}。内存与历史继续工作"};
constexpr core::Text kNotUnderstood{"{}: its rules and targets cannot be read: {}", "{}：无法读取其规则与目标：{}"};
constexpr core::Text kNotPushed{"Samples cannot be pushed to {}: {}. {} wait",
                                "无法向 {} 推送样本：{}。{} 个等待中"};

constexpr std::array kDefs{
    MetricDef{"poolscope_remote_storage_bytes_total",
              Kind::Counter,
              core::Unit::Bytes,
              "Packed bytes the server has accepted by remote write",
              {"Pushed bytes", "已推送字节"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_highest_timestamp_seconds",
              Kind::Gauge,
              core::Unit::Seconds,
              "Time of the newest sample given to remote write, since the epoch",
              {"Newest sample", "最新样本时间"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_queue_highest_sent_timestamp_seconds",
              Kind::Gauge,
              core::Unit::Seconds,
              "Time of the newest sample the server has accepted, since the epoch",
              {"Newest sample sent", "最新已推送样本时间"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_samples_dropped_total",
              Kind::Counter,
              core::Unit::Count,
              "Samples not pushed because too many waited",
              {"Samples dropped", "已丢弃样本"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_samples_failed_total",
              Kind::Counter,
              core::Unit::Count,
              "Samples the server has refused for good",
              {"Samples refused", "被拒绝样本"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_samples_pending",
              Kind::Gauge,
              core::Unit::Count,
              "Samples that wait to be pushed",
              {"Samples waiting", "等待推送样本"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_samples_retried_total",
              Kind::Counter,
              core::Unit::Count,
              "Samples pushed again because the server could not take them",
              {"Samples retried", "重试样本"},
              {},
              {}},
    MetricDef{"poolscope_remote_storage_samples_total",
              Kind::Counter,
              core::Unit::Count,
              "Samples the server has accepted by remote write",
              {"Samples pushed", "已推送样本"},
              {},
              {}},
};

class WriteCollector final : public collect::Collector {
public:
    explicit WriteCollector(const std::unique_ptr<prometheus::RemoteWriter>& writer)
        : m_writer(writer)
    {
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "remote_write"; }
    [[nodiscard]] std::span<const MetricDef> metrics() const noexcept override { return kDefs; }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override
    {
        if (!m_writer) {
            return {};
        }
        const prometheus::RemoteWriteFigures figures = m_writer->figures();
        const std::array values{static_cast<double>(figures.bytes),
                                static_cast<double>(figures.newestIn) / 1000,
                                static_cast<double>(figures.newestSent) / 1000,
                                static_cast<double>(figures.dropped),
                                static_cast<double>(figures.failed),
                                static_cast<double>(figures.pending),
                                static_cast<double>(figures.retried),
                                static_cast<double>(figures.sent)};
        for (std::size_t i = 0; i < values.size(); ++i) {
            out.push(kDefs[i], values[i]);
        }
        return {};
    }

private:
    const std::unique_ptr<prometheus::RemoteWriter>& m_writer; // changes only while no tick is taken
};

} // namespace

SourceKeeper::SourceKeeper(const std::vector<prometheus::ServerSpec>& servers,
                           std::optional<prometheus::RemoteWriteSpec> remoteWrite,
                           const metrics::Querier& language)
    : m_writeSpec(std::move(remoteWrite))
{
    for (const prometheus::ServerSpec& spec : servers) {
        m_servers.push_back(std::make_unique<prometheus::ServerQuerier>(spec, language));
    }
}

void SourceKeeper::start()
{
    if (m_writeSpec) {
        m_writer = std::make_unique<prometheus::RemoteWriter>(*m_writeSpec);
    }
    const core::MutexLock lock(m_mutex);
    for (const auto& server : m_servers) {
        if (server->client().spec().watch > core::Nanos(0)) {
            m_watchers.push_back(std::make_unique<prometheus::Watcher>(server->client()));
        }
    }
}

void SourceKeeper::stop()
{
    std::vector<std::unique_ptr<prometheus::Watcher>> ended;
    {
        metrics::RemoteView last = watched();
        const core::MutexLock lock(m_mutex);
        ended.swap(m_watchers);
        m_last = std::move(last);
    }
    ended.clear(); // waits for answers under way to be given up
    if (m_writer) {
        m_writer->stop();
    }
}

std::vector<const metrics::QuerySource*> SourceKeeper::sources() const
{
    std::vector<const metrics::QuerySource*> all;
    for (const auto& server : m_servers) {
        all.push_back(server.get());
    }
    return all;
}

metrics::RemoteView SourceKeeper::watched() const
{
    const core::MutexLock lock(m_mutex);
    metrics::RemoteView view = m_last;
    for (const auto& watcher : m_watchers) {
        view.push_back(watcher->view());
    }
    return view;
}

void SourceKeeper::lookNow()
{
    const core::MutexLock lock(m_mutex);
    for (const auto& watcher : m_watchers) {
        watcher->refresh();
    }
}

void SourceKeeper::onTick(const series::Head& head)
{
    if (m_writer) {
        m_writer->push(head.newestTick());
    }
}

void SourceKeeper::tell(BannerBoard& banners, core::Lang lang) const
{
    for (const auto& server : m_servers) {
        const metrics::SourceNews news = server->news();
        const std::string id = "prometheus:" + server->name();
        if (news.away) {
            banners.raise({id,
                           false,
                           {},
                           fmt::format(fmt::runtime(kAway.in(lang)), server->name(), news.problem),
                           server->client().spec().url,
                           core::Nanos(0)});
        } else {
            banners.clear(id);
        }
    }
    tellWatched(banners, lang);
    const prometheus::RemoteWriteFigures figures =
        m_writer ? m_writer->figures() : prometheus::RemoteWriteFigures();
    if (figures.problem.empty()) {
        banners.clear("remote_write");
        return;
    }
    banners.raise({"remote_write",
                   false,
                   {},
                   fmt::format(fmt::runtime(kNotPushed.in(lang)), m_writeSpec->endpoint.name, figures.problem,
                               figures.pending),
                   m_writeSpec->endpoint.url,
                   core::Nanos(0)});
}

// Its network works, but what it says of itself is no answer.
void SourceKeeper::tellWatched(BannerBoard& banners, core::Lang lang) const
{
    for (const auto& server : watched()) {
        const std::string id = "prometheus_rules:" + server->name;
        const bool answers = std::none_of(m_servers.begin(), m_servers.end(), [&](const auto& querier) {
            return querier->name() == server->name && querier->news().away;
        });
        if (server->state == metrics::RemoteServer::State::Away && answers) {
            banners.raise({id,
                           false,
                           {},
                           fmt::format(fmt::runtime(kNotUnderstood.in(lang)), server->name, server->error),
                           server->url,
                           core::Nanos(0)});
        } else {
            banners.clear(id);
        }
    }
}

std::unique_ptr<collect::Collector> SourceKeeper::collector() const
{
    return std::make_unique<WriteCollector>(m_writer);
}

std::span<const MetricDef> SourceKeeper::metrics() noexcept
{
    return kDefs;
}

} // namespace engine
