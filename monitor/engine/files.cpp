// What the machine writes to disk, always from the file writer's thread or its owner's.
#include "monitor/engine/machine.h"

#include "monitor/engine/pool_knobs.h"
#include "monitor/export/snapshot_csv.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

// The IANA name of the machine's zone (tzfile(5): TZ, else the link of /etc/localtime); empty when neither says.
std::string zoneName()
{
    if (const char* zone = std::getenv("TZ"); zone && *zone) {
        return zone;
    }
    std::error_code error;
    const std::string target = std::filesystem::read_symlink("/etc/localtime", error).string();
    const std::size_t at = target.find("zoneinfo/");
    return at == std::string::npos ? std::string() : target.substr(at + 9);
}

} // namespace

core::Result<void> Machine::writeCsv(const std::filesystem::path& file, const exporting::ExportWatch& watch) const
{
    exporting::Meta meta;
    meta.zone = zoneName();
    const pool::PoolConfig config = m_pool->config();
    for (const PoolKnob& knob : poolKnobs()) {
        meta.settings.emplace(knob.name, fmt::format("{:g}", knob.get(config)));
    }
    meta.settings.emplace("interval", fmt::format("{:g}", core::seconds(m_sampler->interval())));
    return exporting::writeSnapshotCsv(file, history(), meta, watch);
}

void Machine::appendCsv(const metrics::SnapshotPtr& snapshot)
{
    if (!m_appender) {
        return;
    }
    (void)m_files->post([this, snapshot] {
        const auto appended = m_appender->append(*snapshot);
        if (appended) {
            m_banners.clear("csv");
        } else {
            m_banners.raise({"csv", false, {}, appended.error().message, "", core::Nanos(0)});
        }
    });
}

} // namespace engine
