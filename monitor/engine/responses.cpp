// How the responses are seen: marks, notices, a banner, and a record for good in the data folder.
#include "monitor/engine/machine.h"

#include <cstdio>
#include <fstream>
#include <memory>

#include <spdlog/spdlog.h>

namespace engine {

namespace {

constexpr std::uintmax_t kMostRecord = 10 * 1024 * 1024; // bytes; then it begins anew, one older is kept

// responses.jsonl in the data folder: one JSON object an event. Runs on the file writer's thread.
void keep(const std::filesystem::path& file, const std::string& line)
{
    std::error_code error;
    if (std::filesystem::file_size(file, error) > kMostRecord && !error) {
        std::filesystem::rename(file, std::filesystem::path(file) += ".1", error);
    }
    std::ofstream stream(file, std::ios::binary | std::ios::app);
    stream << line << '\n';
    if (!stream.flush()) {
        spdlog::warn("{} cannot be written", file.string());
    }
}

} // namespace

void Machine::makeResponder()
{
    ResponderHooks hooks;
    hooks.lang = [this] { return lang(); };
    hooks.mark = [this](std::string text) { m_marks.add(metrics::Mark::Kind::Note, std::move(text)); };
    hooks.note = [this](bool failed, std::string text) { tell({failed, std::move(text), true}); };
    hooks.banner = [this](bool degraded, std::string text) {
        if (degraded) {
            m_banners.raise({"degrade", true, {}, std::move(text), "", core::Nanos(0)});
        } else {
            m_banners.clear("degrade");
        }
    };
    hooks.record = [this](std::string line) {
        (void)m_files->post(
            [file = m_config.dataDir / "responses.jsonl", line = std::move(line)] { keep(file, line); });
    };
    m_responder = std::make_unique<Responder>(m_config.degrade, m_config.scaleOut, *m_pool, std::move(hooks));
    m_timedSteps = m_responder->jobs().add("timed steps of scenarios", [this](bool paused) {
        m_runner->setTimedSteps(paused ? load::Runner::TimedSteps::LeftOut : load::Runner::TimedSteps::Done);
    });
}

} // namespace engine
