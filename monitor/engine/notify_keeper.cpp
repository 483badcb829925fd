#include "monitor/engine/notify_keeper.h"

#include "monitor/metrics/fingerprint.h"

#include <chrono>
#include <utility>

namespace engine {

namespace {

constexpr core::Nanos kJournalPatience = std::chrono::seconds(5);

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
    if (config.notify.useKeyRing) {
        service.keyRing = notify::sessionKeyRing(config.dataDir.string());
    }
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

std::function<void()> NotifyKeeper::barrier() const
{
    return [service = m_service.get(), upTo = m_service->pushed()] {
        (void)service->waitTaken(upTo, kJournalPatience);
    };
}

void NotifyKeeper::fill(metrics::Snapshot& snapshot) const
{
    snapshot.channels = m_service->figures().channels;
    if (m_service->hasOrphans()) {
        std::set<std::uint64_t> alive;
        for (const metrics::AlertRow& row : snapshot.alerts) {
            if (row.state == metrics::AlertState::Pending || metrics::isOpen(row.state)) {
                alive.insert(metrics::fingerprintOf(row.labels));
            }
        }
        m_service->setAlive(std::move(alive));
    }
    std::set<std::string> acked; // or hushed otherwise: nobody is reminded
    for (const metrics::AlertRow& row : snapshot.alerts) {
        if (!row.ackedBy.empty() || row.muted()) {
            acked.insert(row.incidentId);
        }
    }
    m_service->setAcked(std::move(acked));
}

} // namespace engine
