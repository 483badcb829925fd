// The section "logs": files to be watched.
#include "monitor/engine/config_sections.h"
#include "monitor/engine/config_values.h"

#include "monitor/collect/logs/log_watch.h"

#include <algorithm>

namespace engine {

namespace {

using collect::LogSpec;

template <class Member>
std::function<void(const YAML::Node&, LogSpec&)> text(Member LogSpec::*member)
{
    return [member](const YAML::Node& node, LogSpec& spec) { spec.*member = textOf(node); };
}

const Setters<LogSpec>& setters()
{
    static const Setters<LogSpec> table{
        {"name", text(&LogSpec::name)},
        {"path", text(&LogSpec::path)},
        {"encoding", text(&LogSpec::encoding)},
        {"errors", text(&LogSpec::errors)},
        {"session_key", text(&LogSpec::sessionKey)},
        {"session_created", text(&LogSpec::sessionCreated)},
        {"session_closed", text(&LogSpec::sessionClosed)},
        {"session_failed", text(&LogSpec::sessionFailed)},
        {"leak_after", [](const YAML::Node& node, LogSpec& spec) { spec.leakAfter = spanOf(node); }},
    };
    return table;
}

constexpr std::size_t kMostLogs = 100;

} // namespace

void readLogs(const YAML::Node& node, Config& config)
{
    if (!node.IsSequence()) {
        throw BadValue{node.Mark(), "logs: a list of files is expected"};
    }
    config.logs.clear();
    for (const YAML::Node& item : node) {
        LogSpec spec;
        readInto(item, "logs", setters(), spec);
        if (const auto sound = collect::problemOf(spec); !sound) {
            throw BadValue{item.Mark(), "logs: " + sound.error().message};
        }
        const bool taken = spec.name == collect::kOwnLog ||
                           std::any_of(config.logs.begin(), config.logs.end(),
                                       [&](const LogSpec& other) { return other.name == spec.name; });
        if (taken || config.logs.size() >= kMostLogs) {
            throw BadValue{item.Mark(), taken ? "logs: the name \"" + spec.name + "\" is taken"
                                              : std::string("logs: more than 100 files")};
        }
        config.logs.push_back(std::move(spec));
    }
}

std::string logsConfigText()
{
    return R"yaml(
# Log files to be watched: errors a minute, and sessions created without being closed. The program's own log is watched
# as "poolscope" without being named here. Regular expressions are RE2's.
#logs:
#  - name: app                 # the label "file" of its metrics
#    path: /var/log/app/app.log
#    encoding: auto            # by byte-order mark, else UTF-8; or ISO-8859-1, GBK, UTF-16LE …
#    errors: ' - ERROR - '     # default: the level the line gives itself, text or JSON
#    session_created: Creating new database session
#    session_closed: Closing database session
#    session_failed: Database session error
#    session_key: 'session=(\w+)'  # default: session_id=…, thread=…, [Thread-1], or the fields of JSON
#    leak_after: 60s           # a session not closed by then is suspected
)yaml";
}

} // namespace engine
