#include "monitor/notify/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace notify {

namespace {

constexpr auto kShortestWait = std::chrono::milliseconds(10);

} // namespace

Service::Service(ServiceOptions options)
    : m_options(std::move(options))
    , m_channels(m_options.channels)
    , m_secrets(m_options.folder / "secrets.yml", m_options.keyRing)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

Service::~Service()
{
    m_thread.request_stop();
    m_wake.notify_all();
    m_thread.join();
    m_senders.clear();
    m_tests.clear();
}

void Service::push(const metrics::AlertEvent& event)
{
    {
        const core::MutexLock lock(m_mutex);
        if (m_events.size() >= kQueued) {
            ++m_dropped;
            return;
        }
        m_events.push_back(event);
        ++m_pushed;
    }
    m_wake.notify_one();
}

std::uint64_t Service::pushed() const
{
    const core::MutexLock lock(m_mutex);
    return m_pushed;
}

bool Service::waitTaken(std::uint64_t upTo, core::Nanos most)
{
    core::MutexLock lock(m_mutex);
    return m_journaled.wait_for(lock, most, [&]() REQUIRES(m_mutex) { return m_taken >= upTo; });
}

void Service::setKnown(std::set<std::string> incidents)
{
    post([this, incidents = std::move(incidents)] { m_desk->setKnown(incidents); });
}

void Service::setAlive(std::set<std::uint64_t> alerts)
{
    post([this, alerts = std::move(alerts)] { m_desk->settleOrphans(alerts); });
}

void Service::setAcked(std::set<std::string> incidents)
{
    {
        const core::MutexLock lock(m_mutex);
        if (incidents == m_acked) {
            return;
        }
        m_acked = incidents;
    }
    post([this, incidents = std::move(incidents)] { m_desk->setAcked(incidents); });
}

void Service::post(Task task)
{
    {
        const core::MutexLock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

Figures Service::figures() const
{
    Figures figures;
    if (const auto shown = m_shown.get()) {
        figures.channels = shown->rows;
    }
    const core::MutexLock lock(m_mutex);
    figures.dropped = m_dropped;
    return figures;
}

std::vector<metrics::ChannelSetup> Service::configured() const
{
    const core::MutexLock lock(m_mutex);
    return m_channels;
}

void Service::setChannels(std::vector<metrics::ChannelSetup> channels)
{
    {
        const core::MutexLock lock(m_mutex);
        m_channels = std::move(channels);
    }
    post([this] { reconfigure(); });
}

std::vector<metrics::ChannelSetup> Service::setups() const
{
    const auto shown = m_shown.get();
    return shown ? shown->setups : configured();
}

std::string Service::problem() const
{
    const auto shown = m_shown.get();
    return shown ? shown->problem : std::string();
}

void Service::open()
{
    if (const auto opened = m_journal.open(m_options.folder / "notify.journal"); !opened) {
        m_problem = opened.error().message;
        spdlog::error("notify: {}; what is queued is kept in memory only", m_problem);
    } else if (m_journal.brokenLines() > 0) {
        spdlog::warn("notify: {} broken lines in notify.journal were passed over", m_journal.brokenLines());
    }
    m_desk = std::make_unique<Desk>(m_journal, *m_options.around.clock);
    if (auto own = readSetupFile(setupFile())) {
        m_own = std::move(*own);
    } else {
        m_problem = own.error().message;
        spdlog::error("notify: {}", m_problem);
    }
    reconfigure();
}

void Service::reconfigure()
{
    std::vector<metrics::ChannelSetup> all = configured();
    for (const metrics::ChannelSetup& setup : m_own) {
        if (std::ranges::find(all, setup.name, &metrics::ChannelSetup::name) == all.end()) {
            all.push_back(setup);
        }
    }
    m_desk->configure(all);
    m_senders.clear(); // made again, with the new settings, at the next message
    publish();
}

void Service::publish()
{
    Shown shown;
    shown.setups = configured();
    std::ranges::copy(m_own, std::back_inserter(shown.setups));
    shown.rows = m_desk->rows();
    for (const metrics::ChannelSetup& setup : shown.setups) {
        if (!setup.enabled) {
            metrics::ChannelRow row;
            row.name = setup.name;
            row.kind = setup.kind;
            row.enabled = false;
            row.editable = setup.editable;
            shown.rows.push_back(std::move(row));
        }
    }
    shown.problem = m_desk->diskProblem().empty() ? m_problem : m_desk->diskProblem();
    m_shown.set(std::make_shared<const Shown>(std::move(shown)));
}

void Service::run(const std::stop_token& stop)
{
    open();
    while (!stop.stop_requested()) {
        std::deque<metrics::AlertEvent> events;
        std::deque<Task> tasks;
        {
            const auto wait = std::max<core::Nanos>(m_desk->untilNext(), kShortestWait);
            core::MutexLock lock(m_mutex);
            m_wake.wait_for(lock, stop, wait, [this] { return !m_events.empty() || !m_tasks.empty(); });
            events.swap(m_events);
            tasks.swap(m_tasks);
        }
        const std::vector<metrics::AlertEvent> batch(std::make_move_iterator(events.begin()),
                                                     std::make_move_iterator(events.end()));
        if (!batch.empty()) {
            m_desk->take(batch);
            {
                const core::MutexLock lock(m_mutex);
                m_taken += batch.size();
            }
            m_journaled.notify_all();
        }
        std::erase_if(m_tests, [](const auto& sender) { return sender->isDone(); });
        for (const Task& task : tasks) {
            task();
        }
        for (const Job& job : m_desk->due()) {
            start(job);
        }
        m_orphans.store(m_desk->hasOrphans(), std::memory_order_relaxed);
        publish();
    }
}

core::Result<ReadyChannel> Service::ready(const metrics::ChannelSetup& setup) const
{
    auto secrets = m_secrets.secrets();
    if (!secrets) {
        return core::Unexpected<core::Error>{secrets.error()};
    }
    return makeReady(setup, *secrets, m_options.around);
}

void Service::start(const Job& job)
{
    auto& sender = m_senders[job.channel];
    if (!sender) {
        const auto all = m_shown.get()->setups;
        const auto setup = *std::ranges::find(all, job.channel, &metrics::ChannelSetup::name);
        sender = std::make_unique<Sender>([this, setup] { return ready(setup); },
                                          [this, name = job.channel](const Message& message,
                                                                     const Delivery& delivery,
                                                                     const std::string& error) {
                                              if (delivery.outcome == Delivery::Outcome::Refused) {
                                                  spdlog::error("notify {}: {}", name, error);
                                              } else if (!error.empty()) {
                                                  spdlog::warn("notify {}: {}", name, error);
                                              }
                                              post([this, name, id = message.id, delivery, error] {
                                                  m_desk->finish(name, id, delivery, error);
                                              });
                                          });
    }
    sender->send(job.message);
}

} // namespace notify
