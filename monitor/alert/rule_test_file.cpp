#include "monitor/alert/rule_test_file.h"

#include "monitor/alert/yaml_fields.h"
#include "monitor/core/format.h"
#include "monitor/promql/text.h"

#include <yaml-cpp/yaml.h>

#include <functional>

namespace alert {

using yaml::durationOf;
using yaml::entriesOf;
using yaml::refuse;
using yaml::textOf;

namespace {

constexpr std::size_t kMaxBytes = std::size_t{16} << 20U;

void forEach(const YAML::Node& node, std::string_view type,
             const std::function<void(const YAML::Node&)>& take)
{
    if (node.IsNull()) {
        return;
    }
    if (!node.IsSequence()) {
        refuse(node, std::string("cannot unmarshal ") + (node.IsMap() ? "!!map" : "!!str") + " into []" +
                         std::string(type));
    }
    for (const YAML::Node& one : node) {
        take(one);
    }
}

std::map<std::string, std::string> mapOf(const YAML::Node& node)
{
    std::map<std::string, std::string> map;
    for (const auto& [key, value] : entriesOf(node, "map[string]string", {})) {
        map[key] = textOf(value);
    }
    return map;
}

series::Labels metricOf(const YAML::Node& node)
{
    auto labels = parseMetric(textOf(node));
    if (!labels) {
        refuse(node, labels.error().message);
    }
    return std::move(*labels);
}

RuleTest::Input inputOf(const YAML::Node& node)
{
    RuleTest::Input input;
    for (const auto& [key, value] : entriesOf(node, "main.series", {"series", "values"})) {
        if (key == "series") {
            input.labels = metricOf(value);
            continue;
        }
        auto values = parseNotation(textOf(value));
        if (!values) {
            refuse(value, values.error().message);
        }
        input.values = std::move(*values);
    }
    return input;
}

RuleTest::AlertCheck alertCheckOf(const YAML::Node& node)
{
    RuleTest::AlertCheck check;
    for (const auto& [key, value] :
         entriesOf(node, "main.alertTestCase", {"eval_time", "alertname", "exp_alerts"})) {
        if (key == "eval_time") {
            check.at = durationOf(value);
        } else if (key == "alertname") {
            check.name = textOf(value);
        } else {
            forEach(value, "main.alert", [&check](const YAML::Node& one) {
                RuleTest::ExpectedAlert expected;
                for (const auto& [word, content] :
                     entriesOf(one, "main.alert", {"exp_labels", "exp_annotations"})) {
                    (word == "exp_labels" ? expected.labels : expected.annotations) = mapOf(content);
                }
                check.expected.push_back(std::move(expected));
            });
        }
    }
    for (RuleTest::ExpectedAlert& expected : check.expected) {
        expected.labels["alertname"] = check.name;
    }
    return check;
}

double numberOf(const YAML::Node& node)
{
    double value = 0;
    const std::string text = textOf(node);
    // YAML's own spellings of the special numbers, and Go's.
    std::string plain = text;
    if (const auto dot = text.find('.'); dot != std::string::npos && dot + 4 == text.size() && dot <= 1) {
        const std::string word = text.substr(dot + 1);
        const bool special = word == "inf" || word == "Inf" || word == "INF" || word == "nan" ||
                             word == "NaN" || word == "NAN";
        plain = special ? text.substr(0, dot) + word : text;
    }
    if (!text.empty() && !promql::parseFloat(plain, value)) {
        refuse(node, "cannot unmarshal !!str `" + core::oneLine(text, 40) + "` into float64");
    }
    return value;
}

RuleTest::ExprCheck exprCheckOf(const YAML::Node& node)
{
    RuleTest::ExprCheck check;
    for (const auto& [key, value] :
         entriesOf(node, "main.promqlTestCase", {"expr", "eval_time", "exp_samples"})) {
        if (key == "expr") {
            check.expr = textOf(value);
        } else if (key == "eval_time") {
            check.at = durationOf(value);
        } else {
            forEach(value, "main.sample", [&check](const YAML::Node& one) {
                std::pair<series::Labels, double> sample;
                for (const auto& [word, content] : entriesOf(one, "main.sample", {"labels", "value"})) {
                    if (word == "labels") {
                        sample.first = metricOf(content);
                    } else {
                        sample.second = numberOf(content);
                    }
                }
                check.expected.push_back(std::move(sample));
            });
        }
    }
    return check;
}

RuleTest testOf(const YAML::Node& node)
{
    RuleTest test;
    for (const auto& [key, value] :
         entriesOf(node, "main.testGroup",
                   {"interval", "input_series", "alert_rule_test", "promql_expr_test", "external_labels",
                    "external_url", "name"})) {
        if (key == "interval") {
            test.interval = durationOf(value);
        } else if (key == "input_series") {
            forEach(value, "main.series",
                    [&](const YAML::Node& one) { test.inputs.push_back(inputOf(one)); });
        } else if (key == "alert_rule_test") {
            forEach(value, "main.alertTestCase",
                    [&](const YAML::Node& one) { test.alerts.push_back(alertCheckOf(one)); });
        } else if (key == "promql_expr_test") {
            forEach(value, "main.promqlTestCase",
                    [&](const YAML::Node& one) { test.exprs.push_back(exprCheckOf(one)); });
        } else if (key == "external_labels") {
            test.externalLabels = mapOf(value);
        } else {
            (key == "name" ? test.name : test.externalUrl) = textOf(value);
        }
    }
    return test;
}

RuleTestFile fileOf(const YAML::Node& root)
{
    RuleTestFile file;
    for (const auto& [key, value] : entriesOf(
             root, "main.unitTestFile", {"rule_files", "evaluation_interval", "group_eval_order", "tests"})) {
        if (key == "rule_files") {
            forEach(value, "string", [&](const YAML::Node& one) { file.ruleFiles.push_back(textOf(one)); });
        } else if (key == "evaluation_interval") {
            file.evaluationInterval = durationOf(value);
        } else if (key == "group_eval_order") {
            forEach(value, "string", [&](const YAML::Node& one) { file.groupOrder.push_back(textOf(one)); });
        } else {
            forEach(value, "main.testGroup",
                    [&](const YAML::Node& one) { file.tests.push_back(testOf(one)); });
        }
    }
    if (file.evaluationInterval.count() == 0) {
        file.evaluationInterval = std::chrono::minutes(1);
    }
    for (RuleTest& test : file.tests) {
        test.interval = test.interval.count() == 0 ? file.evaluationInterval : test.interval;
    }
    return file;
}

} // namespace

core::Result<RuleTestFile> parseRuleTests(std::string_view text)
{
    const auto refused = [](const YAML::Mark& mark, const std::string& reason) {
        const std::string where =
            mark.is_null() ? std::string() : "line " + std::to_string(mark.line + 1) + ": ";
        return core::fail(where + core::oneLine(reason, 2000), "bad_test");
    };
    if (text.size() > kMaxBytes) {
        return core::fail("the file is larger than 16 MiB", "bad_test");
    }
    if (text.find('\0') != std::string_view::npos) {
        return refused(YAML::Mark::null_mark(), "yaml: control characters are not allowed");
    }
    try {
        return fileOf(YAML::Load(std::string(text)));
    } catch (const yaml::Refused& error) {
        return refused(error.mark, error.reason);
    } catch (const YAML::Exception& error) {
        return refused(error.mark, "yaml: " + error.msg);
    }
}

} // namespace alert
