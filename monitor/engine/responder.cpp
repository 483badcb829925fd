#include "monitor/engine/responder.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

using metrics::ResponseCommand;
using respond::Lever;
using respond::ResponseEvent;
using respond::Words;

constexpr std::size_t kLogLines = 100;

constexpr core::Text kDegraded{
    "The service is degraded to the last level: background requests are refused, timed jobs "
    "wait, marked answers may be old",
    "服务已降级至最高级别：拒绝后台请求、暂停定时任务、标记的查询返回缓存数据"};

std::string placesText(int places)
{
    return places < 0 ? "∞" : std::to_string(places);
}

const char* kindName(ResponseEvent::Kind kind)
{
    switch (kind) {
    case ResponseEvent::Kind::Done:
        return "done";
    case ResponseEvent::Kind::Undone:
        return "undone";
    case ResponseEvent::Kind::Rehearsed:
        return "rehearsed";
    case ResponseEvent::Kind::Failed:
        return "failed";
    case ResponseEvent::Kind::Note:
        break;
    }
    return "note";
}

Lever shedding(pool::ConnectionPool& pool, const respond::DegradeConfig& config)
{
    const pool::LeaseLimits limits{config.normalPlaces, config.backgroundPlaces};
    return {[&pool, limits]() -> core::Result<Words> {
                pool.limit(limits);
                const std::string background = placesText(limits.background);
                const std::string normal = placesText(limits.normal);
                return Words{fmt::format("background {}, normal {}", background, normal),
                             fmt::format("后台 {}，普通 {}", background, normal)};
            },
            [&pool]() -> core::Result<Words> {
                pool.limit({});
                return Words{"everybody is let in again", "恢复接受所有请求"};
            }};
}

Lever pausing(respond::JobGate& jobs)
{
    return {[&jobs]() -> core::Result<Words> {
                const std::size_t count = jobs.pause();
                return Words{fmt::format("{} jobs wait", count), fmt::format("已暂停 {} 个任务", count)};
            },
            [&jobs]() -> core::Result<Words> {
                const std::size_t count = jobs.resume();
                return Words{fmt::format("{} jobs go on", count), fmt::format("已恢复 {} 个任务", count)};
            }};
}

Lever caching(pool::ResultCache& cache, core::Nanos age)
{
    return {[&cache, age]() -> core::Result<Words> {
                cache.serve(pool::ResultCache::Serve::Cached, age);
                return Words{fmt::format("answers up to {:g} s old", core::seconds(age)),
                             fmt::format("返回最多 {:g} 秒前的数据", core::seconds(age))};
            },
            [&cache]() -> core::Result<Words> {
                cache.serve(pool::ResultCache::Serve::Live);
                return Words{"every answer is read anew", "恢复实时查询"};
            }};
}

Lever recording(const ResponderHooks& hooks)
{
    const auto banner = [&hooks](bool degraded) {
        if (hooks.banner) {
            hooks.banner(degraded, degraded ? std::string(kDegraded.in(hooks.lang())) : std::string());
        }
    };
    return {[banner]() -> core::Result<Words> {
                banner(true);
                return Words{"recorded, the alert is raised", "已记录并告警"};
            },
            [banner]() -> core::Result<Words> {
                banner(false);
                return Words{"the alert is taken back", "已撤销告警"};
            }};
}

std::string recordOf(const ResponseEvent& event)
{
    return nlohmann::ordered_json{{"@timestamp", core::isoUtc(event.at)},
                                  {"event.action", kindName(event.kind)},
                                  {"message", core::validUtf8(event.text.english)},
                                  {"cause", core::validUtf8(event.cause)}}
        .dump();
}

// Named in the settings, or its rule asks for it by the annotation poolscope_response.
bool asksFor(const metrics::AlertRow& alert, std::string_view response, const std::vector<std::string>& names)
{
    const auto said = alert.annotations.find("poolscope_response");
    if (said != alert.annotations.end() && said->second == response) {
        return true;
    }
    return std::find(names.begin(), names.end(), alert.name) != names.end();
}

// Names of firing alerts that ask for the response, sorted, each once.
std::vector<std::string> asking(const metrics::Snapshot& snapshot, std::string_view response,
                                const std::vector<std::string>& names)
{
    std::vector<std::string> found;
    for (const metrics::AlertRow& alert : snapshot.alerts) {
        if (alert.state == metrics::AlertState::Firing && asksFor(alert, response, names)) {
            found.push_back(alert.name);
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

} // namespace

Responder::Responder(const respond::DegradeConfig& degrade, const respond::ScaleOutConfig& scaleOut,
                     pool::ConnectionPool& pool, ResponderHooks hooks)
    : m_hooks(std::move(hooks))
    , m_cache(pool)
    , m_upkeep(m_jobs.add("pool upkeep",
                          [&pool](bool paused) {
                              using Upkeep = pool::ConnectionPool::Upkeep;
                              pool.setUpkeep(paused ? Upkeep::Deferred : Upkeep::Usual);
                          }))
    , m_degrader(
          degrade,
          {shedding(pool, degrade), pausing(m_jobs), caching(m_cache, degrade.cacheAge), recording(m_hooks)},
          [this](const ResponseEvent& event) { hear(event); })
    , m_scaleOut(scaleOut, respond::makeScaler(scaleOut.target),
                 [this](const ResponseEvent& event) { hear(event); })
{
}

Responder::~Responder()
{
    stop();
}

void Responder::start()
{
    m_scaleOut.start();
}

void Responder::stop()
{
    {
        const core::MutexLock lock(m_commandMutex);
        m_stopped = true;
    }
    m_scaleOut.stop();
    m_degrader.undoAll();
}

void Responder::evaluate(metrics::Snapshot& snapshot)
{
    m_degrader.evaluate(asking(snapshot, "degrade", m_degrader.config().alerts));
    m_scaleOut.evaluate(asking(snapshot, "scale_out", m_scaleOut.config().alerts));
    snapshot.responses = view();
}

core::Result<void> Responder::carryOut(const ResponseCommand& command)
{
    const core::MutexLock lock(m_commandMutex);
    if (m_stopped) {
        return core::fail("the program is ending", "unavailable");
    }
    const auto dryRun = command.value != 0 ? respond::DryRun::On : respond::DryRun::Off;
    switch (command.kind) {
    case ResponseCommand::Kind::HoldLevel:
        return m_degrader.hold(command.value);
    case ResponseCommand::Kind::Automatic:
        m_degrader.automatic();
        return {};
    case ResponseCommand::Kind::DegradeDryRun:
        m_degrader.setDryRun(dryRun);
        return {};
    case ResponseCommand::Kind::ScaleDryRun:
        m_scaleOut.setDryRun(dryRun);
        return {};
    case ResponseCommand::Kind::ScaleNow:
        return m_scaleOut.actNow();
    case ResponseCommand::Kind::UndoScale:
        break;
    }
    return m_scaleOut.undo();
}

// Every step in the log, on the charts, in the window, and for good in the record.
void Responder::hear(const ResponseEvent& event)
{
    {
        const core::MutexLock lock(m_mutex);
        m_log.push_front(event);
        if (m_log.size() > kLogLines) {
            m_log.pop_back();
        }
    }
    const std::string& text = event.text.in(m_hooks.lang());
    const std::string line =
        core::oneLine(event.cause.empty() ? text : fmt::format("{} ({})", text, event.cause), 500);
    const bool failed = event.kind == ResponseEvent::Kind::Failed;
    if (const auto logger = spdlog::get("poolscope.respond")) {
        logger->log(failed ? spdlog::level::err : spdlog::level::warn, std::string_view(line));
    }
    if (event.kind != ResponseEvent::Kind::Note) {
        m_hooks.mark(line);
    }
    m_hooks.note(failed, line);
    m_hooks.record(recordOf(event));
}

metrics::ResponseView Responder::view() const
{
    const core::Lang lang = m_hooks.lang();
    metrics::ResponseView view{m_degrader.view(lang), m_scaleOut.view(lang), m_jobs.names(), {}};
    const core::MutexLock lock(m_mutex);
    for (const ResponseEvent& event : m_log) {
        const std::string& text = event.text.in(lang);
        view.log.push_back(
            {event.at, event.cause.empty() ? text : fmt::format("{} ({})", text, event.cause)});
    }
    return view;
}

} // namespace engine
