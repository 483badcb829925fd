#include "monitor/record/past.h"

#include "monitor/core/stream_text.h"
#include "monitor/record/box_file.h"
#include "monitor/series/head.h"
#include "monitor/series/merged_reader.h"
#include "monitor/store/disk_reader.h"
#include "monitor/store/file_lock.h"
#include "monitor/store/tail_reader.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace record {

namespace fs = std::filesystem;

namespace {

// Null when there is none that can be read.
std::unique_ptr<store::Database> opened(const fs::path& file)
{
    std::error_code error;
    if (!fs::exists(file, error)) {
        return nullptr;
    }
    try {
        auto database = std::make_unique<store::Database>(file, store::OpenMode::ReadOnly);
        static_cast<void>(database->number(QStringLiteral("PRAGMA user_version")));
        return database;
    } catch (const store::SqlFailure&) {
        return nullptr;
    }
}

std::vector<RuleTexts> rulesOf(store::Database* box, const PastRequest& request)
{
    std::vector<RuleTexts> rules = box != nullptr ? readRules(*box) : std::vector<RuleTexts>();
    if (!rules.empty()) {
        return rules;
    }
    RuleTexts given{request.from, {}};
    for (const fs::path& path : request.rules) {
        given.files.push_back({path.string(), core::contentOf(path)});
    }
    return given.files.empty() ? std::vector<RuleTexts>() : std::vector<RuleTexts>{std::move(given)};
}

// The newest minutes: the program that runs, or was killed, has not sealed them yet.
void adoptTail(store::Database& history, series::Head& head)
{
    const std::vector<series::SeriesData> tail = store::readTail(history);
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    for (const series::SeriesData& data : tail) {
        first = std::min(first, data.samples.front().at);
    }
    head.adoptPast(tail);
    head.pastIsComplete(first);
}

core::Result<void> write(const PastRequest& request, store::Database* rules, store::Database* frames)
{
    const std::unique_ptr<store::Database> history = opened(request.kept.history);
    if (!history) {
        return core::fail(fmt::format("{} is no history that can be read", request.kept.history.string()));
    }
    series::Head tail;
    adoptTail(*history, tail); // first: what is sealed meanwhile is not asked of the disk
    const store::DiskReader sealed(request.kept.history);
    const series::MergedReader samples(tail, sealed);
    TapeRequest wanted;
    wanted.file = request.file;
    wanted.from = request.from;
    wanted.to = request.to;
    wanted.samples = &samples;
    wanted.box = frames;
    wanted.history = history.get();
    wanted.rules = rulesOf(rules, request);
    wanted.facts = request.facts;
    wanted.facts.emplace("title", request.file.stem().string());
    wanted.facts.emplace("reason", "history");
    wanted.statements = request.statements;
    wanted.progress = request.progress;
    wanted.stop = request.stop;
    return writeTape(wanted);
}

} // namespace

KeptFiles keptIn(const fs::path& dataDir)
{
    return {dataDir / "history.db", dataDir / "recordings" / kBoxName};
}

core::Result<void> recordPast(const PastRequest& request)
{
    try {
        const std::unique_ptr<store::Database> box = opened(request.kept.box);
        return write(request, box.get(), box.get());
    } catch (const store::SqlFailure& failure) {
        return core::fail(fmt::format("cannot read {}: {}", request.kept.history.string(), failure.message));
    }
}

bool isRunning(const fs::path& history)
{
    fs::path name = history;
    name += ".lock";
    std::error_code error;
    if (!fs::exists(name, error)) {
        return false;
    }
    store::FileLock lock;
    const auto taken = lock.take(name);
    return !taken && taken.error().code == "locked";
}

std::int64_t newestSample(const fs::path& file)
{
    try {
        const std::unique_ptr<store::Database> history = opened(file);
        return history ? std::max(history->number(QStringLiteral("SELECT max(at) FROM tail")),
                                  history->number(QStringLiteral("SELECT max(last_at) FROM block")))
                       : 0;
    } catch (const store::SqlFailure&) {
        return 0; // it is being made
    }
}

Follower::Follower(fs::path box)
    : m_black(std::move(box))
    , m_copy(fs::temp_directory_path() / fmt::format("poolscope-record-{}.db", getpid()))
    , m_box(std::make_unique<BoxFile>(m_copy))
{
    follow();
}

Follower::~Follower()
{
    m_box.reset();
    std::error_code error;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::path one = m_copy;
        one += suffix;
        fs::remove(one, error);
    }
}

void Follower::follow()
{
    try {
        const std::unique_ptr<store::Database> box = opened(m_black);
        std::vector<Frame> frames;
        if (box) {
            readFrames(*box, m_last + 1, std::numeric_limits<std::int64_t>::max(), [&](const Frame& frame) {
                if (frame.at > m_last) {
                    frames.push_back(frame);
                }
                return true;
            });
        }
        if (!frames.empty()) {
            m_last = frames.back().at;
            m_box->write(frames, {});
            // Records are the history's to tell: nothing of them is here.
            writeFact(m_box->database(), "complete_from", std::to_string(std::numeric_limits<std::int64_t>::max()));
        }
    } catch (const store::SqlFailure& failure) {
        spdlog::warn("recording: the black box cannot be read just now: {}", failure.message);
    }
}

core::Result<void> Follower::record(const PastRequest& request)
{
    follow();
    try {
        const std::unique_ptr<store::Database> box = opened(m_black);
        return write(request, box.get(), &m_box->database());
    } catch (const store::SqlFailure& failure) {
        return core::fail(fmt::format("cannot read {}: {}", m_black.string(), failure.message));
    }
}

} // namespace record
