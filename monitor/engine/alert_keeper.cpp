#include "monitor/engine/alert_keeper.h"

#include "monitor/alert/alert_memory.h"
#include "monitor/alert/incident_json.h"
#include "monitor/alert/silence.h"
#include "monitor/core/stream_text.h"
#include "monitor/export/atomic_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace engine {

namespace fs = std::filesystem;

namespace {

constexpr auto kSaveEvery = std::chrono::seconds(15);   // while alerts are alive
constexpr std::uintmax_t kMostTransitions = 16U << 20U; // bytes; then the file begins anew, one older is kept
constexpr const char* kState = "state.json";
constexpr const char* kSaid = "said.json";
constexpr const char* kSilences = "silences.json";
constexpr const char* kIncidents = "incidents.jsonl";
constexpr const char* kTransitions = "transitions.jsonl";

// nullopt: there is none.
std::optional<std::string> contentOf(const fs::path& file)
{
    std::ifstream input(file, std::ios::binary);
    if (!input.is_open()) {
        return std::nullopt;
    }
    std::string text = core::textOf(input);
    return input.bad() ? std::nullopt : std::optional(std::move(text));
}

// Out of the way, for whoever wants to look.
std::string putAside(const fs::path& file, const std::string& reason)
{
    std::error_code error;
    fs::path aside = file;
    aside += ".broken";
    fs::rename(file, aside, error);
    return fmt::format("{}: {}; it is kept as {}", file.string(), reason, aside.filename().string());
}

core::Result<void> appendLines(const fs::path& file, const std::string& lines)
{
    std::ofstream output(file, std::ios::binary | std::ios::app);
    output << lines << std::flush;
    return output.good() ? core::Result<void>() : exporting::fileError("write", file, errno);
}

} // namespace

AlertKeeper::AlertKeeper(fs::path folder, FileWriter& files)
    : m_files(files)
{
    m_shared->folder = std::move(folder);
}

// What is said is written at once, the states a tick later: said.json is never the older one.
std::optional<alert::Attention::Saved> AlertKeeper::readSaid(std::vector<std::string>& problems) const
{
    const auto text = contentOf(m_shared->folder / kSaid);
    if (!text) {
        return std::nullopt;
    }
    auto said = alert::readSaid(*text);
    if (!said) {
        problems.push_back(putAside(m_shared->folder / kSaid, said.error().message));
        return std::nullopt;
    }
    return std::move(*said);
}

std::vector<std::string> AlertKeeper::load(alert::RuleEngine& rules)
{
    std::vector<std::string> problems;
    std::error_code error;
    fs::create_directories(m_shared->folder, error);
    const auto said = readSaid(problems);
    if (const auto text = contentOf(m_shared->folder / kState)) {
        if (auto memory = alert::readMemory(*text)) {
            memory->attention = said.value_or(std::move(memory->attention));
            rules.restore(std::move(*memory));
        } else {
            problems.push_back(putAside(m_shared->folder / kState, memory.error().message));
        }
    }
    if (const auto text = contentOf(m_shared->folder / kSilences)) {
        auto silences = alert::readSilences(*text, problems);
        if (silences) {
            rules.attention().restoreSilences(std::move(*silences));
        } else {
            problems.push_back(putAside(m_shared->folder / kSilences, silences.error().message));
        }
    }
    if (const auto text = contentOf(m_shared->folder / kIncidents)) {
        const auto read = m_shared->book.read(*text);
        if (read.broken > 0) {
            problems.push_back(
                fmt::format("{}: {} of {} lines are no incidents", kIncidents, read.broken, read.lines));
        }
        const bool cutOff = !text->empty() && text->back() != '\n';
        if (read.lines > 2 * alert::IncidentBook::kKept || cutOff) {
            if (auto written =
                    exporting::writeAtomically(m_shared->folder / kIncidents, m_shared->book.lines());
                !written) {
                problems.push_back(written.error().message);
            }
        }
    }
    m_saved = rules.memoryVersion();
    return problems;
}

metrics::IncidentSink AlertKeeper::sink()
{
    return {[shared = m_shared](const metrics::Incident& incident) {
                shared->book.put(incident);
                const std::string line = alert::incidentLine(incident) + '\n';
                const core::MutexLock lock(shared->mutex);
                shared->incidents += line;
            },
            [shared = m_shared](const metrics::AlertTransition& transition) {
                const std::string line = alert::transitionLine(transition) + '\n';
                const core::MutexLock lock(shared->mutex);
                shared->transitions += line;
            }};
}

AlertKeeper::Documents AlertKeeper::documentsOf(const alert::RuleEngine& rules)
{
    return {alert::memoryJson(rules.memory()), saidOf(rules.attention())};
}

// The version first: what is said meanwhile is in it, and written again by who said it.
AlertKeeper::Said AlertKeeper::saidOf(const alert::Attention& attention)
{
    Said made;
    made.version = attention.version();
    const core::WallTime now = core::SystemClock::instance().wallNow();
    made.said = alert::saidJson(attention.saved());
    made.silences = alert::silencesJson(attention.silences(now), now);
    return made;
}

core::Result<void> AlertKeeper::keepSaid(const alert::Attention& attention)
{
    return writeSaid(*m_shared, saidOf(attention));
}

core::Result<void> AlertKeeper::writeSaid(Shared& shared, const Said& said)
{
    const core::MutexLock lock(shared.saying);
    if (said.version < shared.saidVersion) {
        return {};
    }
    std::error_code error;
    fs::create_directories(shared.folder, error);
    const std::pair<const char*, std::pair<const std::string*, std::string*>> files[] = {
        {kSaid, {&said.said, &shared.said}}, {kSilences, {&said.silences, &shared.silences}}};
    for (const auto& [name, texts] : files) {
        const auto& [now, standing] = texts;
        if (*now == *standing) {
            continue;
        }
        if (auto written = exporting::writeAtomically(shared.folder / name, *now); !written) {
            return written;
        }
        *standing = *now;
    }
    shared.saidVersion = said.version;
    return {};
}

void AlertKeeper::afterTick(const alert::RuleEngine& rules, core::SteadyTime now,
                            std::function<void()> before)
{
    const std::uint64_t version = rules.memoryVersion();
    const bool alive =
        now >= m_nextSave && std::ranges::any_of(rules.alerts(), [](const metrics::AlertRow& row) {
            return row.state != metrics::AlertState::Resolved;
        });
    if ((version == m_saved && !alive) || m_shared->writing.exchange(true)) {
        return; // one at a time: the next tick sees what this one did not write
    }
    const bool queued = m_files.post([shared = m_shared, documents = documentsOf(rules),
                                      before = std::move(before)] {
        if (before) {
            before();
        }
        const auto written = write(*shared, documents);
        {
            const core::MutexLock lock(shared->mutex);
            shared->problem = written ? std::string() : written.error().message;
        }
        shared->writing = false;
    });
    if (!queued) {
        m_shared->writing = false;
        return;
    }
    m_saved = version;
    m_nextSave = now + kSaveEvery;
}

core::Result<void> AlertKeeper::flush(const alert::RuleEngine& rules)
{
    return write(*m_shared, documentsOf(rules));
}

core::Result<void> AlertKeeper::write(Shared& shared, const Documents& documents)
{
    std::string incidents, transitions;
    {
        const core::MutexLock lock(shared.mutex);
        incidents.swap(shared.incidents);
        transitions.swap(shared.transitions);
    }
    std::error_code error;
    fs::create_directories(shared.folder, error);
    const fs::path transitionFile = shared.folder / kTransitions;
    if (fs::file_size(transitionFile, error) > kMostTransitions && !error) {
        fs::rename(transitionFile, shared.folder / "transitions.1.jsonl", error);
    }
    auto written = appendLines(shared.folder / kIncidents, incidents);
    if (!written) { // to be tried again, in order
        const core::MutexLock lock(shared.mutex);
        shared.incidents.insert(0, incidents);
        shared.transitions.insert(0, transitions);
        return written;
    }
    written = appendLines(transitionFile, transitions);
    if (written) {
        written = writeSaid(shared, documents.said);
    }
    return written ? exporting::writeAtomically(shared.folder / kState, documents.state) : written;
}

std::string AlertKeeper::problem() const
{
    const core::MutexLock lock(m_shared->mutex);
    return m_shared->problem;
}

} // namespace engine
