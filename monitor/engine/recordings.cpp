// The machine's black box: what it is given, and what is asked of it.
#include "monitor/alert/alert_memory.h"
#include "monitor/core/stream_text.h"
#include "monitor/engine/machine.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

constexpr core::Text kSaved{"Recording saved: {}", "录制已保存：{}"};
constexpr core::Text kIncidentSaved{"The incident's recording is saved: {}", "已保存该事件的录制：{}"};

} // namespace

void Machine::makeBlackBox()
{
    record::BoxOptions options;
    const BlackBoxConfig& wanted = m_config.blackBox;
    if (m_config.history.on) { // else nothing is remembered on disk
        options.folder = wanted.folder.empty() ? m_config.dataDir / "recordings" : wanted.folder;
        options.history = m_store->file();
    }
    options.keep = wanted.on ? wanted.keep : core::Nanos(0); // off: nothing before it is asked for
    options.maxBytes = wanted.maxBytes;
    options.onIncident = wanted.on && wanted.onIncident;
    options.shelf = {wanted.incidents, wanted.incidentBytes};
    options.samples = &m_store->reader();
    options.facts = {{"version", POOLSCOPE_VERSION},
                     {"target", m_config.embedded ? "embedded" : m_config.server.display()},
                     {"interval_seconds", fmt::format("{:g}", core::seconds(m_config.interval))}};
    options.onSaved = [this](const core::Result<std::filesystem::path>& saved) {
        if (saved) {
            spdlog::info(fmt::runtime(kIncidentSaved.in(lang())), saved->string());
        } else {
            spdlog::warn("{}", saved.error().message);
        }
    };
    m_box = std::make_unique<record::BlackBox>(std::move(options));
    m_store->tap([this](const store::Record& record) { m_box->note(record); });
}

void Machine::recordTick(const metrics::SnapshotPtr& snapshot)
{
    m_box->take(snapshot, m_box->wantsMemory() ? alert::memoryJson(m_rules->memory()) : std::string());
}

void Machine::recordRules()
{
    record::RuleTexts rules{core::epochMillis(m_clock.wallNow()), {}};
    for (const std::string& path : rulePaths()) {
        rules.files.push_back({path, core::contentOf(path)});
    }
    m_box->useRules(std::move(rules));
}

core::Result<void> Machine::saveRecording(const std::filesystem::path& file)
{
    return m_box->save(file, recordingDone());
}

core::Result<void> Machine::saveLast(core::Nanos span, const std::filesystem::path& file)
{
    const std::int64_t now = core::epochMillis(m_clock.wallNow());
    return m_box->saveRange(now - std::chrono::duration_cast<core::Millis>(span).count(), now, file, recordingDone());
}

record::BlackBox::Done Machine::recordingDone()
{
    return [this](const core::Result<std::filesystem::path>& saved) {
        if (saved) {
            tell({false, fmt::format(fmt::runtime(kSaved.in(lang())), saved->string())});
        } else {
            tell({true, saved.error().message});
        }
    };
}

} // namespace engine
