#include "monitor/engine/past.h"

#include "monitor/store/read_session.h"
#include "monitor/store/tail_reader.h"

#include <algorithm>
#include <future>
#include <system_error>
#include <utility>

namespace engine {

std::vector<store::Record> recordsOf(const store::HistoryReader& reader, store::RecordKind kind,
                                     core::WallTime from, core::WallTime to, std::size_t most)
{
    std::vector<store::Record> all;
    store::PageRequest request{kind, from, to};
    request.limit = 5'000;
    while (all.size() < most) {
        std::promise<store::Page> promise;
        std::future<store::Page> answer = promise.get_future();
        reader.fetch(request, [&promise](store::Page page) { promise.set_value(std::move(page)); });
        store::Page page = answer.get();
        for (store::StoredRecord& row : page.rows) {
            if (all.size() < most) {
                all.push_back(std::move(row.record));
            }
            request.before = row.id;
        }
        if (!page.more) {
            break;
        }
    }
    std::reverse(all.begin(), all.end());
    return all;
}

Past::Past(const std::filesystem::path& historyFile)
    : m_disk(historyFile)
{
}

core::Result<std::unique_ptr<Past>> Past::open(const std::filesystem::path& historyFile)
{
    std::error_code error;
    if (!std::filesystem::exists(historyFile, error)) {
        return core::fail("there is no history in " + historyFile.string() +
                          ": has Poolscope run with this data folder (--data-dir)?");
    }
    std::unique_ptr<Past> past(new Past(historyFile));
    if (auto loaded = past->loadTail(); !loaded) {
        return core::fail(historyFile.string() + " cannot be read: " + loaded.error().message);
    }
    return past;
}

core::Result<void> Past::loadTail()
{
    std::promise<core::Result<void>> promise;
    std::future<core::Result<void>> answer = promise.get_future();
    m_disk.post([this, &promise](store::ReadSession* session) {
        if (session == nullptr) {
            promise.set_value(core::fail("it is no history, or may not be read"));
            return;
        }
        try {
            const std::vector<series::SeriesData> tail = store::readTail(session->database());
            std::int64_t first = std::numeric_limits<std::int64_t>::max();
            for (const series::SeriesData& data : tail) {
                first = std::min(first, data.samples.front().at);
            }
            m_tail.adoptPast(tail);
            m_tail.pastIsComplete(first);
            promise.set_value({});
        } catch (const store::SqlFailure& failure) {
            promise.set_value(core::fail(failure.message));
        }
    });
    return answer.get();
}

} // namespace engine
