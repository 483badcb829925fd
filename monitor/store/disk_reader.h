// The history on disk as a reader of samples.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/series/reader.h"
#include "monitor/store/records.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

namespace store {

class ReadSession;

// Thread-safe. Reads on a thread of its own, for SQLite's connections belong to one; who asks waits (not the
// window's thread). Without a file, or when it cannot be read, there is nothing: what is in memory is told
// all the same.
class DiskReader final : public series::Reader, public HistoryReader {
public:
    explicit DiskReader(std::filesystem::path file);
    ~DiskReader() override; // what is asked meanwhile finds nothing
    DiskReader(const DiskReader&) = delete;
    DiskReader& operator=(const DiskReader&) = delete;

    [[nodiscard]] std::vector<series::SeriesData> select(std::span<const series::Matcher> matchers,
                                                         std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<series::SeriesData> sampled(std::span<const series::Matcher> matchers,
                                                          std::int64_t from, std::int64_t to,
                                                          const series::Use& use) const override;
    [[nodiscard]] std::vector<series::Envelope> envelope(std::span<const series::Matcher> matchers,
                                                         const series::ColumnGrid& grid, std::int64_t from,
                                                         std::int64_t to) const override;
    [[nodiscard]] std::vector<series::LatestSample> latest(std::span<const series::Matcher> matchers,
                                                           std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<series::LabelsPtr> list(std::span<const series::Matcher> matchers,
                                                      std::int64_t from, std::int64_t to) const override;
    [[nodiscard]] std::vector<std::string>
    labelNames(std::span<const series::Matcher> matchers) const override;
    [[nodiscard]] std::vector<std::string>
    labelValues(std::string_view name, std::span<const series::Matcher> matchers) const override;

    void fetch(const PageRequest& request, std::function<void(Page)> answer) const override;

    // Runs `job` on the reader's thread; with nullptr when the file cannot be read. Returns at once.
    void post(std::function<void(ReadSession*)> job) const;
    // No job is run any more; those waiting are run without a file.
    void stop();

private:
    template <class T>
    T ask(std::function<T(ReadSession&)> question) const;
    [[nodiscard]] std::vector<series::LabelsPtr> everything(std::span<const series::Matcher> matchers) const;
    void run(std::stop_token stop);
    void answer(const std::function<void(ReadSession*)>& job);

    const std::filesystem::path m_file;
    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    mutable core::CondVar m_ready;
    mutable std::deque<std::function<void(ReadSession*)>> m_jobs GUARDED_BY(m_mutex);
    bool m_closed GUARDED_BY(m_mutex) = false;
    // The thread's own.
    std::unique_ptr<ReadSession> m_session;
    std::uint64_t m_inode = 0; // of the file the session reads
    std::jthread m_thread;     // last: joins first
};

} // namespace store
