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
constexpr core::Text kLost{", {} were lost (too old, or too many)", "，{} 个已丢失（过旧或过多）"};

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
              "Samples not pushed because too many waited, or they had grown too old",
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
    explicit WriteCollector(const SourceKeeper& keeper)
        : m_keeper(keeper)
    {
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "remote_write"; }
    [[nodiscard]] std::span<const MetricDef> metrics() const noexcept override { return kDefs; }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override
    {
        const auto figures = m_keeper.figures();
        if (!figures) {
            return {};
        }
        const std::array values{static_cast<double>(figures->bytes),
                                static_cast<double>(figures->newestIn) / 1000,
                                static_cast<double>(figures->newestSent) / 1000,
                                static_cast<double>(figures->dropped),
                                static_cast<double>(figures->failed),
                                static_cast<double>(figures->pending),
                                static_cast<double>(figures->retried),
                                static_cast<double>(figures->sent)};
        for (std::size_t i = 0; i < values.size(); ++i) {
            out.push(kDefs[i], values[i]);
        }
        return {};
    }

private:
    const SourceKeeper& m_keeper;
};

// Of one's samples the series are the same at both: who goes on there need not end them.
bool isSameStream(const prometheus::RemoteWriteSpec& one, const prometheus::RemoteWriteSpec& other)
{
    return one.endpoint.url == other.endpoint.url && one.endpoint.tenant == other.endpoint.tenant &&
           one.external == other.external;
}

std::string bannerOf(const std::string& server)
{
    return "prometheus:" + server;
}

std::string rulesBannerOf(const std::string& server)
{
    return "prometheus_rules:" + server;
}

} // namespace

SourceKeeper::SourceKeeper(const std::vector<prometheus::ServerSpec>& servers,
                           std::optional<prometheus::RemoteWriteSpec> remoteWrite,
                           const metrics::Querier& language)
    : m_language(language)
    , m_writeSpec(std::move(remoteWrite))
{
    for (const prometheus::ServerSpec& spec : servers) {
        m_servers.push_back(std::make_shared<prometheus::ServerQuerier>(spec, language));
    }
}

void SourceKeeper::start()
{
    const core::MutexLock lock(m_mutex);
    m_phase = Phase::Running;
    if (m_writeSpec) {
        m_writer = std::make_shared<prometheus::RemoteWriter>(*m_writeSpec);
    }
    for (const Querier& server : m_servers) {
        watch(server);
    }
}

void SourceKeeper::watch(const Querier& server)
{
    if (server->client().spec().watch > core::Nanos(0)) {
        m_watchers.push_back({server, std::make_unique<prometheus::Watcher>(server->client())});
    }
}

void SourceKeeper::stop()
{
    std::vector<Watched> ended;
    Writer writer;
    {
        metrics::RemoteView last = watched();
        const core::MutexLock lock(m_mutex);
        m_phase = Phase::Ended;
        ended.swap(m_watchers);
        m_last = std::move(last);
        writer = m_writer;
    }
    ended.clear(); // waits for answers under way to be given up
    if (writer) {
        writer->stop();
    }
}

void SourceKeeper::setServers(const std::vector<prometheus::ServerSpec>& servers)
{
    std::vector<Watched> ended;
    {
        const core::MutexLock lock(m_mutex);
        std::vector<Querier> next;
        for (const prometheus::ServerSpec& spec : servers) {
            const auto same = std::ranges::find_if(
                m_servers, [&spec](const Querier& one) { return one && one->client().spec() == spec; });
            const bool kept = same != m_servers.end();
            next.push_back(kept ? std::exchange(*same, nullptr)
                                : std::make_shared<prometheus::ServerQuerier>(spec, m_language));
            if (!kept && m_phase == Phase::Running) {
                watch(next.back());
            }
        }
        for (const Querier& gone : m_servers) {
            if (!gone) {
                continue;
            }
            gone->retire();
            m_goneBanners.insert(m_goneBanners.end(), {bannerOf(gone->name()), rulesBannerOf(gone->name())});
            const auto mine = std::ranges::find(m_watchers, gone, &Watched::server);
            if (mine != m_watchers.end()) {
                ended.push_back(std::move(*mine));
                m_watchers.erase(mine);
            }
            m_retired.push_back(gone);
        }
        m_servers = std::move(next);
        std::ranges::stable_sort(m_watchers, {}, [this](const Watched& one) { // as configured
            return std::ranges::find(m_servers, one.server) - m_servers.begin();
        });
    }
    ended.clear();
}

void SourceKeeper::setRemoteWrite(std::optional<prometheus::RemoteWriteSpec> remoteWrite)
{
    Writer before, next;
    bool same = false;
    {
        const core::MutexLock lock(m_mutex);
        if (m_writeSpec == remoteWrite || m_phase == Phase::Ended) {
            return;
        }
        same = m_writeSpec && remoteWrite && isSameStream(*m_writeSpec, *remoteWrite);
        m_writeSpec = std::move(remoteWrite);
        if (m_phase == Phase::New) {
            return;
        }
        next = m_writeSpec ? std::make_shared<prometheus::RemoteWriter>(
                                 *m_writeSpec, core::SystemClock::instance(),
                                 prometheus::RemoteWriter::Start::WhenAdopted)
                           : nullptr;
        before = std::exchange(m_writer, next); // ticks go to it from here on
    }
    const bool farewell = before && (!next || (!same && before->figures().problem.empty()));
    if (farewell) {
        before->stop();
    }
    prometheus::RemoteBacklog backlog = before ? before->abandon() : prometheus::RemoteBacklog();
    if (next) {
        next->adopt(std::move(backlog));
    }
}

std::vector<SourceKeeper::Querier> SourceKeeper::servers() const
{
    const core::MutexLock lock(m_mutex);
    return m_servers;
}

SourceKeeper::Writer SourceKeeper::writer() const
{
    const core::MutexLock lock(m_mutex);
    return m_writer;
}

std::optional<prometheus::RemoteWriteFigures> SourceKeeper::figures() const
{
    const Writer now = writer();
    return now ? std::optional(now->figures()) : std::nullopt;
}

std::vector<const metrics::QuerySource*> SourceKeeper::sources() const
{
    std::vector<const metrics::QuerySource*> all;
    for (const Querier& server : servers()) {
        all.push_back(server.get());
    }
    return all;
}

metrics::RemoteView SourceKeeper::watched() const
{
    const core::MutexLock lock(m_mutex);
    metrics::RemoteView view = m_last;
    for (const Watched& one : m_watchers) {
        view.push_back(one.watcher->view());
    }
    return view;
}

void SourceKeeper::lookNow()
{
    const core::MutexLock lock(m_mutex);
    for (const Watched& one : m_watchers) {
        one.watcher->refresh();
    }
}

void SourceKeeper::onTick(const series::Head& head)
{
    if (const Writer now = writer()) {
        now->push(head.newestTick());
    }
}

void SourceKeeper::tell(BannerBoard& banners, core::Lang lang)
{
    std::vector<std::string> gone;
    {
        const core::MutexLock lock(m_mutex);
        gone.swap(m_goneBanners);
    }
    for (const std::string& id : gone) { // whoever has its name now is told of below
        banners.clear(id);
    }
    const std::vector<Querier> all = servers();
    for (const Querier& server : all) {
        const metrics::SourceNews news = server->news();
        const std::string id = bannerOf(server->name());
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
    for (const auto& server : watched()) { // its network works, but what it says of itself is no answer
        const std::string id = rulesBannerOf(server->name);
        const bool answers = std::ranges::none_of(all, [&server](const Querier& querier) {
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
    tellPushed(banners, lang);
}

void SourceKeeper::tellPushed(BannerBoard& banners, core::Lang lang) const
{
    Writer now;
    prometheus::ServerSpec endpoint;
    {
        const core::MutexLock lock(m_mutex);
        now = m_writer;
        endpoint = m_writeSpec ? m_writeSpec->endpoint : prometheus::ServerSpec();
    }
    const auto figures = now ? now->figures() : prometheus::RemoteWriteFigures();
    if (figures.problem.empty()) {
        banners.clear("remote_write");
        return;
    }
    std::string text = fmt::format(fmt::runtime(kNotPushed.in(lang)), endpoint.name, figures.problem, figures.pending);
    if (figures.lost > 0) {
        text += fmt::format(fmt::runtime(kLost.in(lang)), figures.lost);
    }
    banners.raise({"remote_write", false, {}, std::move(text), endpoint.url, core::Nanos(0)});
}

std::unique_ptr<collect::Collector> SourceKeeper::collector() const
{
    return std::make_unique<WriteCollector>(*this);
}

std::span<const MetricDef> SourceKeeper::metrics() noexcept
{
    return kDefs;
}

} // namespace engine
