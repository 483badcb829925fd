// The configuration read again while the program runs.
#include "monitor/engine/machine.h"
#include "monitor/engine/pool_knobs.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

// Settings that change while the program runs, by their names in the file.
constexpr std::string_view kLive[] = {"alertmanager", "dns_sd_configs", "interval",   "lang",  "logs",         "memory_series",
                                      "notify",       "pool",           "prometheus", "rules", "remote_write", "targets"};

constexpr core::Text kChanged{"configuration read again: {} in force now", "配置已重新读取：{} 已生效"};
constexpr core::Text kSame{"configuration read again: nothing changed", "配置已重新读取：没有更改"};
constexpr core::Text kRestart{"configuration: {} changed in the file, needs a restart",
                              "配置：{} 已在文件中更改，需要重启"};
constexpr core::Text kOverruled{"configuration: {} changed in the file, the command line wins",
                                "配置：{} 已在文件中更改，以命令行为准"};

bool isLive(std::string_view name)
{
    return std::find(std::begin(kLive), std::end(kLive), name) != std::end(kLive);
}

using Sections = std::map<std::string, std::string>;

std::set<std::string> differences(const Sections& before, const Sections& after)
{
    std::set<std::string> names;
    const auto compare = [&names](const Sections& one, const Sections& other) {
        for (const auto& [name, text] : one) {
            const auto found = other.find(name);
            if (found == other.end() || found->second != text) {
                names.insert(name);
            }
        }
    };
    compare(before, after);
    compare(after, before);
    return names;
}

} // namespace

Reconfigured Machine::reconfigure(const Config& wanted)
{
    Reconfigured result;
    std::set<std::string> changed;
    {
        const core::MutexLock lock(m_mutex);
        changed = differences(std::exchange(m_sections, wanted.sections), wanted.sections);
        m_ruleFiles = wanted.ruleFiles;
    }
    for (const std::string& name : changed) {
        (wanted.given.contains(name) ? result.overruled
         : isLive(name)              ? result.changed
                                     : result.needsRestart)
            .push_back(name);
    }
    if (changed.contains("interval")) {
        m_sampler->setInterval(wanted.interval);
        m_probe->setInterval(std::max(wanted.interval, core::Nanos(std::chrono::seconds(1))));
    }
    if (changed.contains("pool")) {
        std::map<std::string, double> knobs;
        for (const PoolKnob& knob : poolKnobs()) {
            knobs.emplace(knob.name, knob.get(wanted.pool));
        }
        if (const auto configured = configurePool(knobs); !configured) {
            tell({true, configured.error().message});
        }
    }
    if (changed.contains("logs")) { // a look in progress may wait for a file system
        (void)m_files->post([this, files = wanted.logs] { m_logs->setFiles(files); });
    }
    if (changed.contains("notify")) {
        m_notify->service().setChannels(wanted.notify.channels);
        if (wanted.notify.externalUrl != m_config.notify.externalUrl) {
            result.needsRestart.emplace_back("notify.external_url");
        }
        if (wanted.notify.sound != m_config.notify.sound) {
            result.needsRestart.emplace_back("notify.sound");
        }
    }
    if (changed.contains("targets") || changed.contains("dns_sd_configs")) {
        m_targetDesk->setConfigured(wanted.targets, wanted.targetNames);
    }
    if (changed.contains("memory_series")) {
        m_head.setMaxSeries(wanted.memorySeries);
    }
    if (changed.contains("prometheus") || changed.contains("remote_write")) { // what is pushed says what to look for
        m_sources.setServers(wanted.servers);
        (void)m_files->post([this, spec = wanted.remoteWrite] { m_sources.setRemoteWrite(spec); });
    }
    if (changed.contains("alertmanager")) { // the client before may wait for a key ring
        (void)m_files->post([this, spec = wanted.alertmanager] { m_cluster->watch(spec); });
    }
    if (changed.contains("lang")) {
        setLang(wanted.lang);
    }
    (void)m_files->post([this] { // the old rules stay in force when one of the files is broken
        if (const auto loaded = m_rules->load(rulePaths()); !loaded) {
            tell({true, loaded.error().text()});
        }
    });
    reloadRules();
    spdlog::info("{}", result.changed.empty()
                           ? say(kSame)
                           : fmt::format(fmt::runtime(kChanged.in(lang())), fmt::join(result.changed, ", ")));
    if (!result.needsRestart.empty()) {
        spdlog::warn("{}",
                     fmt::format(fmt::runtime(kRestart.in(lang())), fmt::join(result.needsRestart, ", ")));
    }
    if (!result.overruled.empty()) {
        spdlog::warn("{}", fmt::format(fmt::runtime(kOverruled.in(lang())), fmt::join(result.overruled, ", ")));
    }
    return result;
}

} // namespace engine
