#include "monitor/targets/target_file.h"

#include "monitor/core/format.h"
#include "monitor/targets/federation.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace targets {

namespace {

// Thrown within this file only.
struct Problem {
    YAML::Mark at;
    std::string reason;
};

std::string textOf(const YAML::Node& node)
{
    if (!node.IsScalar()) {
        throw Problem{node.Mark(), "targets: a text is expected"};
    }
    return node.Scalar();
}

core::Nanos spanOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const double factor = unit == "ms"                  ? 1e-3
                          : unit == "m"                 ? 60
                          : unit == "h"                 ? 3600
                          : unit == "s" || unit.empty() ? 1
                                                        : -1;
    if (error != std::errc() || !(value >= 0 && value < 1e6) || factor < 0) {
        throw Problem{node.Mark(), "targets: a span of time like 5s or 500ms is expected"};
    }
    return std::chrono::round<core::Nanos>(std::chrono::duration<double>(value * factor));
}

std::size_t countOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw Problem{node.Mark(), "targets: a whole number is expected"};
    }
    return value;
}

bool switchOf(const YAML::Node& node)
{
    const std::string text = textOf(node);
    if (text != "true" && text != "yes" && text != "on" && text != "false" && text != "no" && text != "off") {
        throw Problem{node.Mark(), "targets: yes or no is expected"};
    }
    return text == "true" || text == "yes" || text == "on";
}

std::vector<std::string> listOf(const YAML::Node& node)
{
    if (node.IsScalar()) {
        return {node.Scalar()};
    }
    std::vector<std::string> list;
    for (const YAML::Node& item : node) {
        list.push_back(core::oneLine(textOf(item), 100));
    }
    return list;
}

using Setter = std::function<void(const YAML::Node&, TargetSpec&)>;

const std::map<std::string, Setter, std::less<>>& setters()
{
    static const std::map<std::string, Setter, std::less<>> table{
        {"url", [](const YAML::Node& node, TargetSpec& spec) { spec.url = textOf(node); }},
        {"match", [](const YAML::Node& node, TargetSpec&) { static_cast<void>(textOf(node)); }}, // of the url
        {"name", [](const YAML::Node& node, TargetSpec& spec) { spec.name = textOf(node); }},
        {"environment", [](const YAML::Node& node, TargetSpec& spec) { spec.environment = textOf(node); }},
        {"tags", [](const YAML::Node& node, TargetSpec& spec) { spec.tags = listOf(node); }},
        {"interval", [](const YAML::Node& node, TargetSpec& spec) { spec.interval = spanOf(node); }},
        {"timeout", [](const YAML::Node& node, TargetSpec& spec) { spec.timeout = spanOf(node); }},
        {"user", [](const YAML::Node& node, TargetSpec& spec) { spec.user = textOf(node); }},
        {"password_file", [](const YAML::Node& node, TargetSpec& spec) { spec.passwordFile = textOf(node); }},
        {"bearer_file", [](const YAML::Node& node, TargetSpec& spec) { spec.bearerFile = textOf(node); }},
        {"color", [](const YAML::Node& node, TargetSpec& spec) { spec.color = textOf(node); }},
        {"secret", [](const YAML::Node& node, TargetSpec& spec) { spec.secret = textOf(node); }},
        {"paused", [](const YAML::Node& node, TargetSpec& spec) { spec.paused = switchOf(node); }},
        {"ca_file", [](const YAML::Node& node, TargetSpec& spec) { spec.caFile = textOf(node); }},
        {"max_bytes", [](const YAML::Node& node, TargetSpec& spec) { spec.maxBytes = countOf(node); }},
        {"max_series", [](const YAML::Node& node, TargetSpec& spec) { spec.maxSeries = countOf(node); }},
        {"max_labels", [](const YAML::Node& node, TargetSpec& spec) { spec.maxLabels = countOf(node); }},
    };
    return table;
}

TargetSpec specOf(const YAML::Node& node)
{
    if (!node.IsMap()) {
        throw Problem{node.Mark(), "targets: settings by name are expected"};
    }
    TargetSpec spec;
    for (const auto& entry : node) {
        const std::string key = textOf(entry.first);
        if (key == "password" || key == "token" || key == "bearer_token") {
            throw Problem{entry.first.Mark(),
                          "targets: no secrets in this file; name a file with password_file or bearer_file, or a place with secret"};
        }
        const auto setter = setters().find(key);
        if (setter == setters().end()) {
            throw Problem{entry.first.Mark(),
                          fmt::format("targets: unknown setting \"{}\"", core::oneLine(key, 40))};
        }
        setter->second(entry.second, spec);
    }
    if (node["match"]) {
        auto url = federationUrl(spec.url, textOf(node["match"]));
        if (!url) {
            throw Problem{node["match"].Mark(), "targets: " + url.error().message};
        }
        spec.url = std::move(*url);
    }
    spec.timeout = node["timeout"] ? spec.timeout : std::min(spec.timeout, spec.interval);
    auto sound = soundSpec(std::move(spec));
    if (!sound) {
        throw Problem{node.Mark(), "targets: " + sound.error().message};
    }
    return std::move(*sound);
}

} // namespace

core::Result<std::vector<TargetSpec>, TargetProblem> readTargets(const YAML::Node& node)
{
    std::vector<TargetSpec> specs;
    try {
        if (!node.IsSequence() || node.size() > kMostConfigured) {
            throw Problem{node.Mark(), "targets: a list of at most 2000 targets is expected"};
        }
        for (const YAML::Node& item : node) {
            specs.push_back(specOf(item));
            const bool taken = std::any_of(specs.begin(), specs.end() - 1, [&](const TargetSpec& other) {
                return other.name == specs.back().name;
            });
            if (taken) {
                throw Problem{item.Mark(),
                              fmt::format("targets: the name \"{}\" is taken", specs.back().name)};
            }
        }
    } catch (const Problem& problem) {
        return core::Unexpected{TargetProblem{problem.at.line, problem.reason}};
    }
    return specs;
}

core::Result<std::vector<TargetSpec>> parseTargets(std::string_view yaml, std::string_view file)
{
    try {
        const YAML::Node root = YAML::Load(std::string(yaml));
        if (root.IsNull()) {
            return std::vector<TargetSpec>();
        }
        auto read = readTargets(root);
        if (!read) {
            return core::fail(fmt::format("{}:{}: {}", file, read.error().line + 1, read.error().reason));
        }
        return std::move(*read);
    } catch (const YAML::Exception& problem) {
        return core::fail(
            fmt::format("{}:{}: {}", file, problem.mark.line + 1, core::oneLine(problem.msg, 200)));
    }
}

std::string targetsText(std::span<const TargetSpec> specs)
{
    YAML::Emitter out;
    out << YAML::BeginSeq;
    const auto text = [&out](const char* key, const std::string& value) {
        if (!value.empty()) {
            out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
        }
    };
    for (const TargetSpec& spec : specs) {
        out << YAML::BeginMap;
        text("url", spec.url);
        text("name", spec.name);
        text("environment", spec.environment);
        text("color", spec.color);
        if (!spec.tags.empty()) {
            out << YAML::Key << "tags" << YAML::Value << YAML::Flow << spec.tags;
        }
        text("interval",
             fmt::format("{}ms", std::chrono::ceil<std::chrono::milliseconds>(spec.interval).count()));
        text("timeout",
             fmt::format("{}ms", std::chrono::floor<std::chrono::milliseconds>(spec.timeout).count()));
        text("user", spec.user);
        text("password_file", spec.passwordFile.string());
        text("bearer_file", spec.bearerFile.string());
        text("secret", spec.secret);
        text("ca_file", spec.caFile.string());
        if (spec.paused) {
            out << YAML::Key << "paused" << YAML::Value << true;
        }
        out << YAML::Key << "max_bytes" << YAML::Value << spec.maxBytes;
        out << YAML::Key << "max_series" << YAML::Value << spec.maxSeries;
        out << YAML::Key << "max_labels" << YAML::Value << spec.maxLabels << YAML::EndMap;
    }
    out << YAML::EndSeq;
    return std::string(out.c_str()) + "\n";
}

} // namespace targets
