#include "app/reload.h"

#include "app/options.h"
#include "monitor/engine/engine.h"

#include <QCoreApplication>

#include <spdlog/spdlog.h>

namespace app {

namespace {

constexpr core::Text kKept{"{}; the old settings stay in force", "{}；原设置保持不变"};

} // namespace

core::Result<engine::Reconfigured> reloadConfiguration(engine::Engine& core)
{
    const auto options = parseOptions(QCoreApplication::arguments());
    if (!options) {
        auto kept = fmt::format(fmt::runtime(kKept.in(core.lang())), options.error().message);
        spdlog::error("{}", kept);
        core.reloadRules();
        return core::fail(std::move(kept));
    }
    return core.reconfigure(options->config);
}

} // namespace app
