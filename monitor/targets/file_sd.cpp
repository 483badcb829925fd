#include "monitor/targets/file_sd.h"

#include "monitor/core/format.h"
#include "monitor/core/stream_text.h"
#include "monitor/targets/target_file.h"

#include <algorithm>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <fnmatch.h>
#include <yaml-cpp/yaml.h>

namespace targets {

namespace {

constexpr std::uintmax_t kMostBytes = 4U << 20U;

// Thrown within this file only.
struct Problem {
    YAML::Mark at;
    std::string reason;
};

using LabelMap = std::map<std::string, std::string>;

LabelMap labelsOf(const YAML::Node& group)
{
    LabelMap labels;
    const YAML::Node node = group["labels"];
    if (!node) {
        return labels;
    }
    if (!node.IsMap()) {
        throw Problem{node.Mark(), "labels: texts by name are expected"};
    }
    for (const auto& entry : node) {
        if (!entry.first.IsScalar() || !entry.second.IsScalar()) {
            throw Problem{entry.first.Mark(), "labels: texts by name are expected"};
        }
        labels[entry.first.Scalar()] = core::oneLine(entry.second.Scalar(), 200);
    }
    return labels;
}

std::string take(LabelMap& labels, const std::string& name, const std::string& otherwise)
{
    const auto node = labels.extract(name);
    return node.empty() ? otherwise : node.mapped();
}

TargetSpec specOf(const std::string& address, LabelMap labels)
{
    TargetSpec spec;
    std::string path = take(labels, "__metrics_path__", "/metrics");
    path = path.starts_with('/') ? path : "/" + path;
    spec.url = take(labels, "__scheme__", "http") + "://" + address + path;
    spec.environment = take(labels, "environment", take(labels, "env", ""));
    spec.name = take(labels, "name", "");
    for (const auto& [name, value] : labels) {
        if (!name.starts_with("__") && spec.tags.size() < 20) {
            spec.tags.push_back(core::oneLine(name + '=' + value, 100));
        }
    }
    return spec;
}

void readGroup(const YAML::Node& group, std::vector<TargetSpec>& specs)
{
    if (!group.IsMap() || !group["targets"] || !group["targets"].IsSequence()) {
        throw Problem{group.Mark(), "a list of targets is expected"};
    }
    const LabelMap labels = labelsOf(group);
    for (const YAML::Node& address : group["targets"]) {
        if (!address.IsScalar()) {
            throw Problem{address.Mark(), "host:port is expected"};
        }
        auto sound = soundSpec(specOf(address.Scalar(), labels));
        if (!sound) {
            throw Problem{address.Mark(), sound.error().message};
        }
        if (specs.size() < kMostConfigured) {
            specs.push_back(std::move(*sound));
        }
    }
}

} // namespace

core::Result<std::vector<TargetSpec>> parseFileSd(std::string_view text, std::string_view file)
{
    const auto failed = [&](const YAML::Mark& at, std::string_view reason) {
        return core::fail(fmt::format("{}:{}: {}", file, at.line + 1, reason));
    };
    std::vector<TargetSpec> specs;
    try {
        const YAML::Node root = YAML::Load(std::string(text)); // JSON is YAML
        if (!root.IsSequence() && !root.IsNull()) {
            return failed(root.Mark(), "a list of groups is expected");
        }
        for (const YAML::Node& group : root) {
            readGroup(group, specs);
        }
    } catch (const Problem& problem) {
        return failed(problem.at, problem.reason);
    } catch (const YAML::Exception& problem) {
        return failed(problem.mark, core::oneLine(problem.msg, 200));
    }
    return specs;
}

std::vector<std::filesystem::path> FileDiscovery::files() const
{
    std::set<std::filesystem::path> found;
    for (const std::filesystem::path& pattern : m_patterns) {
        const std::string last = pattern.filename().string();
        if (last.find_first_of("*?[") == std::string::npos) {
            found.insert(pattern);
            continue;
        }
        std::error_code error;
        const std::filesystem::path folder = pattern.has_parent_path() ? pattern.parent_path() : ".";
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error)) {
            if (fnmatch(last.c_str(), it->path().filename().c_str(), FNM_PERIOD) == 0 &&
                found.size() < 1000) {
                found.insert(it->path());
            }
        }
    }
    return {found.begin(), found.end()};
}

bool FileDiscovery::refresh()
{
    bool changed = false;
    std::map<std::filesystem::path, Seen> next;
    for (const std::filesystem::path& file : files()) {
        std::error_code error;
        const auto when = std::filesystem::last_write_time(file, error);
        const auto size = error ? 0 : std::filesystem::file_size(file, error);
        Seen seen = m_seen.contains(file) ? m_seen[file] : Seen{};
        if (error || size > kMostBytes) {
            changed = changed || !m_seen.contains(file);
            seen.problem = fmt::format("{}: {}", file.string(), error ? "cannot be read" : "too large");
        } else if (when != seen.changed || size != seen.size || !m_seen.contains(file)) {
            changed = true;
            auto read = parseFileSd(core::contentOf(file), file.string());
            seen.problem = read ? std::string() : read.error().message;
            seen.specs = read ? std::move(*read) : seen.specs;
            seen.changed = when;
            seen.size = size;
        }
        if (!error || m_seen.contains(file)) {
            next[file] = std::move(seen);
        } else {
            next[file].problem = seen.problem;
        }
    }
    changed = changed || next.size() != m_seen.size();
    m_seen = std::move(next);
    return changed;
}

std::vector<TargetSpec> FileDiscovery::targets() const
{
    std::vector<TargetSpec> all;
    for (const auto& [file, seen] : m_seen) {
        all.insert(all.end(), seen.specs.begin(), seen.specs.end());
    }
    return all;
}

std::vector<std::string> FileDiscovery::problems() const
{
    std::vector<std::string> all;
    for (const auto& [file, seen] : m_seen) {
        if (!seen.problem.empty()) {
            all.push_back(seen.problem);
        }
    }
    return all;
}

} // namespace targets
