#include "monitor/record/tape_writer.h"

#include "monitor/export/atomic_file.h"
#include "monitor/store/record_tables.h"
#include "monitor/store/sample_writer.h"
#include "monitor/store/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace record {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kPart = 600'000; // ms of samples held at a time
constexpr std::int64_t kOpenIncidents = std::int64_t{30} * 24 * 3'600'000; // how far back an open one may have begun

struct Canceled {};

std::int64_t boxBegin(const TapeRequest& request)
{
    if (request.box == nullptr) {
        return std::numeric_limits<std::int64_t>::max();
    }
    const Facts facts = readFacts(*request.box);
    const auto at = facts.find("complete_from");
    return at != facts.end() ? std::strtoll(at->second.c_str(), nullptr, 10)
                             : std::numeric_limits<std::int64_t>::max();
}

// Texts of statements out of any JSON: under "statement", and under "text" where a duration stands beside it.
void leaveStatementsOut(Json& json)
{
    if (json.is_object() && json.contains("text") && (json.contains("mean_seconds") || json.contains("meanSeconds"))) {
        json["text"] = "";
    }
    if (json.is_object() && json.contains("statement")) {
        json["statement"] = "";
        if (json.contains("before")) { // of a holder: the statement that ended last
            json["before"] = "";
        }
    }
    for (auto& part : json) {
        if (part.is_structured()) {
            leaveStatementsOut(part);
        }
    }
}

std::string withoutStatements(const std::string& text)
{
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        return {};
    }
    leaveStatementsOut(json);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The new file while it is written.
class Copy {
public:
    Copy(const TapeRequest& request, const fs::path& file)
        : m_request(request)
        , m_out(file, store::OpenMode::ReadWrite)
        , m_boxBegin(boxBegin(request))
    {
        // Nobody reads it before it is whole, and it is thrown away when it does not become so.
        static_cast<void>(m_out.number(QStringLiteral("PRAGMA journal_mode = OFF")));
        m_out.execute(QStringLiteral("PRAGMA synchronous = OFF"));
        static_cast<void>(store::upgradeSchema(m_out, file));
    }

    void write()
    {
        m_out.begin();
        makeTables(m_out);
        samples();
        frames();
        for (std::size_t kind = 0; kind < store::kRecordKinds; ++kind) {
            records(static_cast<store::RecordKind>(kind));
        }
        rules();
        facts();
        m_out.commit();
        tell(1);
    }

private:
    void tell(double share) const
    {
        if (m_request.stop.stop_requested()) {
            throw Canceled{};
        }
        if (m_request.progress) {
            m_request.progress(share);
        }
    }

    void samples()
    {
        store::SampleWriter writer(m_out);
        const std::int64_t from = m_request.from - kLead;
        for (std::int64_t at = from; at <= m_request.to; at = (at / kPart + 1) * kPart) {
            tell(0.8 * static_cast<double>(at - from) / static_cast<double>(m_request.to - from + 1));
            std::map<std::int64_t, store::TickSamples> ticks;
            const std::int64_t end = std::min(m_request.to, (at / kPart + 1) * kPart - 1);
            for (const series::SeriesData& data : m_request.samples->select({}, at, end)) {
                for (const series::Sample& sample : data.samples) {
                    store::TickSamples& tick = ticks[sample.at];
                    tick.at = sample.at;
                    tick.samples.push_back({data.labels, sample});
                }
            }
            for (const auto& [moment, tick] : ticks) {
                m_ticks += moment >= m_request.from ? 1 : 0;
                writer.append(tick);
            }
        }
        writer.seal();
    }

    void frames()
    {
        if (m_request.box == nullptr) {
            return;
        }
        readFrames(*m_request.box, m_request.from, m_request.to, [this](const Frame& frame) {
            tell(0.85);
            ++m_frames;
            if (m_request.statements == Statements::WithoutLiterals) {
                writeFrame(m_out, frame);
            } else if (const auto text = unpacked(frame.data, frame.size)) {
                const std::string kept = withoutStatements(*text);
                writeFrame(m_out, {frame.at, frame.whole, kept.size(), packed(kept)});
            }
            return true;
        });
    }

    void records(store::RecordKind kind)
    {
        tell(0.95);
        const bool incidents = kind == store::RecordKind::Incident;
        const std::int64_t from = incidents ? m_request.from - kOpenIncidents : m_request.from - kLead;
        if (m_request.history != nullptr && (incidents || from < m_boxBegin)) {
            copyRecords(*m_request.history, kind, from, incidents ? m_request.to : std::min(m_boxBegin - 1, m_request.to));
        }
        if (m_request.box != nullptr) { // after it: of an incident the newest version stays
            copyRecords(*m_request.box, kind, incidents ? from : std::max(from, m_boxBegin), m_request.to);
        }
    }

    void copyRecords(store::Database& source, store::RecordKind kind, std::int64_t from, std::int64_t to)
    {
        if (from > to) { // a box that has nothing whole begins at the end of all time
            return;
        }
        store::PageRequest wanted;
        wanted.kind = kind;
        wanted.from = core::WallTime(core::Millis(from));
        wanted.to = core::WallTime(core::Millis(to) + std::chrono::microseconds(999));
        wanted.limit = 10'000;
        std::vector<store::Record> found;
        for (bool more = true; more;) {
            store::Page page = store::readPage(source, wanted);
            more = page.more && !page.rows.empty();
            for (store::StoredRecord& row : page.rows) {
                wanted.before = row.id;
                found.push_back(std::move(row.record));
            }
        }
        for (auto record = found.rbegin(); record != found.rend(); ++record) {
            if (auto* incident = std::get_if<store::Incident>(&*record);
                incident != nullptr && core::epochMillis(incident->ended.value_or(core::WallTime::max())) < m_request.from - kLead) {
                continue; // over before it begins
            }
            store::writeRecord(m_out, m_request.statements == Statements::LeftOut ? bare(std::move(*record))
                                                                                  : std::move(*record));
        }
    }

    static store::Record bare(store::Record record)
    {
        if (auto* slow = std::get_if<store::SlowStatement>(&record)) {
            slow->text.clear();
        } else if (auto* incident = std::get_if<store::Incident>(&record)) {
            incident->details = withoutStatements(incident->details);
        }
        return record;
    }

    void rules()
    {
        const auto later = std::find_if(m_request.rules.begin(), m_request.rules.end(),
                                        [this](const RuleTexts& one) { return one.at > m_request.from; });
        // Those that were in force at the beginning; when nobody knows them, the first that are known.
        const auto first = later != m_request.rules.begin() ? std::prev(later) : later;
        for (auto one = first; one != m_request.rules.end() && one->at <= std::max(m_request.to, first->at); ++one) {
            writeRules(m_out, *one);
        }
    }

    void facts()
    {
        for (const auto& [name, value] : m_request.facts) {
            writeFact(m_out, name, value);
        }
        writeFact(m_out, "format", std::to_string(kFormat));
        writeFact(m_out, "from", std::to_string(m_request.from));
        writeFact(m_out, "to", std::to_string(m_request.to));
        writeFact(m_out, "lead_from", std::to_string(m_request.from - kLead));
        writeFact(m_out, "ticks", std::to_string(m_ticks));
        writeFact(m_out, "frames", std::to_string(m_frames));
        writeFact(m_out, "statements",
                  m_request.statements == Statements::LeftOut ? "left out" : "without literals");
        if (m_ticks == 0) {
            throw store::SqlFailure("nothing was recorded in this range");
        }
    }

    const TapeRequest& m_request;
    store::Database m_out;
    const std::int64_t m_boxBegin;
    std::size_t m_ticks = 0;
    std::size_t m_frames = 0;
};

core::Result<void> settle(const fs::path& temporary, const fs::path& file)
{
    const auto sync = [](const fs::path& path) {
        const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const bool well = descriptor >= 0 && fsync(descriptor) == 0;
        const int error = errno;
        if (descriptor >= 0) {
            close(descriptor);
        }
        errno = error;
        return well;
    };
    if (!sync(temporary) || rename(temporary.c_str(), file.c_str()) != 0) {
        return exporting::fileError("write", file, errno);
    }
    static_cast<void>(sync(file.parent_path().empty() ? fs::path(".") : file.parent_path()));
    return {};
}

} // namespace

core::Result<void> writeTape(const TapeRequest& request)
{
    fs::path temporary = request.file; // statements and names are in it: nobody else's business
    temporary += fmt::format(".{}.part", getpid());
    std::error_code error;
    fs::remove(temporary, error);
    // Made here, for the reason that a database gives of a folder that cannot be written to is none.
    const int made = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        return exporting::fileError("create a file beside", request.file, errno);
    }
    close(made);
    core::Result<void> outcome;
    try {
        Copy(request, temporary).write();
        outcome = settle(temporary, request.file);
    } catch (const Canceled&) {
        outcome = core::fail("the recording was given up", "canceled");
    } catch (const store::SqlFailure& failure) {
        outcome = core::fail(fmt::format("cannot write {}: {}", request.file.string(), failure.message));
    } catch (const std::exception& failure) { // too many samples, no memory
        outcome = core::fail(fmt::format("cannot write {}: {}", request.file.string(), failure.what()));
    }
    if (!outcome) {
        fs::remove(temporary, error);
    }
    return outcome;
}

} // namespace record
