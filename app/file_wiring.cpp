// Files of a range as the window asks for them: samples and reports, written on the caller's thread.
#include "app/report_pages.h"
#include "app/wiring.h"
#include "monitor/engine/report_maker.h"
#include "monitor/export/atomic_file.h"
#include "monitor/export/range_export.h"
#include "monitor/report/html.h"

#include <QTimeZone>

#include <string>

namespace app {

namespace {

using Progress = std::function<void(double share)>;

core::Result<void> writeSamples(const series::Reader& samples, const widgets::FileWish& wish,
                                const std::stop_token& stop, const Progress& progress)
{
    const std::string path = wish.path.toStdString();
    exporting::RowStyle style;
    style.format = wish.kind == widgets::FileWish::Kind::LongSamples ? exporting::Format::CsvLong
                                                                     : exporting::formatOfFile(path);
    style.zone = wish.utc ? exporting::TimeZone::Utc : exporting::TimeZone::Local;
    style.range = {wish.from, wish.to};
    style.meta.zone = QTimeZone::systemTimeZoneId().toStdString();
    const auto source = exporting::sampleSource(samples, {}, style.range, exporting::defFinder(engine::Engine::catalog()));
    const auto done = exporting::exportRange(*source, style, path, {stop, progress});
    return done ? core::Result<void>() : core::Result<void>(core::Unexpected{done.error()});
}

report::Request requestOf(const widgets::FileWish& wish, core::Lang lang, const metrics::SnapshotPtr& now)
{
    report::Request request;
    request.from = wish.from;
    request.to = wish.to;
    request.lang = lang;
    request.zone = wish.utc ? report::TimeZone::Utc : report::TimeZone::Local;
    if (now) {
        request.target = now->server.target;
        request.serverVersion = now->server.version;
    }
    return request;
}

// With what only the running program knows.
report::Request requestOf(const widgets::FileWish& wish, const engine::Engine& core, const std::stop_token& stop)
{
    report::Request request = requestOf(wish, core.lang(), core.latest());
    if (const metrics::PoolAdvicePtr advice = core.poolAdvice(core::Nanos(0), stop)) {
        const bool telling = advice->verdict == metrics::AdviceVerdict::Grow ||
                             advice->verdict == metrics::AdviceVerdict::Enough ||
                             advice->verdict == metrics::AdviceVerdict::NoSizeHelps;
        request.advice = telling ? metrics::adviceSentence(*advice, request.lang) : std::string();
    }
    return request;
}

core::Result<void> writeReport(const core::Result<report::Document>& document, const QString& file, const std::stop_token& stop)
{
    if (!document) {
        return core::Unexpected{document.error()};
    }
    std::string bytes;
    if (file.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        bytes = reportPdf(*document).toStdString();
    } else {
        bytes = report::html(*document);
    }
    // Pages of a long range take their time: whoever gave up meanwhile wants no file.
    return exporting::writeAtomically(file.toStdString(), bytes, {stop});
}

} // namespace

widgets::FileWriter makeFileWriter(engine::Engine& core)
{
    return [&core](const widgets::FileWish& wish, const std::stop_token& stop, const Progress& progress) {
        if (wish.kind == widgets::FileWish::Kind::Ticks) {
            return core.writeCsv(wish.path.toStdString(), {stop, progress});
        }
        if (wish.kind != widgets::FileWish::Kind::Report) {
            return writeSamples(core.samples(), wish, stop, progress);
        }
        return writeReport(
            engine::makeReport(core.ownLongQuerier(), core.records(), requestOf(wish, core, stop), {stop, progress}), wish.path,
            stop);
    };
}

widgets::FileWriter makeFileWriter(const RecordedRange& recorded)
{
    return [recorded](const widgets::FileWish& wish, const std::stop_token& stop, const Progress& progress) {
        if (wish.kind != widgets::FileWish::Kind::Report) {
            return writeSamples(recorded.past->reader(), wish, stop, progress);
        }
        return writeReport(engine::makeReport(recorded.past->querier(), recorded.past->records(),
                                              requestOf(wish, *recorded.lang, recorded.playback->latest()), {stop, progress}),
                           wish.path, stop);
    };
}

} // namespace app
