#include "monitor/record/black_box.h"

#include "monitor/record/box_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace record {

namespace fs = std::filesystem;

namespace {

constexpr auto kLook = std::chrono::milliseconds(1000); // between two transactions
constexpr std::int64_t kIncidentBefore = 12 * 60'000;   // ms before an incident that its recording shows
constexpr int kTicksPerMemory = 30;

std::int64_t millis(core::Nanos span)
{
    return std::chrono::duration_cast<core::Millis>(span).count();
}

core::SteadyTime now()
{
    return core::SystemClock::instance().steadyNow();
}

} // namespace

class BlackBox::Encoder {
public:
    FrameWriter writer;
};

BlackBox::BlackBox(BoxOptions options)
    : m_options(std::move(options))
    , m_encoder(std::make_unique<Encoder>())
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

BlackBox::~BlackBox()
{
    stop();
}

void BlackBox::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void BlackBox::take(metrics::SnapshotPtr snapshot, std::string memory)
{
    m_untilMemory = memory.empty() ? m_untilMemory - 1 : kTicksPerMemory;
    const std::int64_t at = core::epochMillis(snapshot->at);
    static_cast<void>(m_frames.push({std::move(snapshot), std::move(memory)}));
    m_newest = at; // after it: whoever asks for all until then gets this one, too
}

void BlackBox::note(const store::Record& record)
{
    static_cast<void>(m_records.push(record));
}

void BlackBox::useRules(RuleTexts rules)
{
    static_cast<void>(m_rules.push(std::move(rules)));
}

void BlackBox::incident(const std::string& rule, core::WallTime at)
{
    const core::MutexLock lock(m_mutex);
    if (!m_waiting && savesIncidents()) {
        m_waiting = Waiting{rule, core::epochMillis(at), now() + m_options.after};
    }
}

core::Result<void> BlackBox::start()
{
    const core::MutexLock lock(m_mutex);
    if (m_state.phase != RecordingState::Phase::Idle) {
        return core::fail("a recording goes on already", "busy");
    }
    const std::int64_t newest = m_newest;
    if (newest == 0) {
        return core::fail("there is nothing to record yet", "nothing");
    }
    m_holdFrom = newest;
    m_holdTo = 0;
    m_state = {RecordingState::Phase::Recording, core::WallTime(core::Millis(newest)), 0, false};
    return {};
}

core::Result<void> BlackBox::save(const fs::path& file, Done done)
{
    const core::MutexLock lock(m_mutex);
    if (m_holdFrom == 0) {
        return core::fail("nothing is being recorded", "nothing");
    }
    const std::int64_t newest = m_newest;
    Job job;
    job.from = std::exchange(m_holdFrom, 0);
    job.to = m_holdTo != 0 ? m_holdTo : newest;
    job.file = file;
    job.facts = {{"reason", "asked for"}, {"stopped_at_cap", m_holdTo != 0 ? "1" : "0"}};
    job.done = std::move(done);
    return post(std::move(job)); // under the same lock: there is no moment in which nothing holds the frames
}

core::Result<void> BlackBox::saveRange(std::int64_t from, std::int64_t to, const fs::path& file, Done done)
{
    const core::MutexLock lock(m_mutex);
    return post({from, to, file, {{"reason", "asked for"}}, std::move(done)});
}

core::Result<void> BlackBox::post(Job job)
{
    if (m_jobs.size() >= 8) {
        return core::fail("too many recordings are being written already", "busy");
    }
    job.facts.emplace("title", job.file.stem().string());
    m_state.phase = RecordingState::Phase::Writing;
    m_state.progress = 0;
    m_cancel = {};
    m_jobs.push_back(std::move(job));
    return {};
}

void BlackBox::cancel()
{
    const core::MutexLock lock(m_mutex);
    m_holdFrom = m_holdTo = 0;
    m_cancel.request_stop();
    if (m_state.phase == RecordingState::Phase::Recording) {
        m_state = {};
    }
}

RecordingState BlackBox::state() const
{
    const core::MutexLock lock(m_mutex);
    return m_state;
}

void BlackBox::open()
{
    fs::path file;
    std::error_code error;
    if (!m_options.folder.empty()) {
        fs::create_directories(m_options.folder, error);
        if (m_lock.take(m_options.folder / "black-box.db.lock")) { // another instance has it: in memory then
            file = m_options.folder / "black-box.db";
        }
    }
    try {
        m_file = std::make_unique<BoxFile>(file);
    } catch (const store::SqlFailure& failure) {
        spdlog::warn("black box: {}; it is kept in memory", failure.message);
        m_file = std::make_unique<BoxFile>(fs::path());
    }
}

void BlackBox::run(const std::stop_token& stop)
{
    try {
        open();
    } catch (const store::SqlFailure& failure) {
        spdlog::error("black box: {}", failure.message); // not even in memory: nothing is kept
        return;
    }
    while (!stop.stop_requested()) {
        keep(m_frames.waitAndDrain(stop, kLook));
        runJobs();
    }
    keep(m_frames.drain());
    {
        const core::MutexLock lock(m_mutex);
        if (m_waiting) {
            m_waiting->due = {};
        }
    }
    runJobs();
    m_file.reset();
}

void BlackBox::keep(std::vector<Taken> taken)
{
    std::vector<Frame> frames;
    for (const Taken& one : taken) {
        frames.push_back(m_encoder->writer.write(*one.snapshot, one.memory));
    }
    const std::vector<store::Record> records = m_records.drain();
    try {
        for (const RuleTexts& rules : m_rules.drain()) {
            m_file->keepRules(rules);
        }
        if (!frames.empty() || !records.empty()) {
            m_file->write(frames, records);
        }
        if (!frames.empty()) {
            expire(frames.back().at);
        }
    } catch (const store::SqlFailure& failure) {
        spdlog::warn("black box: {}; it is kept in memory from here on", failure.message);
        m_file = std::make_unique<BoxFile>(fs::path());
        m_encoder = std::make_unique<Encoder>(); // begins with a whole frame
    }
}

void BlackBox::expire(std::int64_t newest)
{
    std::int64_t held = 0;
    {
        const core::MutexLock lock(m_mutex);
        held = m_holdFrom;
        for (const Job& job : m_jobs) { // what is about to be written stays too
            held = held == 0 ? job.from : std::min(held, job.from);
        }
    }
    const std::int64_t usual = newest - millis(m_options.keep);
    const bool full =
        m_file->expire(held != 0 ? std::min(held, usual) : usual, held != 0 ? m_options.heldBytes : m_options.maxBytes);
    if (full && held != 0) { // what was recorded first is about to go: it ends here
        const core::MutexLock lock(m_mutex);
        if (m_holdTo == 0 && m_holdFrom != 0) {
            m_holdTo = newest;
            m_state.stoppedAtCap = true;
        }
    }
}

void BlackBox::runJobs()
{
    std::optional<Waiting> incident;
    {
        const core::MutexLock lock(m_mutex);
        if (m_waiting && now() >= m_waiting->due) {
            incident = std::exchange(m_waiting, std::nullopt);
        }
    }
    if (incident) {
        keep(m_frames.drain());
        saveIncident(*incident);
    }
    while (true) {
        Job job;
        {
            const core::MutexLock lock(m_mutex);
            if (m_jobs.empty()) {
                return;
            }
        }
        keep(m_frames.drain()); // what was taken before it was asked for; the job holds its frames as long as it waits
        {
            const core::MutexLock lock(m_mutex);
            job = std::move(m_jobs.front()); // nobody else takes one
            m_jobs.pop_front();
        }
        const core::Result<void> written = write(job);
        {
            const core::MutexLock lock(m_mutex);
            if (m_jobs.empty()) {
                m_state = {};
            }
        }
        if (job.done) {
            job.done(written ? core::Result<fs::path>(job.file) : core::Unexpected<core::Error>{written.error()});
        }
    }
}

void BlackBox::saveIncident(const Waiting& incident)
{
    Job job;
    job.to = m_newest;
    job.from = std::max(incident.fired - kIncidentBefore, job.to - millis(m_options.keep));
    job.file = m_options.folder / shelfName(incident.fired, incident.title);
    job.facts = {{"reason", "incident"}, {"title", incident.title}, {"incident_at", std::to_string(incident.fired)}};
    const core::Result<void> written = write(job);
    tidyShelf(m_options.folder, m_options.shelf);
    if (m_options.onSaved) {
        m_options.onSaved(written ? core::Result<fs::path>(job.file)
                                  : core::Unexpected<core::Error>{written.error()});
    }
}

core::Result<void> BlackBox::write(const Job& job)
{
    TapeRequest request;
    request.file = job.file;
    request.from = job.from;
    request.to = job.to;
    request.samples = m_options.samples;
    request.facts = job.facts;
    request.facts.insert(m_options.facts.begin(), m_options.facts.end());
    request.progress = [this](double share) {
        const core::MutexLock lock(m_mutex);
        m_state.progress = share;
    };
    {
        const core::MutexLock lock(m_mutex);
        request.stop = job.done ? m_cancel.get_token() : std::stop_token();
    }
    try {
        std::unique_ptr<store::Database> history;
        if (std::error_code error; !m_options.history.empty() && fs::exists(m_options.history, error)) {
            history = std::make_unique<store::Database>(m_options.history, store::OpenMode::ReadOnly);
        }
        request.history = history.get();
        request.box = &m_file->database();
        request.rules = readRules(m_file->database());
        return writeTape(request);
    } catch (const store::SqlFailure& failure) {
        return core::fail(fmt::format("cannot write {}: {}", job.file.string(), failure.message));
    }
}

} // namespace record
