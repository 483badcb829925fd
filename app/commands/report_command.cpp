#include "app/commands/report_command.h"

#include "app/commands/command.h"
#include "app/commands/data_options.h"
#include "app/commands/moment.h"
#include "app/commands/progress_line.h"
#include "app/options.h"
#include "monitor/engine/past.h"
#include "monitor/engine/report_maker.h"
#include "monitor/export/atomic_file.h"
#include "monitor/report/html.h"
#ifdef POOLSCOPE_WITH_GUI
#include "app/report_pages.h"

#include <QGuiApplication>
#endif

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QLocale>

#include <memory>
#include <utility>

namespace app {

namespace {

struct Wish {
    report::Request request;
    std::filesystem::path history;
    std::filesystem::path html; // empty: none
    std::filesystem::path pdf;
    QString help; // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Tells what happened in a range: a page to be mailed, with charts, incidents and their causes.\n"
        "Reads the data folder; Poolscope may run or not, no display is needed.");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    addRangeOptions(parser);
    parser.addOptions({
        {"html", "Write one self-contained HTML file.", "FILE"},
        {"pdf", "Write a PDF.", "FILE"},
        {"lang", "en or zh_CN (the system's).", "LANG"},
        {"zone", "local or utc: how times are written (local).", "ZONE", "local"},
    });
    addDataOptions(parser);
}

core::Result<void> takeForm(const QCommandLineParser& parser, Wish& wish)
{
    const QString lang = parser.isSet("lang") ? parser.value("lang") : QLocale::system().name();
    if (parser.isSet("lang") && !lang.startsWith("en") && !lang.startsWith("zh")) {
        return core::fail("--lang: en or zh_CN is expected");
    }
    wish.request.lang = core::langFromLocale(lang.toStdString());
    const QString zone = parser.value("zone");
    if (zone != "utc" && zone != "local") {
        return core::fail("--zone: utc or local is expected");
    }
    wish.request.zone = zone == "utc" ? report::TimeZone::Utc : report::TimeZone::Local;
    wish.html = parser.value("html").toStdString();
    wish.pdf = parser.value("pdf").toStdString();
    if (wish.html.empty() && wish.pdf.empty()) {
        return core::fail("--html FILE, --pdf FILE or both are expected");
    }
#ifndef POOLSCOPE_WITH_GUI
    if (!wish.pdf.empty()) {
        return core::fail(
            "--pdf: this Poolscope was built without a window and cannot paint pages; use --html");
    }
#endif
    return {};
}

core::Result<Wish> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope report"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    Wish wish;
    if (parser.isSet("help")) {
        wish.help = parser.helpText().replace("<executable_name>", "poolscope report");
        return wish;
    }
    if (!parser.positionalArguments().isEmpty()) {
        return core::fail("unknown argument \"" + parser.positionalArguments().constFirst().toStdString() +
                          '"');
    }
    const auto range = rangeOf(parser);
    if (!range) {
        return core::Unexpected{range.error()};
    }
    wish.request.from = range->first;
    wish.request.to = range->second;
    if (auto taken = takeForm(parser, wish); !taken) {
        return core::Unexpected{taken.error()};
    }
    auto history = historyOf(parser);
    if (!history) {
        return core::Unexpected{history.error()};
    }
    wish.history = std::move(*history);
    return wish;
}

// Qt paints pages with the fonts of a platform; "offscreen" needs no display.
std::unique_ptr<QCoreApplication> makeApplication([[maybe_unused]] const Wish& wish)
{
    static int argc = 1;
    static char name[] = "poolscope";
    static char* argv[] = {name, nullptr};
#ifdef POOLSCOPE_WITH_GUI
    if (!wish.pdf.empty()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        // Of a runtime folder that is not there, and the like: nothing a report needs.
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        return std::make_unique<QGuiApplication>(argc, argv);
    }
#endif
    return std::make_unique<QCoreApplication>(argc, argv);
}

core::Result<void> writePdf([[maybe_unused]] const report::Document& document,
                            const std::filesystem::path& file,
                            [[maybe_unused]] const exporting::ExportWatch& watch)
{
#ifdef POOLSCOPE_WITH_GUI
    const QByteArray bytes = reportPdf(document);
    return exporting::writeAtomically(file, {bytes.constData(), static_cast<std::size_t>(bytes.size())},
                                      watch);
#else
    return core::fail("no PDF for " + file.string());
#endif
}

core::Result<void> write(const Wish& wish)
{
    auto past = engine::Past::open(wish.history);
    if (!past) {
        return core::Unexpected{past.error()};
    }
    ProgressLine line("reporting");
    const auto progress = [&line](double share) { line.progress(share); };
    const auto document =
        engine::makeReport((*past)->querier(), (*past)->records(), wish.request, {line.stop(), progress});
    if (!document) {
        return core::Unexpected{document.error()};
    }
    if (!wish.html.empty()) {
        if (auto written =
                exporting::writeAtomically(wish.html, report::html(*document), {line.stop(), progress});
            !written) {
            return written;
        }
    }
    return wish.pdf.empty() ? core::Result<void>() : writePdf(*document, wish.pdf, {line.stop(), progress});
}

} // namespace

int runReport(const QStringList& arguments)
{
    const auto wish = parse(arguments);
    if (!wish) {
        return cannot(QString::fromStdString(wish.error().message));
    }
    if (!wish->help.isEmpty()) {
        return printed(wish->help);
    }
    const std::unique_ptr<QCoreApplication> application = makeApplication(*wish);
    const auto done = write(*wish);
    return done ? kWell : cannot(QString::fromStdString(done.error().message));
}

} // namespace app
