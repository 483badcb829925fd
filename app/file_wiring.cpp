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

core::Result<void> writeSamples(const engine::Engine& core, const widgets::FileWish& wish,
                                const std::stop_token& stop, const Progress& progress)
{
    const std::string path = wish.path.toStdString();
    exporting::RowStyle style;
    style.format = wish.kind == widgets::FileWish::Kind::LongSamples ? exporting::Format::CsvLong
                                                                     : exporting::formatOfFile(path);
    style.zone = wish.utc ? exporting::TimeZone::Utc : exporting::TimeZone::Local;
    style.range = {wish.from, wish.to};
    style.meta.zone = QTimeZone::systemTimeZoneId().toStdString();
    const auto source = exporting::sampleSource(core.samples(), {}, style.range,
                                                exporting::defFinder(engine::Engine::catalog()));
    const auto done = exporting::exportRange(*source, style, path, {stop, progress});
    return done ? core::Result<void>() : core::Result<void>(core::Unexpected{done.error()});
}

core::Result<void> writeReport(const engine::Engine& core, const widgets::FileWish& wish,
                               const std::stop_token& stop, const Progress& progress)
{
    report::Request request;
    request.from = wish.from;
    request.to = wish.to;
    request.lang = core.lang();
    request.zone = wish.utc ? report::TimeZone::Utc : report::TimeZone::Local;
    if (const metrics::SnapshotPtr now = core.latest()) {
        request.target = now->server.target;
        request.serverVersion = now->server.version;
    }
    if (const metrics::PoolAdvicePtr advice = core.poolAdvice(core::Nanos(0), stop)) {
        const bool telling = advice->verdict == metrics::AdviceVerdict::Grow ||
                             advice->verdict == metrics::AdviceVerdict::Enough ||
                             advice->verdict == metrics::AdviceVerdict::NoSizeHelps;
        request.advice = telling ? metrics::adviceSentence(*advice, request.lang) : std::string();
    }
    const auto document = engine::makeReport(core.ownLongQuerier(), core.records(), request, {stop, progress});
    if (!document) {
        return core::Unexpected{document.error()};
    }
    const std::string path = wish.path.toStdString();
    if (!wish.path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        return exporting::writeAtomically(path, report::html(*document));
    }
    const QByteArray pages = reportPdf(*document);
    return exporting::writeAtomically(path, {pages.constData(), static_cast<std::size_t>(pages.size())});
}

} // namespace

widgets::FileWriter makeFileWriter(engine::Engine& core)
{
    return [&core](const widgets::FileWish& wish, const std::stop_token& stop, const Progress& progress) {
        return wish.kind == widgets::FileWish::Kind::Report ? writeReport(core, wish, stop, progress)
                                                            : writeSamples(core, wish, stop, progress);
    };
}

} // namespace app
