#include "app/options.h"

#include <QCommandLineParser>
#include <QLocale>

#include <cstdlib>
#include <functional>
#include <map>
#include <utility>

#include <unistd.h>

namespace app {

namespace {

using core::Result;

struct OptionRow {
    const char* name;
    const char* value; // nullptr: a switch
    const char* help;
};

constexpr OptionRow kOptions[] = {
    {"headless", nullptr, "No window: serve, watch, log."},
    {"embedded", nullptr, "Use a private PostgreSQL in the data folder (the default)."},
    {"dsn", "DSN", "Use this server: \"host=… dbname=… user=…\" or a postgresql:// URI, never with a password."},
    {"service", "NAME", "Use this entry of the connection service file."},
    {"listen", "HOST:PORT", "Where the HTTP endpoint listens (127.0.0.1:8000)."},
    {"no-http", nullptr, "No HTTP endpoint."},
    {"no-history", nullptr, "Nothing is remembered on disk: the last two hours only, in memory."},
    {"token-file", "FILE", "The token that POST and DELETE need (data folder/token)."},
    {"config", "FILE", "Settings in YAML; see --print-config."},
    {"rules", "FILE", "Further alert rules; may be given several times."},
    {"interval", "SPAN", "Time between two samples, 0.1s to 60s (1s)."},
    {"data-dir", "FOLDER", "Where the private PostgreSQL, the token and settings are kept."},
    {"lang", "LANG", "en or zh_CN (default: the system's)."},
    {"log-file", "FILE", "Log into this file too; rotated at 10 MiB, five are kept."},
    {"log-format", "FORMAT", "text or json."},
    {"log-level", "LEVEL", "trace, debug, info, warning, error or critical (info)."},
    {"scenario", "NAME[:key=value,…]", "Start this load scenario; may be given several times."},
    {"csv", "FILE", "Write a CSV snapshot after --duration; headless without it: append a row each sample."},
    {"duration", "SPAN", "End after this time."},
    {"list-metrics", nullptr, "Print every metric with type, unit and meaning, and end."},
    {"list-scenarios", nullptr, "Print every load scenario with its parameters and alerts, and end."},
    {"markdown", nullptr, "With one of the lists: as a Markdown table, as in the README."},
    {"screenshots", "FOLDER", "Render every panel, both themes and languages, from a real run, and end."},
    {"panels", "LIST", "With --screenshots: only these (overview,targets), at all sizes; with --lang in that language."},
    {"print-config", nullptr, "Print the default configuration file, and end."},
};

core::Result<void> applyServer(const QCommandLineParser& parser, engine::Config& config)
{
    const int given = int(parser.isSet("dsn")) + int(parser.isSet("service")) + int(parser.isSet("embedded"));
    if (given > 1) {
        return core::fail("--dsn, --service and --embedded exclude each other");
    }
    if (parser.isSet("embedded")) {
        config.embedded = true;
    }
    if (parser.isSet("service")) {
        config.server = pg::ConnInfo::forService(parser.value("service").toStdString());
        config.embedded = false;
    }
    if (parser.isSet("dsn")) {
        auto parsed = pg::ConnInfo::parse(parser.value("dsn").toStdString());
        if (!parsed) {
            return core::fail("--dsn: " + parsed.error().message);
        }
        config.server = std::move(*parsed);
        config.embedded = false;
    }
    return {};
}

core::Result<void> applySpans(const QCommandLineParser& parser, engine::Config& config)
{
    if (parser.isSet("interval")) {
        const auto span = engine::parseSpan(parser.value("interval").toStdString());
        if (!span || *span < std::chrono::milliseconds(100) || *span > std::chrono::seconds(60)) {
            return core::fail("--interval: " + (span ? "it must be between 0.1s and 60s" : span.error().message));
        }
        config.interval = *span;
    }
    if (parser.isSet("duration")) {
        const auto span = engine::parseSpan(parser.value("duration").toStdString());
        if (!span || *span <= core::Nanos(0)) {
            return core::fail("--duration: " + (span ? "it must be more than nothing" : span.error().message));
        }
        config.duration = *span;
    }
    return {};
}

core::Result<void> applyEndpoint(const QCommandLineParser& parser, engine::Config& config)
{
    if (parser.isSet("no-http")) {
        config.listen.reset();
    }
    if (parser.isSet("listen")) {
        auto address = engine::parseListen(parser.value("listen").toStdString());
        if (!address) {
            return core::fail("--listen: " + address.error().message);
        }
        config.listen = std::move(*address);
    }
    if (parser.isSet("token-file")) {
        config.tokenFile = parser.value("token-file").toStdString();
    }
    return {};
}

// Of the configuration file, which was checked when it was read.
void applyLogSettings(const engine::Config& config, LogOptions& log)
{
    log.file = config.logFile;
    log.format = config.logFormat == "json" ? LogFormat::Json : LogFormat::Text;
    if (const auto level = parseLogLevel(config.logLevel)) {
        log.level = *level;
    }
}

core::Result<void> applyLog(const QCommandLineParser& parser, LogOptions& log)
{
    if (parser.isSet("log-file")) {
        log.file = parser.value("log-file").toStdString();
    }
    if (parser.isSet("log-level")) {
        const auto level = parseLogLevel(parser.value("log-level").toStdString());
        if (!level) {
            return core::fail("--log-level: " + level.error().message);
        }
        log.level = *level;
    }
    if (parser.isSet("log-format")) {
        const QString format = parser.value("log-format");
        if (format != "text" && format != "json") {
            return core::fail("--log-format: text or json is expected");
        }
        log.format = format == "json" ? LogFormat::Json : LogFormat::Text;
    }
    return {};
}

core::Result<void> applyLang(const QCommandLineParser& parser, Options& options)
{
    if (parser.isSet("lang")) {
        const QString lang = parser.value("lang");
        if (!lang.startsWith("en") && !lang.startsWith("zh")) {
            return core::fail("--lang: en or zh_CN is expected");
        }
        options.config.lang = core::langFromLocale(lang.toStdString());
        options.langGiven = true;
    }
    return {};
}

// What the file says of these is without effect.
std::set<std::string> givenSettings(const QCommandLineParser& parser)
{
    static constexpr std::pair<const char*, const char*> kNames[] = {
        {"interval", "interval"},     {"lang", "lang"},           {"listen", "listen"},       {"no-http", "listen"},
        {"token-file", "token_file"}, {"data-dir", "data_dir"},   {"csv", "csv"},             {"log-file", "log_file"},
        {"log-format", "log_format"}, {"log-level", "log_level"}, {"no-history", "history"},  {"dsn", "dsn"},
        {"dsn", "service"},           {"service", "dsn"},         {"service", "service"},     {"embedded", "dsn"},
        {"embedded", "service"}};
    std::set<std::string> given;
    for (const auto& [option, setting] : kNames) {
        if (parser.isSet(option)) {
            given.insert(setting);
        }
    }
    return given;
}

core::Result<void> applyAll(const QCommandLineParser& parser, Options& options)
{
    engine::Config& config = options.config;
    if (parser.isSet("config")) {
        if (auto read = engine::readConfigFile(parser.value("config").toStdString(), config); !read) {
            return read;
        }
        applyLogSettings(config, options.log);
    }
    for (const auto& step :
         {applyServer(parser, config), applySpans(parser, config), applyEndpoint(parser, config),
          applyLog(parser, options.log), applyLang(parser, options)}) {
        if (!step) {
            return step;
        }
    }
    for (const QString& file : parser.values("rules")) {
        config.ruleFiles.emplace_back(file.toStdString());
    }
    for (const QString& scenario : parser.values("scenario")) {
        config.scenarios.push_back(scenario.toStdString());
        config.scenarioConsent = true;
    }
    if (parser.isSet("no-history")) {
        config.history.on = false;
    }
    if (parser.isSet("data-dir")) {
        config.dataDir = parser.value("data-dir").toStdString();
    }
    if (parser.isSet("csv")) {
        config.csvFile = parser.value("csv").toStdString();
        config.csvAppend = config.duration == core::Nanos(0);
    }
    options.headless = parser.isSet("headless");
    config.given = givenSettings(parser);
    return {};
}

Action actionOf(const QCommandLineParser& parser)
{
    const std::pair<const char*, Action> actions[] = {{"help", Action::Help},
                                                      {"version", Action::Version},
                                                      {"print-config", Action::PrintConfig},
                                                      {"list-metrics", Action::ListMetrics},
                                                      {"list-scenarios", Action::ListScenarios},
                                                      {"screenshots", Action::Screenshots}};
    for (const auto& [name, action] : actions) {
        if (parser.isSet(name)) {
            return action;
        }
    }
    return Action::Run;
}

} // namespace

Result<Options> parseOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        "Poolscope owns, watches and explains a PostgreSQL connection pool.\n"
        "Commands: advice [--url URL] [--last SPAN] says what other sizes of its pool would have done;\n"
        "          query EXPR [--url URL] [--format table|csv|json] [--last SPAN] asks a running one in PromQL;\n"
        "          export --from TIME --to TIME [-o FILE] writes a range as CSV, JSON or JSON Lines;\n"
        "          report --from TIME --to TIME --html FILE [--pdf FILE] tells what happened in a range;\n"
        "          check [-w PERCENT] [-c PERCENT] looks once, as a monitoring plugin;\n"
        "          record [--last SPAN | --from TIME | --duration SPAN] FILE writes a recording, replay FILE plays it;\n"
        "          rules check FILE... judges rule files, rules test FILE... runs their tests, rules import FILE... takes them;\n"
        "          targets check FILE|URL... says what other people's pools answer.");
    parser.addOption({{"h", "help"}, "Show this help, and end."});
    parser.addOption({{"v", "version"}, "Show the version, and end."});
    for (const OptionRow& row : kOptions) {
        parser.addOption(row.value ? QCommandLineOption(row.name, row.help, row.value)
                                   : QCommandLineOption(row.name, row.help));
    }
    if (!parser.parse(arguments)) {
        return core::fail(parser.errorText().toStdString());
    }
    if (!parser.positionalArguments().isEmpty()) {
        return core::fail("unknown argument \"" + parser.positionalArguments().constFirst().toStdString()
                          + "\"; --help lists what there is");
    }
    Options options;
    options.action = actionOf(parser);
    options.helpText = parser.helpText().replace(QLatin1String("<executable_name>"), QLatin1String("poolscope")).toStdString();
    options.config.lang = core::langFromLocale(QLocale::system().name().toStdString());
    options.config.dataDir = defaultDataDir();
    options.config.defaultRules = resourceFile("rules/default.yml");
    if (auto applied = applyAll(parser, options); !applied) {
        return core::Unexpected<core::Error>{applied.error()};
    }
    options.markdown = parser.isSet("markdown");
    options.screenshots = parser.value("screenshots").toStdString();
    options.panels = parser.value("panels").split(',', Qt::SkipEmptyParts);
    return options;
}

std::filesystem::path defaultDataDir()
{
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data == '/') {
        return std::filesystem::path(data) / "poolscope";
    }
    if (const char* home = std::getenv("HOME"); home && *home == '/') {
        return std::filesystem::path(home) / ".local/share/poolscope";
    }
    return geteuid() == 0 ? std::filesystem::path("/var/lib/poolscope")
                          : std::filesystem::temp_directory_path() / ("poolscope-" + std::to_string(geteuid()));
}

std::filesystem::path resourceFile(const std::string& relative)
{
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::filesystem::path installed = self.parent_path().parent_path() / "share/poolscope" / relative;
    if (!error && std::filesystem::exists(installed, error)) {
        return installed;
    }
    return std::filesystem::path(POOLSCOPE_RESOURCES) / relative;
}

} // namespace app
