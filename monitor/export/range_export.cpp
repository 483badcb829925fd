#include "monitor/export/range_export.h"

#include "monitor/core/format.h"
#include "monitor/export/atomic_file.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

namespace exporting {

namespace {

using nlohmann::json;

bool isCsv(Format format) noexcept
{
    return format == Format::CsvWide || format == Format::CsvLong;
}

std::string metaText(const RowStyle& style, const Exported& done)
{
    const auto iso = [](std::int64_t at) {
        return core::isoUtc(core::WallTime(std::chrono::milliseconds(at)));
    };
    const json object = {{"format", "poolscope-range"},
                         {"format_version", 1},
                         {"poolscope_version", style.meta.version},
                         {"time_zone_of_file", style.zone == TimeZone::Local ? "local" : "UTC"},
                         {"time_zone_of_machine", style.meta.zone},
                         {"from", iso(style.range.from)},
                         {"to", iso(style.range.to)},
                         {"moments", done.rows},
                         {"values", done.values},
                         {"columns", done.columns},
                         {"settings", style.meta.settings}};
    return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

class Export {
public:
    Export(RangeSource& source, const RowStyle& style, AtomicFile file)
        : m_source(source)
        , m_style(style)
        , m_file(std::move(file))
        , m_format(rowFormat(style))
    {
    }

    core::Result<Exported> run(const ExportWatch& watch)
    {
        const auto columns = m_source.columns();
        if (!columns) {
            return core::Unexpected{columns.error()};
        }
        m_done.columns = columns->size();
        if (auto put = write(m_format->begin(*columns)); !put) {
            return core::Unexpected{put.error()};
        }
        if (auto body = parts(watch); !body) {
            return core::Unexpected{body.error()};
        }
        if (auto put = write(m_format->end()); !put) {
            return core::Unexpected{put.error()};
        }
        return m_done;
    }

    [[nodiscard]] AtomicFile& file() noexcept { return m_file; }

private:
    core::Result<void> write(const std::string& bytes)
    {
        m_done.bytes += bytes.size();
        return m_file.write(bytes);
    }

    core::Result<void> parts(const ExportWatch& watch)
    {
        const TimeSpan& range = m_style.range;
        for (std::int64_t from = range.from; from <= range.to;) {
            if (watch.stop.stop_requested()) {
                return core::canceled();
            }
            const std::int64_t stride = m_source.stride();
            // Parts end where the stride's multiples do.
            const std::int64_t to = std::min(range.to, (from / stride + 1) * stride - 1);
            auto read = m_source.read({from, to}, [this, &watch](const RangeRow& row) -> core::Result<void> {
                if (watch.stop.stop_requested()) {
                    return core::canceled();
                }
                ++m_done.rows;
                m_done.values += static_cast<std::uint64_t>(std::count_if(
                    row.values.begin(), row.values.end(), [](double value) { return !std::isnan(value); }));
                return write(m_format->row(row));
            });
            if (!read) {
                return read;
            }
            from = to + 1;
            if (watch.progress) {
                watch.progress(static_cast<double>(from - range.from) /
                               static_cast<double>(range.to - range.from + 1));
            }
        }
        return {};
    }

    RangeSource& m_source;
    const RowStyle& m_style;
    AtomicFile m_file;
    const std::unique_ptr<RowFormat> m_format;
    Exported m_done;
};

} // namespace

core::Result<Exported> exportRange(RangeSource& source, const RowStyle& style,
                                   const std::filesystem::path& file, const ExportWatch& watch)
{
    if (style.range.from > style.range.to) {
        return core::fail("the range ends before it begins");
    }
    auto opened = file == kStandardOutput ? AtomicFile::standardOutput() : AtomicFile::open(file);
    if (!opened) {
        return core::Unexpected{opened.error()};
    }
    Export job(source, style, std::move(*opened));
    auto done = job.run(watch);
    if (!done) {
        return done;
    }
    if (watch.stop.stop_requested()) {
        return core::canceled();
    }
    const bool described = isCsv(style.format) && job.file().isPlain();
    auto committed = described ? commitWith(job.file(), file, metaText(style, *done)) : job.file().commit();
    return committed ? done : core::Result<Exported>(core::Unexpected{committed.error()});
}

} // namespace exporting
