#include "monitor/load/catalog.h"

#include "monitor/load/scenario_file.h"
#include "monitor/load/steps/steps.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <system_error>

namespace load {

namespace {

void addScenario(Catalog& catalog, std::string_view yaml, std::string_view file) {
    auto parsed = soundScenario(yaml, file);
    if (!parsed) {
        catalog.problems.push_back(parsed.error().message);
        return;
    }
    const auto same = std::find_if(catalog.scenarios.begin(), catalog.scenarios.end(),
                                   [&](const ScenarioSpec& spec) { return spec.name == parsed->name; });
    if (same == catalog.scenarios.end()) {
        catalog.scenarios.push_back(std::move(parsed).value());
    } else {
        *same = std::move(parsed).value();
    }
}

std::vector<std::filesystem::path> yamlFiles(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".yml") {
            files.push_back(it->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Enough of a file for parseScenario() to see that it is too large.
std::string readFile(const std::filesystem::path& file) {
    constexpr std::size_t kMost = 128 * 1024;
    std::ifstream in(file, std::ios::binary);
    std::string text(kMost, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return text;
}

} // namespace

std::span<const StepDef> allSteps() {
    static const std::vector<StepDef> all{
        {"normal", Reach::Server, {"clients", "rate"}, &steps::runNormal},
        {"slow_query", Reach::Server, {"clients", "query_time", "pause"}, &steps::runSlowQuery},
        {"long_connection", Reach::Server, {"clients", "hold"}, &steps::runLongConnection},
        {"exhaustion", Reach::Server, {"callers", "timeout"}, &steps::runExhaustion},
        {"burst", Reach::Server, {"rate", "work"}, &steps::runBurst},
        {"mixed_priorities",
         Reach::Server,
         {"critical", "normal", "background", "work"},
         &steps::runMixedPriorities},
        {"leak", Reach::Server, {"count", "leak_after"}, &steps::runLeak},
        {"dirty_returns", Reach::Server, {"clients", "pause"}, &steps::runDirtyReturns},
        {"slow_network", Reach::Server, {"clients", "delay", "jitter"}, &steps::runSlowNetwork},
        {"backends_terminated", Reach::Server, {"clients", "interval"}, &steps::runBackendsTerminated},
        {"server_restart", Reach::OwnServer, {"clients", "down"}, &steps::runServerRestart},
        {"cpu_load", Reach::Host, {"load", "cores"}, &steps::runCpuLoad},
    };
    return all;
}

const StepDef* findStep(std::string_view name) noexcept {
    const auto all = allSteps();
    const auto at =
        std::find_if(all.begin(), all.end(), [name](const StepDef& step) { return step.name == name; });
    return at == all.end() ? nullptr : &*at;
}

core::Result<ScenarioSpec> soundScenario(std::string_view yaml, std::string_view file) {
    auto parsed = parseScenario(yaml, file);
    if (!parsed) {
        return parsed;
    }
    const StepDef* step = findStep(parsed->step);
    if (!step) {
        return core::fail(fmt::format("{}: there is no step \"{}\"", file, parsed->step), "scenario_file");
    }
    for (const std::string_view name : step->parameters) {
        if (!findParameter(*parsed, name)) {
            return core::fail(fmt::format("{}: the step {} needs a parameter \"{}\"", file, step->name, name),
                              "scenario_file");
        }
    }
    return parsed;
}

Catalog loadCatalog(std::span<const std::filesystem::path> folders) {
    Catalog catalog;
    for (const BuiltinFile& file : builtinFiles()) {
        addScenario(catalog, file.text, file.name);
    }
    for (const std::filesystem::path& folder : folders) {
        for (const std::filesystem::path& file : yamlFiles(folder)) {
            addScenario(catalog, readFile(file), file.filename().string());
        }
    }
    return catalog;
}

} // namespace load
