#include "monitor/targets/mapping.h"

#include "monitor/core/format.h"
#include "monitor/promql/evaluator.h"
#include "monitor/promql/parser.h"
#include "monitor/series/label_ops.h"
#include "monitor/targets/page_reader.h"

#include <cmath>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace targets {

namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kMaxSamples = 100'000; // of one expression over one page

// Thrown within this file only.
struct Problem {
    YAML::Mark at;
    std::string reason;
};

std::string textOf(const YAML::Node& node, std::string_view what)
{
    if (!node.IsScalar() || node.Scalar().empty() || node.Scalar().size() > 4096) {
        throw Problem{node.Mark(), fmt::format("{} must be a text", what)};
    }
    return node.Scalar();
}

Mapping::Expression expressionOf(const YAML::Node& node, std::string_view what)
{
    auto parsed = promql::parseExpression(textOf(node, what));
    if (!parsed) {
        throw Problem{node.Mark(), fmt::format("{}: {}", what, core::oneLine(parsed.error().text(), 200))};
    }
    return std::move(*parsed);
}

void readPool(const YAML::Node& node, Mapping& mapping)
{
    if (!node.IsSequence()) {
        throw Problem{node.Mark(), "pool must be a list of labels"};
    }
    for (const YAML::Node& item : node) {
        mapping.poolLabels.push_back(textOf(item, "a label"));
        if (!series::isLabelName(mapping.poolLabels.back())) {
            throw Problem{item.Mark(), "pool must be a list of labels"};
        }
    }
}

void readFigures(const YAML::Node& node, Mapping& mapping)
{
    if (!node.IsMap() || node.size() == 0) {
        throw Problem{node.Mark(), "figures must be expressions by name"};
    }
    for (const auto& entry : node) {
        const std::string name = textOf(entry.first, "a figure's name");
        const auto figure = figureNamed(name);
        if (!figure) {
            throw Problem{entry.first.Mark(),
                          fmt::format("there is no figure \"{}\"", core::oneLine(name, 40))};
        }
        mapping.figures[static_cast<std::size_t>(*figure)] = expressionOf(entry.second, name);
    }
}

void readKey(const std::string& key, const YAML::Node& value, const YAML::Mark& at, Mapping& mapping)
{
    if (key == "name") {
        mapping.name = textOf(value, key);
        if (mapping.name.size() > 40 ||
            mapping.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
            throw Problem{value.Mark(), "name must be small letters, digits and _"};
        }
    } else if (key == "title") {
        mapping.title = core::oneLine(textOf(value, key), 80);
    } else if (key == "when") {
        mapping.when = expressionOf(value, key);
    } else if (key == "pool") {
        readPool(value, mapping);
    } else if (key == "figures") {
        readFigures(value, mapping);
    } else {
        throw Problem{at, fmt::format("unknown key \"{}\"", core::oneLine(key, 40))};
    }
}

Mapping mappingOf(const YAML::Node& root)
{
    if (!root.IsMap()) {
        throw Problem{root.Mark(), "a mapping is expected"};
    }
    Mapping mapping;
    bool figures = false;
    for (const auto& entry : root) {
        const std::string key = textOf(entry.first, "a key");
        readKey(key, entry.second, entry.first.Mark(), mapping);
        figures = figures || key == "figures";
    }
    if (mapping.name.empty() || !mapping.when || !figures) {
        throw Problem{root.Mark(), "name, when and figures are needed"};
    }
    if (mapping.title.empty()) {
        mapping.title = mapping.name;
    }
    return mapping;
}

std::string poolName(const Mapping& mapping, const metrics::Labels& labels)
{
    std::string name;
    for (const std::string& label : mapping.poolLabels) {
        if (const std::string_view value = series::labelValue(labels, label); !value.empty()) {
            name += name.empty() ? "" : "/";
            name += value;
        }
    }
    return name;
}

} // namespace

core::Result<Mapping> parseMapping(std::string_view yaml, std::string_view file)
{
    const auto failed = [&](const YAML::Mark& at, std::string_view reason) {
        return core::fail(fmt::format("{}:{}: {}", file, at.line + 1, reason), "mapping");
    };
    if (yaml.size() > kMaxBytes) {
        return failed({}, "more than 64 KiB");
    }
    try {
        return mappingOf(YAML::Load(std::string(yaml)));
    } catch (const Problem& problem) {
        return failed(problem.at, problem.reason);
    } catch (const YAML::Exception& problem) {
        return failed(problem.mark, core::oneLine(problem.msg, 200));
    }
}

bool knows(const Mapping& mapping, const PageSeries& page)
{
    promql::EvalOptions options;
    options.maxSamples = kMaxSamples;
    const auto found = promql::evaluateVector(*mapping.when, page, kPageMoment, options);
    return found && !found->empty();
}

std::vector<PoolFigures> poolsOf(const Mapping& mapping, const PageSeries& page)
{
    promql::EvalOptions options;
    options.maxSamples = kMaxSamples;
    std::map<std::string, PoolFigures> pools;
    for (std::size_t i = 0; i < kFigures; ++i) {
        if (!mapping.figures[i]) {
            continue;
        }
        const auto samples = promql::evaluateVector(*mapping.figures[i], page, kPageMoment, options);
        for (std::size_t s = 0; samples && s < samples->size(); ++s) {
            const double value = (*samples)[s].value;
            if (!std::isfinite(value)) {
                continue;
            }
            double& known = pools[poolName(mapping, *(*samples)[s].labels)].values[i];
            known = std::isnan(known) ? value : known + value;
        }
    }
    std::vector<PoolFigures> list;
    for (auto& [name, figures] : pools) {
        if (list.size() < kMostPools) {
            figures.pool = core::oneLine(name, 200);
            list.push_back(std::move(figures));
        }
    }
    return list;
}

} // namespace targets
