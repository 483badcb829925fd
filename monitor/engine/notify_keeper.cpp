#include "monitor/engine/notify_keeper.h"

#include <utility>

namespace engine {

namespace {

class NotifyCollector final : public collect::Collector {
public:
    explicit NotifyCollector(const notify::Service& service)
        : m_service(service)
    {
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "notify"; }
    [[nodiscard]] std::span<const metrics::MetricDef> metrics() const noexcept override
    {
        return notify::figureDefs();
    }
    [[nodiscard]] core::Result<void> collect(metrics::SampleBuilder& out) override
    {
        notify::pushFigures(m_service.figures(), out);
        return {};
    }

private:
    const notify::Service& m_service;
};

} // namespace

NotifyKeeper::NotifyKeeper(const Config& config, NotifyOptions options)
{
    notify::ServiceOptions service;
    service.folder = config.dataDir;
    service.channels = config.notify.channels;
    service.around.lang = std::move(options.lang);
    service.around.externalUrl = config.notify.externalUrl.empty()
                                     ? std::move(options.endpoint)
                                     : [url = config.notify.externalUrl] { return url; };
    service.around.desktop = [this] {
        const core::MutexLock lock(m_mutex);
        return m_desktop;
    };
    service.around.interval = config.interval;
    m_service = std::make_unique<notify::Service>(std::move(service));
}

std::unique_ptr<collect::Collector> NotifyKeeper::collector() const
{
    return std::make_unique<NotifyCollector>(*m_service);
}

void NotifyKeeper::setDesktop(notify::DesktopSink sink)
{
    const core::MutexLock lock(m_mutex);
    m_desktop = std::move(sink);
}

void NotifyKeeper::fill(metrics::Snapshot& snapshot) const
{
    snapshot.channels = m_service->figures().channels;
    std::set<std::string> acked; // or hushed otherwise: nobody is reminded
    for (const metrics::AlertRow& row : snapshot.alerts) {
        if (!row.ackedBy.empty() || row.muted()) {
            acked.insert(row.incidentId);
        }
    }
    m_service->setAcked(std::move(acked));
}

} // namespace engine
