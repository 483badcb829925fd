#include "app/commands/export_command.h"

#include "app/commands/command.h"
#include "app/commands/data_options.h"
#include "app/commands/moment.h"
#include "app/commands/progress_line.h"
#include "app/options.h"
#include "monitor/core/units.h"
#include "monitor/engine/engine.h"
#include "monitor/engine/past.h"
#include "monitor/export/open_metrics.h"
#include "monitor/export/range_export.h"
#include "monitor/promql/parser.h"
#include "monitor/record/tape.h"

#include <QCommandLineParser>
#include <QTimeZone>

#include <algorithm>
#include <chrono>
#include <utility>

namespace app {

namespace {

struct Wish {
    exporting::RowStyle style;
    bool openMetrics = false; // instead of the style's format
    std::filesystem::path history;
    std::unique_ptr<record::Tape> recording; // instead of it
    std::filesystem::path output;
    std::vector<series::Matcher> matchers;
    std::vector<std::string> expressions;
    std::int64_t step = 0; // ms
    QString help;          // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Writes a range of the history as a file: every series as it was sampled, or what expressions give.\n"
        "Reads the data folder; Poolscope may run or not. With a RECORDING: that file, all of it by "
        "default.");
    parser.addPositionalArgument("recording", "Instead of the history: a recording (.poolscope).",
                                 "[RECORDING]");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    addRangeOptions(parser);
    parser.addOptions({
        {{"o", "output"}, "The file; - is standard output (-).", "FILE", "-"},
        {"format",
         "csv (a column a series), csv-long (a row a value), json, jsonl or openmetrics, of which promtool "
         "tsdb "
         "create-blocks-from openmetrics makes blocks (by the file's name, else csv).",
         "FORMAT"},
        {"match", "Only series of this selector: 'db_pool_usage', '{__name__=~\"db_pool_.*\"}'.", "SELECTOR"},
        {"query", "Instead of samples: this PromQL expression; may be given several times.", "EXPR"},
        {"step", "With --query: time between two values (a thousandth of the range, at least 1s).", "SPAN"},
        {"zone", "utc or local: how times are written (utc).", "ZONE", "utc"},
    });
    addDataOptions(parser);
}

core::Result<void> takeRecording(const QString& file, Wish& wish)
{
    auto tape = record::Tape::open(file.toStdString());
    if (!tape) {
        return core::Unexpected{tape.error()};
    }
    wish.recording = std::move(*tape);
    return {};
}

// Whose samples, and which stretch of them.
core::Result<void> takeRange(const QCommandLineParser& parser, Wish& wish)
{
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1) {
        return core::fail("unknown argument \"" + files.at(1).toStdString() + '"');
    }
    const auto range = rangeOf(parser);
    if (!range) {
        return core::Unexpected{range.error()};
    }
    wish.style.range = {range->first, range->second};
    if (files.isEmpty()) {
        auto history = historyOf(parser);
        wish.history = history ? std::move(*history) : std::filesystem::path();
        return history ? core::Result<void>() : core::Result<void>(core::Unexpected{history.error()});
    }
    if (parser.isSet("data-dir") || parser.isSet("config") || parser.isSet("last")) {
        return core::fail("a recording and --data-dir, --config or --last exclude each other");
    }
    const auto opened = takeRecording(files.constFirst(), wish);
    if (opened) {
        const record::TapeInfo& info = wish.recording->info();
        wish.style.range.from = parser.isSet("from") ? wish.style.range.from : info.from;
        wish.style.range.to = parser.isSet("to") ? wish.style.range.to : info.to;
        wish.history = wish.recording->readable();
    }
    return opened;
}

core::Result<void> takeFormat(const QCommandLineParser& parser, Wish& wish)
{
    wish.output = parser.value("output").toStdString();
    const std::string format = parser.value("format").toStdString();
    wish.openMetrics = format == "openmetrics" || (format.empty() && wish.output.extension() == ".om");
    if (wish.openMetrics) {
        return {};
    }
    const auto named = format.empty() ? std::optional(exporting::formatOfFile(wish.output.string()))
                                      : exporting::formatNamed(format);
    if (!named) {
        return core::fail("--format: csv, csv-long, json, jsonl or openmetrics is expected");
    }
    wish.style.format = *named;
    const QString zone = parser.value("zone");
    if (zone != "utc" && zone != "local") {
        return core::fail("--zone: utc or local is expected");
    }
    wish.style.zone = zone == "local" ? exporting::TimeZone::Local : exporting::TimeZone::Utc;
    wish.style.meta.zone = QTimeZone::systemTimeZoneId().toStdString();
    return {};
}

core::Result<void> takeContent(const QCommandLineParser& parser, Wish& wish)
{
    if (parser.isSet("match")) {
        auto matchers = promql::parseSelector(parser.value("match").toStdString());
        if (!matchers) {
            return core::fail("--match: " + matchers.error().text());
        }
        wish.matchers = std::move(*matchers);
    }
    for (const QString& expression : parser.values("query")) {
        wish.expressions.push_back(expression.toStdString());
    }
    if (!wish.expressions.empty() && parser.isSet("match")) {
        return core::fail("--match and --query exclude each other");
    }
    if (!wish.expressions.empty() && wish.openMetrics) {
        return core::fail("--query: openmetrics holds samples, not what expressions give");
    }
    wish.step = std::max<std::int64_t>(1000, (wish.style.range.to - wish.style.range.from) / 1000);
    if (parser.isSet("step")) {
        const auto step = engine::parseSpan(parser.value("step").toStdString());
        if (!step || *step < std::chrono::milliseconds(1)) {
            return core::fail("--step: " + (step ? "it must be at least 1 ms" : step.error().message));
        }
        wish.step = std::chrono::duration_cast<std::chrono::milliseconds>(*step).count();
    }
    return {};
}

core::Result<Wish> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope export"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    Wish wish;
    if (parser.isSet("help")) {
        wish.help = parser.helpText().replace("<executable_name>", "poolscope export");
        return wish;
    }
    for (const auto& taken : {takeRange(parser, wish), takeFormat(parser, wish), takeContent(parser, wish)}) {
        if (!taken) {
            return core::Unexpected{taken.error()};
        }
    }
    return wish;
}

std::unique_ptr<exporting::RangeSource> sourceOf(const engine::Past& past, const Wish& wish,
                                                 std::stop_token stop)
{
    if (!wish.expressions.empty()) {
        return exporting::expressionSource(past.querier(), {wish.expressions, wish.style.range, wish.step},
                                           std::move(stop));
    }
    return exporting::sampleSource(past.reader(), wish.matchers, wish.style.range,
                                   exporting::defFinder(engine::Engine::catalog()));
}

core::Result<exporting::Exported> write(const Wish& wish)
{
    auto past = engine::Past::open(wish.history);
    if (!past) {
        return core::Unexpected{past.error()};
    }
    ProgressLine line("exporting");
    if (wish.openMetrics) {
        return exporting::exportOpenMetrics((*past)->reader(), wish.matchers, wish.style.range, wish.output,
                                            exporting::defFinder(engine::Engine::catalog()),
                                            {line.stop(), [&line](double share) { line.progress(share); }});
    }
    const auto source = sourceOf(**past, wish, line.stop());
    return exporting::exportRange(*source, wish.style, wish.output,
                                  {line.stop(), [&line](double share) { line.progress(share); }});
}

} // namespace

int runExport(const QStringList& arguments)
{
    const auto application = makeCommandApplication(); // Qt Sql looks for its driver
    const auto wish = parse(arguments);
    if (!wish) {
        return cannot(QString::fromStdString(wish.error().message));
    }
    if (!wish->help.isEmpty()) {
        return printed(wish->help);
    }
    const auto done = write(*wish);
    if (!done) {
        return cannot(QString::fromStdString(done.error().message));
    }
    if (wish->output != exporting::kStandardOutput) {
        return printed(QStringLiteral("%1: %2 moments, %3 columns, %4 values, %5\n")
                           .arg(QString::fromStdString(wish->output.string()))
                           .arg(done->rows)
                           .arg(done->columns)
                           .arg(done->values)
                           .arg(QString::fromStdString(
                               core::humanText(static_cast<double>(done->bytes), core::Unit::Bytes))));
    }
    return kWell;
}

} // namespace app
