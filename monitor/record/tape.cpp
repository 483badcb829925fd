#include "monitor/record/tape.h"

#include "monitor/store/record_tables.h"
#include "monitor/store/schema.h"

#include <QTemporaryDir>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>

namespace record {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::int64_t kLongest = std::int64_t{800} * 24 * 3'600'000; // ms
// What must be a table, and nothing that is computed while we look at it.
constexpr const char* kNeeded =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('series', 'block', 'chunk', 'tail', "
    "'minute', 'hour', 'page', 'alert_transition', 'incident', 'event', 'slow_statement', 'scenario_run', "
    "'annotation', 'setting_change', 'recording', 'frame', 'rule_file') AND sql NOT LIKE '%virtual%'";
constexpr std::int64_t kNeededCount = 17;

bool looksLikeDatabase(const fs::path& file)
{
    std::ifstream input(file, std::ios::binary);
    char head[16] = {};
    return input.read(head, sizeof head) && std::string_view(head, sizeof head) == kMagic;
}

std::optional<std::int64_t> numberIn(const Facts& facts, const char* name)
{
    const auto at = facts.find(name);
    std::int64_t number = 0;
    if (at == facts.end()) {
        return std::nullopt;
    }
    const char* end = at->second.data() + at->second.size();
    const auto read = std::from_chars(at->second.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

std::string textIn(const Facts& facts, const char* name)
{
    const auto at = facts.find(name);
    return at != facts.end() ? at->second : std::string();
}

} // namespace

Tape::Tape(fs::path given, fs::path readable)
    : m_given(std::move(given))
    , m_readable(std::move(readable))
{
}

Tape::~Tape() = default;

core::Unexpected<core::Error> Tape::problem(const std::string& what, const char* code) const
{
    return core::fail(fmt::format("{}: {}", m_given.string(), what), code);
}

template <class T, class Job>
core::Result<T> Tape::attempt(const Job& job)
{
    try {
        return job();
    } catch (const store::SqlFailure& failure) {
        return problem("the recording is damaged (" + failure.message + ")", "damaged");
    } catch (const series::TooManySamples&) {
        return problem("there are too many samples in a range", "damaged");
    }
}

core::Result<std::unique_ptr<Tape>> Tape::open(const fs::path& file)
{
    std::unique_ptr<Tape> tape(new Tape(file, file));
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return tape->problem("there is no such file", "missing");
    }
    if (!looksLikeDatabase(file)) {
        return tape->problem("this is no recording of Poolscope", "not_a_recording");
    }
    auto checked = tape->attempt<void>([&] { return tape->check(); });
    if (!checked) {
        return core::Unexpected<core::Error>{checked.error()};
    }
    return tape;
}

core::Result<void> Tape::check()
{
    m_session = std::make_unique<store::ReadSession>(m_readable);
    store::Database& database = m_session->database();
    if (database.number(QStringLiteral("PRAGMA application_id")) != kApplicationId) {
        return problem("this is no recording of Poolscope", "not_a_recording");
    }
    if (auto whole = checkWhole(); !whole) {
        return whole;
    }
    const auto version = static_cast<int>(database.number(QStringLiteral("PRAGMA user_version")));
    m_info.facts = readFacts(database);
    if (version > store::schemaVersion() || numberIn(m_info.facts, "format").value_or(0) > kFormat) {
        return problem("the recording was made by a newer Poolscope; this one cannot read it", "newer");
    }
    if (version < store::schemaVersion()) { // a copy is brought up: the file itself is never written
        m_session.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        m_readable = fs::path(m_folder->path().toStdString()) / "recording.db";
        fs::copy_file(m_given, m_readable);
        {
            store::Database copy(m_readable, store::OpenMode::ReadWrite);
            static_cast<void>(store::upgradeSchema(copy, m_readable));
        }
        m_session = std::make_unique<store::ReadSession>(m_readable);
    }
    return readInfo();
}

core::Result<void> Tape::checkWhole()
{
    store::Database& database = m_session->database();
    QSqlQuery& rows = database.rows("PRAGMA quick_check(1)", {});
    const bool well = rows.next() && rows.value(0).toString() == QLatin1String("ok");
    rows.finish();
    if (!well || database.number(QString::fromUtf8(kNeeded)) != kNeededCount) {
        return problem("the recording is damaged or cut off", "damaged");
    }
    return {};
}

core::Result<void> Tape::readInfo()
{
    const Facts& facts = m_info.facts;
    const auto from = numberIn(facts, "from");
    const auto to = numberIn(facts, "to");
    if (!from || !to || *from <= 0 || *to < *from || *to - *from > kLongest || *to > (std::int64_t{1} << 50)) {
        return problem("the recording does not say of what time it is", "damaged");
    }
    m_info.from = *from;
    m_info.to = *to;
    m_info.leadFrom = std::clamp(numberIn(facts, "lead_from").value_or(*from), *from - kLongest, *from);
    m_info.title = textIn(facts, "title");
    m_info.reason = textIn(facts, "reason");
    m_info.version = textIn(facts, "version");
    m_info.target = textIn(facts, "target");
    m_rules = readRules(m_session->database());
    return {};
}

core::Result<std::vector<series::SeriesData>> Tape::samples(std::int64_t from, std::int64_t to)
{
    using All = std::vector<series::SeriesData>;
    return attempt<All>([&]() -> core::Result<All> { return m_session->sampled({}, from, to, {}); });
}

core::Result<std::vector<TickValues>> Tape::ticks(std::int64_t from, std::int64_t to)
{
    const auto data = samples(from, to);
    if (!data) {
        return core::Unexpected<core::Error>{data.error()};
    }
    std::map<std::int64_t, TickValues> ticks;
    for (const series::SeriesData& one : *data) {
        for (const series::Sample& sample : one.samples) {
            TickValues& tick = ticks[sample.at];
            tick.at = sample.at;
            if (series::isStale(sample.value)) {
                tick.ended.push_back(one.labels);
            } else {
                tick.values.emplace_back(one.labels, sample.value);
            }
        }
    }
    std::vector<TickValues> ordered;
    ordered.reserve(ticks.size());
    for (auto& [at, tick] : ticks) {
        ordered.push_back(std::move(tick));
    }
    return ordered;
}

core::Result<void> Tape::frames(std::int64_t from, std::int64_t to, const std::function<bool(const Frame&)>& sink)
{
    return attempt<void>([&]() -> core::Result<void> {
        readFrames(m_session->database(), from, to, sink);
        return {};
    });
}

core::Result<std::vector<store::Record>> Tape::records(store::RecordKind kind)
{
    using All = std::vector<store::Record>;
    return attempt<All>([&]() -> core::Result<All> {
        store::PageRequest wanted;
        wanted.kind = kind;
        wanted.limit = 10'000;
        All all;
        for (bool more = true; more;) {
            store::Page page = store::readPage(m_session->database(), wanted);
            more = page.more && !page.rows.empty();
            for (store::StoredRecord& row : page.rows) {
                wanted.before = row.id;
                all.push_back(std::move(row.record));
            }
        }
        std::reverse(all.begin(), all.end());
        return all;
    });
}

} // namespace record
