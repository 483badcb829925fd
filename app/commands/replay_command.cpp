#include "app/commands/replay_command.h"

#include "app/commands/command.h"
#include "app/commands/compare_text.h"
#include "app/commands/replay_text.h"
#include "monitor/core/lang.h"
#include "monitor/engine/engine.h"
#include "monitor/record/comparison.h"
#include "monitor/record/scene.h"
#include "monitor/record/tape.h"

#include <QCommandLineParser>
#include <QLocale>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

namespace app {

namespace {

enum class Form { Text, Json, Csv };

struct Wish {
    QStringList files;
    Form form = Form::Text;
    double speed = 0; // times real time; 0 = as fast as it goes
    bool expect = false;
    bool compare = false;
    bool asText = false; // with a display too
    bool langGiven = false;
    core::Lang lang = core::Lang::English;
    QString help; // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Plays a recording: opens it in a window, or, without a display or with one of the options for text, prints its\n"
        "incidents by running the recorded rules over the recorded samples with the recorded clock. No server is started.");
    parser.addPositionalArgument("FILE", "The recording; two of them with --compare.");
    parser.addOptions({
        {{"h", "help"}, "Show this help, and end."},
        {"text", "Print the incidents, with a display too."},
        {"headless", "The same."},
        {"json", "Print them as JSON."},
        {"csv", "With --compare: as CSV."},
        {"expect", "Say where the incidents differ from those that were recorded; then the exit code is 1."},
        {"speed", "So many times as fast as it happened (as fast as it goes).", "TIMES"},
        {"compare", "What differs between two recordings: mean, percentiles, maximum, and whether it is more than noise."},
        {"lang", "en or zh_CN: of the window, and of the texts of alerts.", "LANG"},
    });
}

core::Result<Wish> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope replay"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    Wish wish;
    if (parser.isSet("help")) {
        wish.help = parser.helpText().replace("<executable_name>", "poolscope replay");
        return wish;
    }
    wish.files = parser.positionalArguments();
    wish.compare = parser.isSet("compare");
    wish.expect = parser.isSet("expect");
    wish.form = parser.isSet("json") ? Form::Json : parser.isSet("csv") ? Form::Csv : Form::Text;
    wish.langGiven = parser.isSet("lang");
    for (const char* option : {"text", "headless", "json", "csv", "expect", "speed", "compare"}) {
        wish.asText = wish.asText || parser.isSet(option);
    }
    wish.lang = core::langFromLocale(
        (parser.isSet("lang") ? parser.value("lang") : QLocale::system().name()).toStdString());
    if (wish.files.size() != (wish.compare ? 2 : 1)) {
        return core::fail(wish.compare ? "two recordings are expected" : "one recording is expected");
    }
    if (wish.form == Form::Csv && !wish.compare) {
        return core::fail("--csv goes with --compare");
    }
    if (parser.isSet("speed")) {
        bool number = false;
        wish.speed = parser.value("speed").toDouble(&number);
        if (!number || !(wish.speed >= 0.01 && wish.speed <= 100'000)) {
            return core::fail("--speed: a number from 0.01 to 100000 is expected");
        }
    }
    return wish;
}

core::Result<std::unique_ptr<record::Tape>> open(const QString& file)
{
    return record::Tape::open(file.toStdString());
}

core::Result<std::vector<metrics::Mark>> gapsOf(record::Tape& tape)
{
    const auto marks = record::recordedMarks(tape);
    if (!marks) {
        return core::Unexpected{marks.error()};
    }
    std::vector<metrics::Mark> gaps;
    for (const metrics::DiaryEntry& entry : *marks) {
        if (entry.mark.kind == metrics::Mark::Kind::Gap) {
            gaps.push_back(entry.mark);
        }
    }
    return gaps;
}

// Those that began before `at` (ms) and were not told yet.
void tellGaps(const std::vector<metrics::Mark>& gaps, std::size_t& told, std::int64_t at)
{
    for (; told < gaps.size() && core::epochMillis(gaps[told].at) <= at; ++told) {
        static_cast<void>(printed(gapText(gaps[told])));
    }
}

// Prints each entry when its time has come.
core::Result<std::vector<record::TimelineEntry>> play(record::Tape& tape, const Wish& wish,
                                                      const std::vector<metrics::Mark>& gaps)
{
    std::size_t gapsTold = 0;
    const std::vector<const metrics::MetricDef*> metrics = engine::Engine::catalog();
    record::Scene scene(tape, {metrics, wish.lang});
    if (auto ready = scene.seek(tape.info().from); !ready) {
        return core::Unexpected{ready.error()};
    }
    const auto begun = std::chrono::steady_clock::now();
    std::vector<record::TimelineEntry> entries;
    while (const auto at = scene.next()) {
        if (wish.speed > 0) {
            const std::chrono::duration<double, std::milli> due(
                static_cast<double>(*at - tape.info().from) / wish.speed);
            std::this_thread::sleep_until(begun + std::chrono::duration_cast<std::chrono::nanoseconds>(due));
        }
        if (wish.form == Form::Text) {
            tellGaps(gaps, gapsTold, *at);
        }
        if (auto stepped = scene.step(); !stepped) {
            return core::Unexpected{stepped.error()};
        }
        for (; entries.size() < scene.timeline().size(); entries.push_back(scene.timeline()[entries.size()])) {
            if (wish.form == Form::Text) {
                static_cast<void>(printed(entryText(scene.timeline()[entries.size()])));
            }
        }
    }
    if (wish.form == Form::Text) {
        tellGaps(gaps, gapsTold, tape.info().to);
    }
    return entries;
}

int replay(const Wish& wish)
{
    const auto tape = open(wish.files.first());
    if (!tape) {
        return cannot(QString::fromStdString(tape.error().message));
    }
    if (wish.form == Form::Text) {
        static_cast<void>(printed(headText((*tape)->info())));
    }
    const auto gaps = gapsOf(**tape);
    if (!gaps) {
        return cannot(QString::fromStdString(gaps.error().message));
    }
    const auto entries = play(**tape, wish, *gaps);
    const auto recorded = record::recordedTimeline(**tape);
    if (!entries || !recorded) {
        return cannot(QString::fromStdString(entries ? recorded.error().message : entries.error().message));
    }
    const auto differences = record::differencesOf(*recorded, *entries, toleranceOf((*tape)->info()));
    const int told = printed(wish.form == Form::Json
                                 ? replayJson((*tape)->info(), *gaps, *entries, *recorded, differences)
                                 : footText(*entries) + (wish.expect ? differencesText(*recorded, differences) : QString()));
    return told != kWell ? told : wish.expect && !differences.empty() ? kFinding : kWell;
}

int compare(const Wish& wish)
{
    const auto before = open(wish.files.at(0));
    const auto after = before ? open(wish.files.at(1)) : open(wish.files.at(0));
    if (!before || !after) {
        return cannot(QString::fromStdString(before ? after.error().message : before.error().message));
    }
    const auto comparison = record::compare(**before, **after);
    if (!comparison) {
        return cannot(QString::fromStdString(comparison.error().message));
    }
    switch (wish.form) {
    case Form::Text:
        return printed(compareText(*comparison));
    case Form::Json:
        return printed(compareJson(*comparison));
    case Form::Csv:
        break;
    }
    return printed(compareCsv(*comparison));
}

} // namespace

std::optional<WindowRecording> windowRecording(const QStringList& arguments)
{
    if (arguments.value(1) != QLatin1String("replay")) {
        return std::nullopt;
    }
    const auto wish = parse(arguments.mid(2));
    if (!wish || !wish->help.isEmpty() || wish->asText) {
        return std::nullopt; // runReplay() says what is wrong
    }
    return WindowRecording{wish->files.front(), wish->langGiven ? std::optional(wish->lang) : std::nullopt};
}

int runReplay(const QStringList& arguments)
{
    const auto wish = parse(arguments);
    if (!wish) {
        return cannot(QString::fromStdString(wish.error().message));
    }
    if (!wish->help.isEmpty()) {
        return printed(wish->help);
    }
    const auto application = makeCommandApplication();
    return wish->compare ? compare(*wish) : replay(*wish);
}

} // namespace app
