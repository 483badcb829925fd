// engine_victim FOLDER URL: the whole program without a face, with the rules in FOLDER/rules.yml over the
// presence of FOLDER/watched.log (log_file_up) and one webhook at URL, until somebody kills it. Obeys lines
// on its standard input: "ack", "snooze", "silence", "unsilence"; says "done" or why not. "said": what holds.
#include "monitor/engine/engine.h"

#include <spdlog/spdlog.h>

#include <QCoreApplication>

#include <cstdio>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

engine::Config configOf(const std::filesystem::path& folder, const std::string& url)
{
    engine::Config config;
    config.embedded = false;
    config.server.set("host", folder.string()); // no server there
    config.server.set("dbname", "nowhere");
    config.dataDir = folder / "data";
    config.defaultRules = folder / "rules.yml";
    config.listen.reset();
    config.history.on = false;
    config.interval = 100ms;
    config.logs = {{"watched", folder / "watched.log"}};
    metrics::ChannelSetup channel;
    channel.name = "ops";
    channel.kind = "webhook";
    channel.groupBy = {"..."};
    channel.groupWait = 0s;
    channel.groupInterval = 1s;
    channel.perMinute = 600;
    channel.settings["url"] = {url};
    config.notify.channels = {channel};
    return config;
}

// The alert "Now"; one that does not fire while there is none.
metrics::AlertRow nowOf(const engine::Engine& engine)
{
    const metrics::SnapshotPtr snapshot = engine.latest(); // null before the first tick
    for (const metrics::AlertRow& row : snapshot ? snapshot->alerts : std::vector<metrics::AlertRow>()) {
        if (row.name == "Now") {
            return row;
        }
    }
    return {};
}

std::string obey(engine::Engine& engine, const std::string& command)
{
    if (command == "ack") {
        for (const metrics::AlertRow& row : engine.latest()->alerts) {
            if (row.state == metrics::AlertState::Firing) {
                const auto done = engine.acknowledge(row.incidentId, "ann", "seen");
                return done ? "done" : done.error().message;
            }
        }
        return "nothing fires";
    }
    if (command == "snooze") {
        const auto done = engine.snooze(nowOf(engine).incidentId, 1h);
        return done ? "done" : done.error().message;
    }
    if (command == "said") { // of "Now"
        const metrics::AlertRow row = nowOf(engine);
        return row.state != metrics::AlertState::Firing
                   ? "nothing fires"
                   : "by=" + row.ackedBy + " snoozed=" + std::to_string(int(row.snoozedUntil != core::WallTime{})) +
                         " silences=" + std::to_string(row.silencedBy.size());
    }
    if (command == "silence") {
        metrics::SilenceRow silence;
        silence.matchers = {{"alertname", "Now", false, true}};
        silence.startsAt = core::SystemClock::instance().wallNow();
        silence.endsAt = silence.startsAt + 1h;
        silence.createdBy = "ann";
        silence.comment = "quiet";
        const auto done = engine.silence(silence);
        return done ? "done" : done.error().message;
    }
    for (const metrics::SilenceRow& silence : engine.silences()) {
        const auto done = engine.expireSilence(silence.id);
        return done ? "done" : done.error().message;
    }
    return "no silence";
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 3) {
        return 2;
    }
    spdlog::set_level(spdlog::level::off); // the output is for answers
    engine::Engine engine(configOf(argv[1], argv[2]), [] { return engine::LogFigures{}; });
    if (const auto started = engine.start(); !started) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
        return 1;
    }
    for (std::string command; std::getline(std::cin, command);) {
        std::puts(obey(engine, command).c_str());
        std::fflush(stdout);
    }
    return 0;
}
