#include "app/commands/record_command.h"

#include "app/commands/command.h"
#include "app/commands/data_options.h"
#include "app/commands/moment.h"
#include "app/commands/progress_line.h"
#include "app/options.h"
#include "app/signals.h"
#include "monitor/engine/engine.h"
#include "monitor/record/past.h"

#include <QCommandLineParser>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <functional>
#include <tuple>

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr auto kFollow = 60s;        // between two looks at a running one's black box
constexpr auto kSettle = 15s;        // at most, until a running one has written what it saw
constexpr auto kSettleLook = 250ms;  // between two looks whether it has
constexpr auto kFirstTick = 100ms;
constexpr int kSettleMillis = 2'000; // of samples that are late
// Of the program's own options, those that make sense for a run that is recorded.
constexpr const char* kForwarded[] = {"data-dir", "dsn", "service", "config", "interval", "rules", "scenario", "lang"};

struct Wish {
    record::PastRequest past; // from and to are 0: the next `duration`
    core::Nanos duration{0};
    Options options;
    QString help; // set: print it and end
};

void addOptions(QCommandLineParser& parser)
{
    parser.setApplicationDescription(
        "Writes FILE (.poolscope): every sample, event, incident, alert, statement (without literals), setting and rule\n"
        "of a time. Of the past from the data folder, whether a Poolscope runs there or not; of the next minutes from\n"
        "the one that runs there, or else from one that is started for it. `poolscope replay FILE` plays it.");
    parser.addPositionalArgument("FILE", "The recording to be written.");
    parser.addOptions({
        {{"h", "help"}, "Show this help, and end."},
        {"duration", "The next: 10m.", "SPAN"},
        {"title", "What it is called (the file's name).", "TEXT"},
        {"no-statements", "Leave the texts of statements out; their fingerprints stay."},
        {"data-dir", "The data folder.", "FOLDER"},
        {"dsn", "For a run that is started: the server.", "DSN"},
        {"service", "For a run that is started: an entry of the connection service file.", "NAME"},
        {"config", "Settings in YAML: where history and black box are kept; all of it for a run that is started.", "FILE"},
        {"interval", "For a run that is started: time between two samples.", "SPAN"},
        {"rules", "Further alert rules.", "FILE"},
        {"scenario", "For a run that is started: this load.", "NAME[:key=value,…]"},
        {"lang", "en or zh_CN.", "LANG"},
    });
    addRangeOptions(parser);
}

// The past (--last, --from, --to) or --duration.
core::Result<void> readTime(const QCommandLineParser& parser, Wish& wish)
{
    const bool past = parser.isSet("from") || parser.isSet("last");
    if (past == parser.isSet("duration")) {
        return core::fail("one of --last SPAN, --from TIME or --duration SPAN is expected");
    }
    if (past) {
        const auto range = rangeOf(parser);
        if (!range) {
            return core::Unexpected{range.error()};
        }
        std::tie(wish.past.from, wish.past.to) = *range;
        return {};
    }
    const auto span = engine::parseSpan(parser.value("duration").toStdString());
    if (!span || *span <= core::Nanos(0)) {
        return core::fail("--duration: a time like 10m is expected");
    }
    wish.duration = *span;
    return {};
}

// As the program itself would be started.
core::Result<Options> ownOptions(const QCommandLineParser& parser)
{
    QStringList arguments{"poolscope", "--headless"};
    for (const char* name : kForwarded) {
        for (const QString& value : parser.values(QLatin1String(name))) {
            arguments << QLatin1String("--") + QLatin1String(name) << value;
        }
    }
    return parseOptions(arguments);
}

// As the configuration places them.
record::KeptFiles keptOf(const engine::Config& config)
{
    record::KeptFiles kept = record::keptIn(config.dataDir);
    kept.history = historyOf(config);
    if (!config.blackBox.folder.empty()) {
        kept.box = config.blackBox.folder / record::kBoxName;
    }
    return kept;
}

core::Result<Wish> parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList{"poolscope record"} + arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    Wish wish;
    if (parser.isSet("help")) {
        wish.help = parser.helpText().replace("<executable_name>", "poolscope record");
        return wish;
    }
    if (parser.positionalArguments().size() != 1) {
        return core::fail("one FILE is expected; poolscope record --help tells more");
    }
    if (auto time = readTime(parser, wish); !time) {
        return core::Unexpected{time.error()};
    }
    auto options = ownOptions(parser);
    if (!options) {
        return core::Unexpected{options.error()};
    }
    wish.options = std::move(*options);
    wish.past.kept = keptOf(wish.options.config);
    wish.past.file = parser.positionalArguments().constFirst().toStdString();
    wish.past.rules = {wish.options.config.defaultRules};
    wish.past.rules.insert(wish.past.rules.end(), wish.options.config.ruleFiles.begin(),
                           wish.options.config.ruleFiles.end());
    wish.past.facts.emplace("version", POOLSCOPE_VERSION);
    if (parser.isSet("title")) {
        wish.past.facts.emplace("title", parser.value("title").toStdString());
    }
    wish.past.statements =
        parser.isSet("no-statements") ? record::Statements::LeftOut : record::Statements::WithoutLiterals;
    return wish;
}

// Until the time is over or somebody has enough.
void waitFor(std::chrono::milliseconds span, UnixSignals& signals, bool& enough)
{
    QEventLoop loop;
    QTimer::singleShot(span, &loop, &QEventLoop::quit);
    const auto ended = QObject::connect(&signals, &UnixSignals::terminateRequested, &loop, [&] {
        enough = true;
        loop.quit();
    });
    loop.exec();
    QObject::disconnect(ended);
}

std::int64_t nowMillis()
{
    return core::epochMillis(core::SystemClock::instance().wallNow());
}

// With how far it is, until somebody has enough: then nothing is left.
core::Result<void> written(record::PastRequest past,
                           const std::function<core::Result<void>(const record::PastRequest&)>& write)
{
    ProgressLine line("recording");
    past.progress = [&line](double share) { line.progress(share); };
    past.stop = line.stop();
    return write(past);
}

// What the Poolscope that runs here sees.
core::Result<void> recordRunning(Wish& wish)
{
    UnixSignals signals;
    bool enough = false;
    wish.past.from = nowMillis();
    const std::int64_t end = wish.past.from + std::chrono::duration_cast<core::Millis>(wish.duration).count();
    record::Follower follower(wish.past.kept.box);
    while (!enough && nowMillis() < end) {
        waitFor(std::min<core::Millis>(kFollow, core::Millis(end - nowMillis())), signals, enough);
        follower.follow();
    }
    wish.past.to = std::min(nowMillis(), end);
    const std::int64_t latest = nowMillis() + core::Millis(kSettle).count();
    bool hurry = false;
    while (!hurry && nowMillis() < latest && record::newestSample(wish.past.kept.history) <= wish.past.to) {
        waitFor(kSettleLook, signals, hurry);
    }
    return written(wish.past, [&follower](const record::PastRequest& past) { return follower.record(past); });
}

// A run of its own.
core::Result<void> recordOwn(Wish& wish)
{
    UnixSignals signals;
    wish.options.config.listen.reset();
    engine::Engine core(wish.options.config, {});
    if (auto started = core.start(); !started) {
        return started;
    }
    bool enough = false;
    while (!enough && !core.latest()) {
        waitFor(kFirstTick, signals, enough);
    }
    static_cast<void>(core.startRecording()); // the black box keeps all frames from here on
    wish.past.from = nowMillis();
    waitFor(std::chrono::ceil<core::Millis>(wish.duration), signals, enough);
    wish.past.to = nowMillis();
    waitFor(core::Millis(kSettleMillis), signals, enough);
    core.stop(); // the history is whole now
    return written(wish.past, record::recordPast);
}

} // namespace

int runRecord(const QStringList& arguments)
{
    auto wish = parse(arguments);
    if (!wish) {
        return cannot(QString::fromStdString(wish.error().message));
    }
    if (!wish->help.isEmpty()) {
        return printed(wish->help);
    }
    const auto application = makeCommandApplication();
    const bool past = wish->past.from != 0;
    const auto outcome = past ? written(wish->past, record::recordPast)
                         : record::isRunning(wish->past.kept.history) ? recordRunning(*wish)
                                                                      : recordOwn(*wish);
    return outcome ? printed(QStringLiteral("%1\n").arg(QString::fromStdString(wish->past.file.string())))
                   : cannot(QString::fromStdString(outcome.error().message));
}

} // namespace app
