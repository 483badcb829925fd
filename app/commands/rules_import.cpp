#include "app/commands/rules_import.h"

#include "app/commands/command.h"
#include "app/options.h"
#include "monitor/alert/alertmanager_config.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/core/format.h"
#include "monitor/engine/config.h"
#include "monitor/engine/rule_import.h"
#include "monitor/notify/offline_channels.h"
#include "monitor/notify/setup_file.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"

#include <QFile>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace app {

namespace {

using engine::Existing;
using engine::Import;

constexpr qint64 kLargest = 16 << 20; // bytes of a file

struct Wish {
    QStringList files;
    engine::Config config;
    Existing existing = Existing::IsKept;
    Import how = Import::Done;
};

// What became of one file.
struct Told {
    int code = kWell;
    QString text;

    void say(const std::string& line) { text += QStringLiteral("  %1\n").arg(QString::fromStdString(line)); }
    void find(const std::string& line, int worse = kFinding)
    {
        say(line);
        code = std::max(code, worse);
    }
};

// nullopt: said on stderr why not.
std::optional<Wish> wishOf(const QStringList& arguments)
{
    Wish wish;
    wish.config.dataDir = defaultDataDir();
    wish.config.defaultRules = resourceFile("rules/default.yml");
    QString dataDir;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& word = arguments[i];
        const bool takesValue = word == QStringLiteral("--data-dir") || word == QStringLiteral("--config");
        if (takesValue && i + 1 == arguments.size()) {
            cannot(QStringLiteral("%1 needs a value").arg(word));
            return std::nullopt;
        }
        if (word == QStringLiteral("--data-dir")) {
            dataDir = arguments[++i];
        } else if (word == QStringLiteral("--config")) {
            if (const auto read = engine::readConfigFile(arguments[++i].toStdString(), wish.config); !read) {
                cannot(QString::fromStdString(read.error().message));
                return std::nullopt;
            }
        } else if (word == QStringLiteral("--dry-run")) {
            wish.how = Import::Rehearsed;
        } else if (word == QStringLiteral("--force")) {
            wish.existing = Existing::IsReplaced;
        } else if (word.startsWith(u'-')) {
            cannot(QStringLiteral("unknown option \"%1\"; poolscope rules --help tells more").arg(word));
            return std::nullopt;
        } else {
            wish.files << word;
        }
    }
    if (!dataDir.isEmpty()) {
        wish.config.dataDir = dataDir.toStdString();
    }
    if (wish.files.isEmpty()) {
        cannot(QStringLiteral(
            "poolscope rules import FILE… [--data-dir D] [--config F] [--dry-run] [--force] is expected"));
        return std::nullopt;
    }
    return wish;
}

// The rules in use over that data folder, and the way to change them; nothing of it is evaluated.
struct RuleRoom {
    explicit RuleRoom(const engine::Config& config)
        : rules(head, querier, options(config))
        , desk(engine::userRuleFile(config.dataDir), rules, [&config] {
            return engine::ruleFilesOf(config.dataDir, config.defaultRules, config.ruleFiles);
        })
    {
    }

    static alert::RuleEngineOptions options(const engine::Config& config)
    {
        alert::RuleEngineOptions made;
        made.userRules = engine::userRuleFile(config.dataDir).string();
        made.logging = alert::RuleEngineOptions::Logging::Off;
        return made;
    }

    series::Head head;
    promql::Querier querier{head};
    alert::RuleEngine rules;
    engine::RuleDesk desk;
};

Told takeRules(const Wish& wish, const QString& path)
{
    Told told;
    const auto taken = engine::takeRuleFile(path.toStdString(), wish.config.dataDir, wish.existing, wish.how);
    if (!taken) {
        const bool disk = taken.error().code != "rules" && taken.error().code != "exists";
        told.find("FAILED: " + taken.error().message +
                      (taken.error().code == "exists" ? "; --force replaces it" : ""),
                  disk ? kCannot : kFinding);
        return told;
    }
    told.say("SUCCESS: " + std::to_string(taken->rules) + " rules found");
    told.say((wish.how == Import::Done ? "imported as " : "would be imported as ") + taken->file.string());
    return told;
}

// Channels of the configuration file and of the folder: by whose names nothing new may go.
core::Result<void> freeName(const Wish& wish, const std::string& name)
{
    const auto& fixed = wish.config.notify.channels;
    if (std::ranges::find(fixed, name, &metrics::ChannelSetup::name) != fixed.end()) {
        return core::fail("the configuration file has a channel of that name");
    }
    const auto own = notify::readSetupFile(wish.config.dataDir / "notify.yml");
    if (!own) {
        return core::Unexpected{own.error()};
    }
    const bool known = std::ranges::find(*own, name, &metrics::ChannelSetup::name) != own->end();
    if (known && wish.existing == Existing::IsKept) {
        return core::fail("there is a channel of that name already; --force replaces it");
    }
    return {};
}

Told takeConfig(const Wish& wish, const std::string& text)
{
    Told told;
    auto ring = wish.config.notify.useKeyRing ? notify::sessionKeyRing(wish.config.dataDir.string())
                                              : std::shared_ptr<notify::KeyRing>();
    std::unique_ptr<notify::OfflineChannels> channels;
    if (wish.how == Import::Done) {
        auto opened = notify::OfflineChannels::open(wish.config.dataDir, std::move(ring));
        if (!opened) {
            told.find("FAILED: " + opened.error().message + "; import in its window, or stop it first",
                      kCannot);
            return told;
        }
        channels = std::move(*opened);
    }
    RuleRoom room(wish.config);
    const auto paths =
        engine::ruleFilesOf(wish.config.dataDir, wish.config.defaultRules, wish.config.ruleFiles);
    if (const auto loaded = room.rules.load(paths); !loaded) {
        told.find("FAILED: " + loaded.error().text(), kCannot);
        return told;
    }
    const auto keepChannel = [&](alert::AlertmanagerConfig::Channel channel) -> core::Result<void> {
        const auto name = freeName(wish, channel.setup.name);
        return !name || !channels ? name
                                  : channels->put(std::move(channel.setup), std::move(channel.secrets));
    };
    const auto edit = [&](metrics::RuleEdit change) -> core::Result<void> {
        if (wish.how == Import::Rehearsed) {
            return {};
        }
        const auto done = room.desk.edit(std::move(change), core::Lang::English);
        return done ? core::Result<void>() : core::Unexpected<core::Error>{done.error()};
    };
    const auto taken = engine::takeConfig(text, {room.rules, keepChannel, edit});
    if (!taken) {
        told.find("FAILED: " + taken.error().message);
        return told;
    }
    const std::string would = wish.how == Import::Done ? "" : "would be ";
    told.say("an Alertmanager's configuration: " + std::to_string(taken->channels.size()) +
             " channels, inhibition of " + std::to_string(taken->rules.size()) + " rules " + would + "taken");
    for (const std::string& name : taken->channels) {
        told.say("channel " + would + "taken: " + core::oneLine(name, 100));
    }
    for (const std::string& name : taken->rules) {
        told.say("inhibition " + would + "taken: " + core::oneLine(name, 100));
    }
    for (const std::string& line : taken->left) {
        told.find("not taken, or different here: " + core::oneLine(line, 400));
    }
    return told;
}

Told take(const Wish& wish, const QString& path)
{
    Told told;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargest) {
        told.find("FAILED: " + path.toStdString() + " cannot be read, or is larger than 16 MiB", kCannot);
        return told;
    }
    const std::string text = file.readAll().toStdString();
    return alert::looksLikeAlertmanagerConfig(text) ? takeConfig(wish, text) : takeRules(wish, path);
}

} // namespace

int runRulesImport(const QStringList& arguments)
{
    const auto wish = wishOf(arguments);
    if (!wish) {
        return kCannot;
    }
    int code = kWell;
    for (const QString& path : wish->files) {
        const Told told = take(*wish, path);
        code = std::max({code, told.code, printed(QStringLiteral("Importing %1\n").arg(path) + told.text)});
    }
    return code;
}

} // namespace app
