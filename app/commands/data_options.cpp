#include "app/commands/data_options.h"

#include "app/options.h"

namespace app {

void addDataOptions(QCommandLineParser& parser)
{
    parser.addOptions({
        {"data-dir", "The data folder.", "FOLDER"},
        {"config", "The settings in YAML of the Poolscope that is meant: where its data folder and history are.",
         "FILE"},
    });
}

std::filesystem::path historyOf(const engine::Config& config)
{
    return config.history.file.empty() ? config.dataDir / "history.db" : config.history.file;
}

core::Result<std::filesystem::path> historyOf(const QCommandLineParser& parser)
{
    engine::Config config;
    config.dataDir = defaultDataDir();
    if (parser.isSet("config")) {
        if (auto read = engine::readConfigFile(parser.value("config").toStdString(), config); !read) {
            return core::Unexpected{read.error()};
        }
    }
    if (parser.isSet("data-dir")) {
        config.dataDir = parser.value("data-dir").toStdString();
    }
    return historyOf(config);
}

} // namespace app
