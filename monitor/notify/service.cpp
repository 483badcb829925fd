#include "monitor/notify/service.h"

#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace notify {

namespace {

constexpr auto kShortestWait = std::chrono::milliseconds(10);
constexpr std::size_t kTests = 4; // at a time

// Under which name a secret typed into the window is kept.
std::string secretName(const std::string& channel, const std::string& setting)
{
    return channel + "." + setting;
}

void putReferences(metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets)
{
    for (const auto& [setting, value] : secrets) {
        setup.settings[setting] = {"secret:" + secretName(setup.name, setting)};
    }
}

} // namespace

Service::Service(ServiceOptions options)
    : m_options(std::move(options))
    , m_channels(m_options.channels)
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
    }
    m_wake.notify_one();
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
        }
        std::erase_if(m_tests, [](const auto& sender) { return sender->isDone(); });
        for (const Task& task : tasks) {
            task();
        }
        for (const Job& job : m_desk->due()) {
            start(job);
        }
        publish();
    }
}

core::Result<ReadyChannel> Service::ready(const metrics::ChannelSetup& setup) const
{
    auto secrets = Secrets::load(secretsFile());
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

core::Result<void> Service::save(metrics::ChannelSetup setup, std::map<std::string, std::string> secrets,
                                 Done done)
{
    putReferences(setup, secrets);
    setup.editable = true;
    if (auto checked = checkSetup(setup); !checked) {
        return checked;
    }
    const std::vector<metrics::ChannelSetup> fixed = configured();
    if (std::ranges::find(fixed, setup.name, &metrics::ChannelSetup::name) != fixed.end()) {
        return core::fail(fmt::format("the configuration file has a channel named {} already", setup.name),
                          "name");
    }
    post([this, setup = std::move(setup), secrets = std::move(secrets), done = std::move(done)] {
        done(saveNow(setup, secrets));
    });
    return {};
}

core::Result<void> Service::saveNow(metrics::ChannelSetup setup,
                                    const std::map<std::string, std::string>& secrets)
{
    for (const auto& [setting, value] : secrets) {
        if (auto stored = Secrets::store(secretsFile(), secretName(setup.name, setting), value); !stored) {
            return stored;
        }
    }
    auto own = m_own;
    std::erase_if(own, [&](const metrics::ChannelSetup& known) { return known.name == setup.name; });
    own.push_back(std::move(setup));
    std::ranges::sort(own, {}, &metrics::ChannelSetup::name);
    if (auto written = writeSetupFile(setupFile(), own); !written) {
        return written;
    }
    m_own = std::move(own);
    reconfigure();
    return {};
}

void Service::remove(const std::string& name, Done done)
{
    post([this, name, done = std::move(done)] { done(removeNow(name)); });
}

core::Result<void> Service::removeNow(const std::string& name)
{
    auto own = m_own;
    if (std::erase_if(own, [&](const metrics::ChannelSetup& known) { return known.name == name; }) == 0) {
        return core::fail(fmt::format("there is no channel {} that could be removed here", name), "unknown");
    }
    if (auto written = writeSetupFile(setupFile(), own); !written) {
        return written;
    }
    m_own = std::move(own);
    reconfigure();
    return {};
}

void Service::test(metrics::ChannelSetup setup, std::map<std::string, std::string> secrets, Done done)
{
    post([this, setup = std::move(setup), secrets = std::move(secrets), done = std::move(done)] {
        testNow(setup, secrets, done);
    });
}

void Service::test(const std::string& name, Done done)
{
    post([this, name, done = std::move(done)] {
        const auto all = m_shown.get()->setups;
        const auto setup = std::ranges::find(all, name, &metrics::ChannelSetup::name);
        if (setup == all.end()) {
            done(core::fail(fmt::format("there is no channel {}", name), "unknown"));
            return;
        }
        testNow(*setup, {}, done);
    });
}

void Service::testNow(const metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets,
                      const Done& done)
{
    if (m_tests.size() >= kTests) {
        done(core::fail("other tests are under way", "busy"));
        return;
    }
    const auto make = [this, setup, secrets]() -> core::Result<ReadyChannel> {
        metrics::ChannelSetup draft = setup;
        auto stored = Secrets::load(secretsFile());
        if (!stored) {
            return core::Unexpected<core::Error>{stored.error()};
        }
        putReferences(draft, secrets);
        for (const auto& [setting, value] : secrets) {
            stored->put(secretName(draft.name, setting), value);
        }
        return makeReady(draft, *stored, m_options.around);
    };
    m_tests.push_back(std::make_unique<Sender>(
        make,
        [this, done, name = setup.name](const Message&, const Delivery& delivery, const std::string& error) {
            const bool sent = delivery.outcome == Delivery::Outcome::Sent;
            done(sent ? core::Result<void>() : core::Result<void>(core::fail(error, "delivery")));
            post([this, name, sent, error] { m_desk->noteTry(name, sent, error); });
        }));
    m_tests.back()->send(exampleMessage(setup.name, m_options.around.clock->wallNow()));
}

core::Result<metrics::ChannelPreview> Service::preview(const metrics::ChannelSetup& setup) const
{
    Message message = exampleMessage(setup.name, m_options.around.clock->wallNow());
    auto words = wordsOf(message, setup, langOf(m_options.around), externalUrlOf(m_options.around));
    if (!words) {
        return core::Unexpected<core::Error>{words.error()};
    }
    return metrics::ChannelPreview{std::move(words->title), std::move(words->text)};
}

} // namespace notify
