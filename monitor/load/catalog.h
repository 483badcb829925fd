// Every step there is, and every scenario that comes with the program.
#pragma once

#include "monitor/core/result.h"
#include "monitor/load/context.h"
#include "monitor/load/scenario_spec.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace load {

enum class Reach {
    Host,      // touches no server
    Server,    // on a server that is not ours: after consent only
    OwnServer, // never on a server that is not ours
};

struct StepDef {
    std::string_view name;
    Reach reach = Reach::Server;
    std::vector<std::string_view> parameters; // those the data must offer, beside "duration"
    core::Result<void> (*run)(Context&) = nullptr;
};

[[nodiscard]] std::span<const StepDef> allSteps();
// nullptr when there is none.
[[nodiscard]] const StepDef* findStep(std::string_view name) noexcept;

// The files of resources/scenarios as they were compiled in, in the order they are shown.
struct BuiltinFile {
    std::string_view name;
    std::string_view text;
};
[[nodiscard]] std::span<const BuiltinFile> builtinFiles() noexcept;

struct Catalog {
    std::vector<ScenarioSpec> scenarios;
    std::vector<std::string> problems; // files that were left out: "name.yml:3: reason"
};
// The built-in scenarios, then *.yml of each folder by name; a scenario of the same name replaces an earlier
// one. A folder that is not there is no problem.
[[nodiscard]] Catalog loadCatalog(std::span<const std::filesystem::path> folders);

// A parsed scenario whose step is known and finds its parameters. Errors as parseScenario().
[[nodiscard]] core::Result<ScenarioSpec> soundScenario(std::string_view yaml, std::string_view file);

} // namespace load
