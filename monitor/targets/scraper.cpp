#include "monitor/targets/scraper.h"

#include "monitor/core/bounded_queue.h"
#include "monitor/core/mutex.h"
#include "monitor/targets/console_session.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace targets {

namespace {

constexpr std::size_t kMostTargets = 2000;
constexpr std::size_t kAtOnce = 3; // new ones that need not be spread
constexpr std::size_t kMostConsoles = 100; // each has a thread
constexpr std::chrono::milliseconds kLongestWait{1000};

struct MultiEnd {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// A target with its timetable; of the thread "targets".
struct Lane {
    Lane(std::shared_ptr<const TargetSpec> given, MemoryBudget& budget)
        : spec(std::move(given))
        , fetch(*spec, budget)
    {
    }
    std::shared_ptr<const TargetSpec> spec;
    Fetch fetch;
    core::SteadyTime due = {};
    core::Nanos late{0};
    bool busy = false; // its fetch is under way, or its answer is not read yet
};

// An answer on its way to be read.
struct Answer {
    std::shared_ptr<const TargetSpec> spec;
    FetchedPage page;
    core::WallTime at = {};
    core::SteadyTime steady = {};
    core::Nanos late{0};
};

TargetView viewOf(const TargetSpec& spec)
{
    TargetView view;
    view.spec = std::make_shared<const TargetSpec>(spec);
    return view;
}

} // namespace

struct Scraper::Impl {
    explicit Impl(ScraperOptions given);
    ~Impl();

    void drive(const std::stop_token& stop);
    void adopt();
    void startDue(core::SteadyTime now);
    void start(Lane& lane, core::SteadyTime now);
    void over(Lane& lane, FetchedPage page);
    void collectFinished();
    [[nodiscard]] int waitMillis(core::SteadyTime now) const;
    void read(const std::stop_token& stop);
    void take(const Answer& answer);
    void publish(const std::shared_ptr<const TargetSpec>& spec, std::shared_ptr<const Scrape> scrape,
                 core::Nanos late) REQUIRES(mutex);
    void adoptConsoles(const std::vector<std::shared_ptr<const TargetSpec>>& specs);

    MappingBook mappings;
    const core::Clock& clock = core::SystemClock::instance();
    MemoryBudget budget;
    const std::unique_ptr<CURLM, MultiEnd> multi{curl_multi_init()};
    std::map<std::string, std::unique_ptr<Lane>> lanes; // of the thread "targets"
    core::BoundedQueue<Answer> answers{kMostTargets + 1};

    mutable core::Mutex mutex; // guards what follows; nothing slow under it
    std::optional<std::vector<std::shared_ptr<const TargetSpec>>> wanted GUARDED_BY(mutex);
    std::map<std::string, TargetView> views GUARDED_BY(mutex);
    std::vector<std::shared_ptr<const TargetSpec>> done GUARDED_BY(mutex); // read: may be asked again

    std::map<std::string, std::unique_ptr<ConsoleLane>> consoles; // of the thread "targets"
    std::jthread reader;
    std::jthread driver; // last: joins first
};

Scraper::Impl::Impl(ScraperOptions given)
    : mappings(std::move(given.mappings))
    , budget(given.maxMemory)
    , reader([this](const std::stop_token& stop) { read(stop); })
    , driver([this](const std::stop_token& stop) { drive(stop); })
{
}

Scraper::Impl::~Impl()
{
    driver.request_stop();
    curl_multi_wakeup(multi.get());
    driver.join();
    for (const auto& [name, lane] : consoles) {
        lane->stopSoon();
    }
    consoles.clear();
    for (const auto& [name, lane] : lanes) {
        curl_multi_remove_handle(multi.get(), lane->fetch.handle());
    }
}

// Takes over what setTargets() wants, and frees the lanes whose answers are read.
void Scraper::Impl::adopt()
{
    std::optional<std::vector<std::shared_ptr<const TargetSpec>>> specs;
    std::vector<std::shared_ptr<const TargetSpec>> free;
    {
        const core::MutexLock lock(mutex);
        specs.swap(wanted);
        free.swap(done);
    }
    for (const auto& spec : free) {
        const auto lane = lanes.find(spec->name);
        if (lane != lanes.end() && lane->second->spec == spec) {
            lane->second->busy = false;
        }
    }
    if (!specs) {
        return;
    }
    adoptConsoles(*specs);
    std::map<std::string, std::unique_ptr<Lane>> next;
    const core::SteadyTime now = clock.steadyNow();
    std::vector<Lane*> fresh;
    for (const auto& spec : *specs) {
        if (isConsole(*spec) || spec->paused) {
            continue;
        }
        const auto known = lanes.find(spec->name);
        if (known != lanes.end() && known->second->spec == spec) {
            next[spec->name] = std::move(known->second);
            lanes.erase(known);
        } else {
            auto lane = std::make_unique<Lane>(spec, budget);
            const auto spread = static_cast<core::Nanos::rep>(
                std::hash<std::string>()(spec->name) % static_cast<std::size_t>(spec->interval.count()));
            lane->due = now + std::min(core::Nanos(spread), core::Nanos(spec->interval));
            fresh.push_back(lane.get());
            next[spec->name] = std::move(lane);
        }
    }
    for (std::size_t i = 0; fresh.size() <= kAtOnce && i < fresh.size(); ++i) {
        fresh[i]->due = now; // somebody has just set it up and looks at it
    }
    for (const auto& [name, lane] : lanes) {
        curl_multi_remove_handle(multi.get(), lane->fetch.handle());
    }
    lanes = std::move(next);
}

void Scraper::Impl::adoptConsoles(const std::vector<std::shared_ptr<const TargetSpec>>& specs)
{
    std::map<std::string, std::unique_ptr<ConsoleLane>> next;
    for (const auto& spec : specs) {
        if (!isConsole(*spec) || spec->paused || next.size() >= kMostConsoles) {
            continue;
        }
        const auto known = consoles.find(spec->name);
        if (known != consoles.end() && known->second->spec() == spec) {
            next[spec->name] = std::move(known->second);
            consoles.erase(known);
            continue;
        }
        next[spec->name] = std::make_unique<ConsoleLane>(
            spec, mappings, [this, spec](std::shared_ptr<const Scrape> scrape, core::Nanos late) {
                const core::MutexLock lock(mutex);
                publish(spec, std::move(scrape), late);
            });
    }
    for (const auto& [name, lane] : consoles) {
        lane->stopSoon(); // all at once, before the first is waited for
    }
    consoles = std::move(next);
}

void Scraper::Impl::startDue(core::SteadyTime now)
{
    for (const auto& [name, lane] : lanes) {
        if (lane->due > now) {
            continue;
        }
        if (!lane->busy) {
            start(*lane, now);
        }
        const auto missed =
            (now - lane->due) / lane->spec->interval; // a moment that has passed is not made up for
        lane->due += lane->spec->interval * (missed + 1);
    }
}

void Scraper::Impl::start(Lane& lane, core::SteadyTime now)
{
    lane.busy = true;
    lane.late = now - lane.due;
    const auto begun = lane.fetch.begin();
    if (!begun) {
        FetchedPage page;
        page.error = begun.error().message;
        page.cause = metrics::TargetCause::Secret;
        over(lane, std::move(page));
    } else {
        curl_multi_add_handle(multi.get(), *begun);
    }
}

void Scraper::Impl::over(Lane& lane, FetchedPage page)
{
    static_cast<void>(
        answers.push({lane.spec, std::move(page), clock.wallNow(), clock.steadyNow(), lane.late}));
}

void Scraper::Impl::collectFinished()
{
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        CURL* easy = message->easy_handle;
        const CURLcode code = message->data.result;
        const auto lane = std::find_if(lanes.begin(), lanes.end(), [easy](const auto& entry) {
            return entry.second->fetch.handle() == easy;
        });
        curl_multi_remove_handle(multi.get(), easy);
        if (lane != lanes.end()) {
            FetchedPage page = lane->second->fetch.finish(code);
            lane->second->due = std::max(lane->second->due, clock.steadyNow() + page.pause);
            over(*lane->second, std::move(page));
        }
    }
}

int Scraper::Impl::waitMillis(core::SteadyTime now) const
{
    core::SteadyTime next = now + kLongestWait;
    for (const auto& [name, lane] : lanes) {
        next = std::min(next, lane->due);
    }
    return static_cast<int>(
        std::max<long long>(0, std::chrono::ceil<std::chrono::milliseconds>(next - now).count()));
}

void Scraper::Impl::drive(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        adopt();
        startDue(clock.steadyNow());
        int running = 0;
        curl_multi_perform(multi.get(), &running);
        collectFinished();
        curl_multi_poll(multi.get(), nullptr, 0, waitMillis(clock.steadyNow()), nullptr);
    }
}

void Scraper::Impl::read(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        for (Answer& answer : answers.waitAndDrain(stop, kLongestWait)) {
            if (!stop.stop_requested()) {
                take(answer);
            }
            budget.give(answer.page.body.size());
            answer = {}; // its memory goes before the next one is read
        }
    }
}

void Scraper::Impl::publish(const std::shared_ptr<const TargetSpec>& spec,
                            std::shared_ptr<const Scrape> scrape, core::Nanos late)
{
    const auto view = views.find(spec->name);
    if (view == views.end() || view->second.spec != spec) {
        return;
    }
    view->second.late = late;
    ++view->second.number;
    if (scrape->error.empty()) {
        view->second.lastGood = scrape;
        ++view->second.goodNumber;
    }
    view->second.latest = std::move(scrape);
}

void Scraper::Impl::take(const Answer& answer)
{
    auto scrape = std::make_shared<Scrape>(scrapeOf(*answer.spec, answer.page, *mappings.now()));
    scrape->at = answer.at;
    scrape->steady = answer.steady;
    {
        const core::MutexLock lock(mutex);
        done.push_back(answer.spec);
        publish(answer.spec, std::move(scrape), answer.late);
    }
    curl_multi_wakeup(multi.get());
}

Scraper::Scraper(ScraperOptions options)
{
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT); // once, before any thread of ours
    static_cast<void>(started);
    m_impl = std::make_unique<Impl>(std::move(options));
}

Scraper::~Scraper() = default;

void Scraper::setMappings(std::vector<Mapping> mappings)
{
    m_impl->mappings.set(std::move(mappings));
}

void Scraper::setTargets(std::vector<TargetSpec> specs)
{
    std::vector<std::shared_ptr<const TargetSpec>> list;
    {
        const core::MutexLock lock(m_impl->mutex);
        std::map<std::string, TargetView> next;
        for (TargetSpec& spec : specs) {
            if (next.size() >= kMostTargets || next.contains(spec.name)) {
                continue;
            }
            const auto known = m_impl->views.find(spec.name);
            const bool same = known != m_impl->views.end() && *known->second.spec == spec;
            TargetView view = same ? known->second : viewOf(spec);
            list.push_back(view.spec);
            next.emplace(spec.name, std::move(view));
        }
        m_impl->views = std::move(next);
        m_impl->wanted = std::move(list);
    }
    curl_multi_wakeup(m_impl->multi.get());
}

std::vector<TargetView> Scraper::views() const
{
    std::vector<TargetView> all;
    const core::MutexLock lock(m_impl->mutex);
    for (const auto& [name, view] : m_impl->views) {
        all.push_back(view);
    }
    return all;
}

} // namespace targets
