#include "monitor/store/disk_reader.h"

#include "monitor/store/read_session.h"
#include "monitor/store/record_tables.h"

#include <exception>
#include <future>
#include <limits>
#include <set>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/stat.h>

namespace store {

DiskReader::DiskReader(std::filesystem::path file)
    : m_file(std::move(file))
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

DiskReader::~DiskReader()
{
    stop();
}

void DiskReader::stop()
{
    std::deque<std::function<void(ReadSession*)>> left;
    {
        const core::MutexLock lock(m_mutex);
        m_closed = true;
        left.swap(m_jobs);
    }
    for (const auto& job : left) {
        job(nullptr);
    }
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void DiskReader::post(std::function<void(ReadSession*)> job) const
{
    {
        const core::MutexLock lock(m_mutex);
        if (!m_closed) {
            m_jobs.push_back(std::move(job));
            job = nullptr;
        }
    }
    if (job) {
        job(nullptr);
        return;
    }
    m_ready.notify_one();
}

void DiskReader::fetch(const PageRequest& request, std::function<void(Page)> answer) const
{
    post([request, answer = std::move(answer)](ReadSession* session) {
        Page page;
        try {
            if (session != nullptr) {
                page = readPage(session->database(), request);
            }
        } catch (const SqlFailure& failure) {
            spdlog::debug("history: {}", failure.message);
        }
        answer(std::move(page));
    });
}

void DiskReader::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        std::function<void(ReadSession*)> job;
        {
            core::MutexLock lock(m_mutex);
            m_ready.wait(lock, stop, [this] { return !m_jobs.empty(); });
            if (m_jobs.empty()) {
                break;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        answer(job);
    }
    m_session.reset();
}

void DiskReader::answer(const std::function<void(ReadSession*)>& job)
{
    struct stat file {};
    const std::uint64_t inode = stat(m_file.c_str(), &file) == 0 ? file.st_ino : 0;
    if (inode != m_inode) {
        m_session.reset(); // set aside meanwhile, or not there yet
    }
    try {
        if (!m_session && inode != 0) {
            m_session = std::make_unique<ReadSession>(m_file);
            m_inode = inode;
        }
    } catch (const SqlFailure& failure) {
        spdlog::debug("history: {}", failure.message);
    }
    job(m_session.get());
}

template <class T>
T DiskReader::ask(std::function<T(ReadSession&)> question) const
{
    std::promise<T> promise;
    std::future<T> answer = promise.get_future();
    post([&](ReadSession* session) {
        try {
            promise.set_value(session != nullptr ? question(*session) : T());
        } catch (const SqlFailure& failure) {
            spdlog::debug("history: {}", failure.message);
            promise.set_value(T());
        } catch (const series::TooManySamples&) {
            promise.set_exception(std::current_exception());
        }
    });
    return answer.get();
}

std::vector<series::SeriesData> DiskReader::select(std::span<const series::Matcher> matchers,
                                                   std::int64_t from, std::int64_t to) const
{
    return sampled(matchers, from, to, {});
}

std::vector<series::SeriesData> DiskReader::sampled(std::span<const series::Matcher> matchers,
                                                    std::int64_t from, std::int64_t to,
                                                    const series::Use& use) const
{
    return ask<std::vector<series::SeriesData>>(
        [&](ReadSession& session) { return session.sampled(matchers, from, to, use); });
}

std::vector<series::Envelope> DiskReader::envelope(std::span<const series::Matcher> matchers,
                                                   const series::ColumnGrid& grid, std::int64_t from,
                                                   std::int64_t to) const
{
    return ask<std::vector<series::Envelope>>(
        [&](ReadSession& session) { return session.envelope(matchers, grid, from, to); });
}

std::vector<series::LatestSample> DiskReader::latest(std::span<const series::Matcher> matchers,
                                                     std::int64_t from, std::int64_t to) const
{
    std::vector<series::LatestSample> found;
    for (series::SeriesData& data : sampled(matchers, from, to, {series::Use::Kind::Value, to, to, 0, 0})) {
        if (!series::isStale(data.samples.back().value)) {
            found.push_back({std::move(data.labels), data.samples.back()});
        }
    }
    return found;
}

std::vector<series::LabelsPtr> DiskReader::list(std::span<const series::Matcher> matchers, std::int64_t from,
                                                std::int64_t to) const
{
    return ask<std::vector<series::LabelsPtr>>(
        [&](ReadSession& session) { return session.list(matchers, from, to); });
}

std::vector<series::LabelsPtr> DiskReader::everything(std::span<const series::Matcher> matchers) const
{
    return list(matchers, 0, std::numeric_limits<std::int64_t>::max());
}

std::vector<std::string> DiskReader::labelNames(std::span<const series::Matcher> matchers) const
{
    std::set<std::string> names;
    for (const series::LabelsPtr& labels : everything(matchers)) {
        for (const auto& label : *labels) {
            names.insert(label.first);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<std::string> DiskReader::labelValues(std::string_view name,
                                                 std::span<const series::Matcher> matchers) const
{
    std::set<std::string> values;
    for (const series::LabelsPtr& labels : everything(matchers)) {
        if (const std::string_view value = series::labelValue(*labels, name); !value.empty()) {
            values.emplace(value);
        }
    }
    return {values.begin(), values.end()};
}

} // namespace store
