#include "app/commands/targets_command.h"

#include "app/commands/command.h"
#include "monitor/targets/file_sd.h"
#include "monitor/targets/scrape.h"
#include "monitor/targets/target_file.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace app {

namespace {

using targets::Figure;
using targets::Scrape;
using targets::TargetSpec;

constexpr const char* kHelp =
    "Usage: poolscope targets check FILE|URL…\n"
    "Asks each target once and says what it found: which source it is, its pools and their figures; what a\n"
    "source does not tell is \"?\". A FILE is a configuration file with targets:, a list of targets, or a "
    "file of\n"
    "Prometheus' file discovery (*.json). Ends with 0 when all answer with metrics, 1 when one does not, 2 "
    "when a\n"
    "FILE or URL is wrong.\n";

constexpr std::size_t kAtOnce = 16;

core::Result<std::vector<TargetSpec>> specsOf(const QString& argument)
{
    if (argument.contains(QStringLiteral("://")) || !QFileInfo::exists(argument)) {
        TargetSpec spec;
        spec.url = targets::completedUrl(argument.toStdString());
        auto sound = targets::soundSpec(std::move(spec));
        if (!sound) {
            return core::fail(argument.toStdString() + ": " + sound.error().message);
        }
        return std::vector<TargetSpec>{std::move(*sound)};
    }
    QFile file(argument);
    if (!file.open(QFile::ReadOnly)) {
        return core::fail(argument.toStdString() + ": cannot be read");
    }
    const std::string text = file.readAll().toStdString();
    if (argument.endsWith(QStringLiteral(".json"))) {
        return targets::parseFileSd(text, argument.toStdString());
    }
    return targets::parseTargets(text, argument.toStdString());
}

// A few at once: one that hangs keeps only its own place.
std::vector<Scrape> askAll(const std::vector<TargetSpec>& specs)
{
    const targets::MappingCatalog catalog = targets::loadMappings({});
    std::vector<Scrape> scrapes(specs.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(kAtOnce, specs.size()); ++i) {
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < specs.size(); at = next++) {
                scrapes[at] = targets::scrapeOnce(specs[at], catalog.mappings);
            }
        });
    }
    threads.clear();
    return scrapes;
}

std::string figureText(const targets::PoolFigures& pool, const char* name, Figure figure)
{
    return std::isnan(pool[figure]) ? fmt::format("{} ?", name) : fmt::format("{} {:g}", name, pool[figure]);
}

std::string meanText(const targets::PoolFigures& pool, const char* name, Figure sum, Figure count)
{
    const double mean = pool[sum] / pool[count];
    return std::isfinite(mean) ? fmt::format("{} {:.3g} s", name, mean) : fmt::format("{} ?", name);
}

std::string told(const TargetSpec& spec, const Scrape& scrape)
{
    if (!scrape.error.empty()) {
        return fmt::format("{}  {}\n  FAILED: {}\n", spec.name, spec.url, scrape.error);
    }
    std::string text =
        fmt::format("{}  {}\n  {} series, {} pools, {:.0f} ms\n", spec.name, spec.url, scrape.samples.size(),
                    scrape.pools.size(), core::seconds(scrape.took) * 1000);
    if (!scrape.note.empty()) {
        text += fmt::format("  note: {}\n", scrape.note);
    }
    if (scrape.pools.empty()) {
        text += "  no pool is known here; its metrics can be asked for all the same\n";
    }
    for (const targets::ScrapedPool& pool : scrape.pools) {
        const targets::PoolFigures& f = pool.figures;
        text += fmt::format(
            "  {}{}{}: {}, {}, {}, {}, {}, {}, {}, {}, {}\n", pool.source, f.pool.empty() ? "" : " ", f.pool,
            figureText(f, "open", Figure::Size), figureText(f, "in use", Figure::InUse),
            figureText(f, "idle", Figure::Idle), figureText(f, "waiting", Figure::Waiting),
            figureText(f, "most", Figure::Max), meanText(f, "wait", Figure::WaitSeconds, Figure::Waits),
            meanText(f, "use", Figure::UseSeconds, Figure::Uses), figureText(f, "timeouts", Figure::Timeouts),
            figureText(f, "errors", Figure::Errors));
    }
    return text;
}

} // namespace

int runTargets(const QStringList& arguments)
{
    if (arguments.value(0) == QStringLiteral("--help") || arguments.value(0) == QStringLiteral("-h")) {
        return printed(QString::fromUtf8(kHelp));
    }
    if (arguments.size() < 2 || arguments.front() != QStringLiteral("check")) {
        return cannot(QStringLiteral("targets check FILE|URL… is expected; see poolscope targets --help"));
    }
    std::vector<TargetSpec> all;
    for (const QString& argument : arguments.mid(1)) {
        auto specs = specsOf(argument);
        if (!specs) {
            return cannot(QString::fromStdString(specs.error().message));
        }
        all.insert(all.end(), specs->begin(), specs->end());
    }
    const std::vector<Scrape> scrapes = askAll(all);
    QString text;
    bool finding = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
        text += QString::fromStdString(told(all[i], scrapes[i]));
        finding = finding || !scrapes[i].error.empty();
    }
    const int shown = printed(text);
    return shown != kWell ? shown : finding ? kFinding : kWell;
}

} // namespace app
