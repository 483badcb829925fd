#include "app/logging.h"

#include "monitor/core/format.h"

#include <QString>
#include <QtGlobal>

#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace app {

namespace {

constexpr std::size_t kFileBytes = 10 * 1024 * 1024;
constexpr std::size_t kFilesKept = 5;

metrics::LogLevel levelOf(spdlog::level::level_enum level)
{
    switch (level) {
    case spdlog::level::trace:
        return metrics::LogLevel::Trace;
    case spdlog::level::debug:
        return metrics::LogLevel::Debug;
    case spdlog::level::info:
        return metrics::LogLevel::Info;
    case spdlog::level::warn:
        return metrics::LogLevel::Warning;
    case spdlog::level::err:
        return metrics::LogLevel::Error;
    case spdlog::level::critical:
    case spdlog::level::off:
    case spdlog::level::n_levels:
        break;
    }
    return metrics::LogLevel::Critical;
}

// Python's names, which the contract's lines carry.
std::string_view levelName(spdlog::level::level_enum level)
{
    static constexpr std::array<std::string_view, 6> kNames{"TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    return kNames[static_cast<std::size_t>(levelOf(level))];
}

core::WallTime wallTime(const spdlog::details::log_msg& message)
{
    return std::chrono::floor<std::chrono::microseconds>(message.time);
}

std::string textOf(const spdlog::details::log_msg& message)
{
    return {message.payload.data(), message.payload.size()};
}

class LevelFlag final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override
    {
        const std::string_view name = levelName(message.level);
        out.append(name.data(), name.data() + name.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override
    {
        return std::make_unique<LevelFlag>();
    }
};

// One JSON object a line, for ELK and its like: the names of the Elastic Common Schema, of which @timestamp, log.level,
// message and ecs.version are the ones every line must have (https://github.com/elastic/ecs-logging).
class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override
    {
        const nlohmann::ordered_json object{{"@timestamp", core::isoUtc(wallTime(message))},
                                            {"log.level", levelName(message.level)},
                                            {"message", core::validUtf8(textOf(message))},
                                            {"ecs.version", "1.6.0"},
                                            {"log.logger", core::validUtf8({message.logger_name.data(), message.logger_name.size()})},
                                            {"service.name", "poolscope"},
                                            {"process.pid", getpid()},
                                            {"process.thread.id", message.thread_id}};
        const std::string line = object.dump() + '\n';
        out.append(line.data(), line.data() + line.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

std::unique_ptr<spdlog::formatter> makeFormatter(LogFormat format)
{
    if (format == LogFormat::Json) {
        return std::make_unique<JsonFormatter>();
    }
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelFlag>('*').set_pattern("%Y-%m-%d %H:%M:%S,%e - %n - %* - %v");
    return formatter;
}

class TapSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit TapSink(std::shared_ptr<LogTap> tap) : m_tap(std::move(tap)) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        const metrics::LogLevel level = levelOf(message.level);
        m_tap->byLevel[static_cast<std::size_t>(level)].fetch_add(1, std::memory_order_relaxed);
        const bool window = m_tap->windowOpen.load(std::memory_order_relaxed);
        const bool watched = m_tap->isWatched.load(std::memory_order_relaxed);
        if (!window && !watched) {
            return;
        }
        metrics::LogEntry entry{wallTime(message), level,
                                std::string(message.logger_name.data(), message.logger_name.size()),
                                core::validUtf8(textOf(message))};
        if (watched) {
            m_tap->watched.push(entry);
        }
        if (window) {
            m_tap->lines.push(std::move(entry));
        }
    }
    void flush_() override {}

private:
    const std::shared_ptr<LogTap> m_tap;
};

void qtMessage(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    const std::string line = core::oneLine(text.toStdString(), 500);
    const auto logger = spdlog::get("poolscope.qt");
    if (!logger) {
        return;
    }
    switch (type) {
    case QtDebugMsg:
        logger->debug("{}", line);
        break;
    case QtInfoMsg:
        logger->info("{}", line);
        break;
    case QtWarningMsg:
        logger->warn("{}", line);
        break;
    case QtCriticalMsg:
    case QtFatalMsg:
        logger->error("{}", line);
        logger->flush();
        break;
    }
}

constexpr std::array kLoggers{"poolscope.app",     "poolscope.pool", "poolscope.pg",   "poolscope.collect",
                              "poolscope.alert",   "poolscope.load", "poolscope.net",  "poolscope.engine",
                              "poolscope.export",  "poolscope.qt",   "poolscope.respond"};

} // namespace

core::Result<std::shared_ptr<LogTap>> startLogging(const LogOptions& options)
{
    auto tap = std::make_shared<LogTap>();
    auto tapSink = std::make_shared<TapSink>(tap);
    std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>(), tapSink};
    if (!options.file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file.string(), kFileBytes,
                                                                                   kFilesKept));
        } catch (const spdlog::spdlog_ex& error) {
            return core::fail("the log file cannot be written: " + core::oneLine(error.what(), 300));
        }
    }
    for (const spdlog::sink_ptr& sink : sinks) {
        sink->set_formatter(makeFormatter(options.format));
    }
    const auto level = static_cast<spdlog::level::level_enum>(options.level);
    const auto install = [&](const char* name) {
        auto logger = std::make_shared<spdlog::logger>(name, sinks.begin(), sinks.end());
        logger->set_level(level);
        logger->flush_on(spdlog::level::info);
        return logger;
    };
    spdlog::set_default_logger(install("poolscope"));
    for (const char* name : kLoggers) {
        spdlog::register_logger(install(name));
    }
    // A full disk must not stop the program nor flood the terminal.
    spdlog::set_error_handler([](const std::string&) {});
    qInstallMessageHandler(qtMessage);
    return tap;
}

engine::LogFigures logFigures(const LogTap& tap)
{
    const auto lines = [&](metrics::LogLevel level) {
        return tap.byLevel[static_cast<std::size_t>(level)].load(std::memory_order_relaxed);
    };
    return {lines(metrics::LogLevel::Error) + lines(metrics::LogLevel::Critical), tap.lines.dropped()};
}

void watchLog(engine::Engine& core, const std::shared_ptr<LogTap>& tap)
{
    tap->isWatched = true;
    core.watchOwnLog([tap] { return tap->watched.drain(); });
}

core::Result<metrics::LogLevel> parseLogLevel(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, metrics::LogLevel>, 6> kWords{
        {{"trace", metrics::LogLevel::Trace},
         {"debug", metrics::LogLevel::Debug},
         {"info", metrics::LogLevel::Info},
         {"warning", metrics::LogLevel::Warning},
         {"error", metrics::LogLevel::Error},
         {"critical", metrics::LogLevel::Critical}}};
    for (const auto& [word, level] : kWords) {
        if (text == word) {
            return level;
        }
    }
    return core::fail("the log level is one of trace, debug, info, warning, error, critical");
}

} // namespace app
