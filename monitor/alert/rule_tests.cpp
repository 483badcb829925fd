#include "monitor/alert/rule_tests.h"

#include "monitor/alert/rule_evaluation.h"
#include "monitor/core/format.h"
#include "monitor/core/stream_text.h"
#include "monitor/promql/querier.h"
#include "monitor/series/head.h"
#include "monitor/series/sample.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace alert {

using metrics::AlertState;
using metrics::Labels;
using series::NamedSample;

namespace {

// As long as anybody tests, and as many as anybody needs.
const series::HeadOptions kWholeHistory{std::chrono::hours(24 * 365 * 50), 1'000'000};

std::string labelsText(const std::map<std::string, std::string>& labels)
{
    std::string text;
    for (const auto& [name, value] : labels) {
        text += (text.empty() ? "" : ", ") + name + "=" + series::quoted(value);
    }
    return "{" + text + "}";
}

// A firing alert, comparable and printable.
using Shown = std::pair<std::string, std::string>;

Shown shownOf(const RuleTest::ExpectedAlert& alert)
{
    return {labelsText(alert.labels), labelsText(alert.annotations)};
}

std::string listText(const std::vector<Shown>& alerts)
{
    std::string text;
    for (const auto& [labels, annotations] : alerts) {
        text += fmt::format("\n        Labels:{}\n        Annotations:{}", labels, annotations);
    }
    return "[" + text + (text.empty() ? "]" : "\n        ]");
}

std::string samplesText(const std::vector<std::pair<Labels, double>>& samples)
{
    std::string text;
    for (const auto& [labels, value] : samples) {
        text += fmt::format("\n        {} {}", series::labelsText(labels), core::numberText(value));
    }
    return text.empty() ? "nil" : text;
}

// One test: its own history, all rules, moment by moment.
class TestRun {
public:
    TestRun(const RuleTest& test, core::Nanos evaluationInterval)
        : m_test(test)
        , m_every(evaluationInterval)
        , m_head(kWholeHistory)
        , m_querier(m_head)
    {
    }

    void add(const RuleGroup& group)
    {
        for (const Rule& rule : group.rules) {
            m_plain.push_back(std::make_unique<Rule>(rule));
            m_plain.back()->extras = {};
            LiveRule live;
            live.rule = m_plain.back().get();
            live.group = group.name;
            live.externalLabels.assign(m_test.externalLabels.begin(), m_test.externalLabels.end());
            live.externalUrl = m_test.externalUrl;
            live.comparison = comparisonOf(*live.rule->expr);
            m_rules.push_back({std::move(live), group.limit, {}});
        }
    }

    std::vector<std::string> run()
    {
        core::Nanos last{0};
        std::vector<const RuleTest::AlertCheck*> checks;
        for (const RuleTest::AlertCheck& check : m_test.alerts) {
            checks.push_back(&check);
            last = std::max(last, check.at);
        }
        std::stable_sort(checks.begin(), checks.end(),
                         [](const auto* a, const auto* b) { return a->at < b->at; });
        for (const RuleTest::ExprCheck& check : m_test.exprs) {
            last = std::max(last, check.at);
        }
        auto next = checks.begin();
        for (core::Nanos now{0}; now <= last; now += m_every) {
            load(now);
            evaluate(now);
            for (; next != checks.end() && now <= (*next)->at && (*next)->at < now + m_every; ++next) {
                check(**next);
            }
        }
        load(last);
        for (const RuleTest::ExprCheck& one : m_test.exprs) {
            check(one);
        }
        return std::move(m_failures);
    }

private:
    struct Tested {
        LiveRule live;
        int limit = 0;
        std::vector<Labels> written; // series of the last evaluation
    };

    [[nodiscard]] static std::int64_t millis(core::Nanos time) { return time / std::chrono::milliseconds(1); }

    // The samples up to and with `now`.
    void load(core::Nanos now)
    {
        for (; m_loaded * m_test.interval <= now; ++m_loaded) {
            std::vector<NamedSample> samples;
            bool more = false;
            for (const RuleTest::Input& input : m_test.inputs) {
                more = more || m_loaded < input.values.size();
                if (m_loaded < input.values.size() && input.values[m_loaded]) {
                    samples.push_back({input.labels, *input.values[m_loaded]});
                }
            }
            m_head.append(millis(m_loaded * m_test.interval), samples);
            if (!more) {
                break; // nothing comes any more
            }
        }
    }

    void evaluate(core::Nanos now)
    {
        const Moment moment{core::WallTime(std::chrono::duration_cast<std::chrono::microseconds>(now)),
                            core::SteadyTime(now)};
        for (Tested& tested : m_rules) {
            const std::vector<NamedSample> samples =
                tested.live.rule->kind == Rule::Kind::Recording
                    ? recordSamples(tested.live, m_querier, millis(now), tested.limit)
                    : alertSamples(tested, moment);
            if (!tested.live.error.empty()) {
                m_failures.push_back(fmt::format("    rule: {}, time: {}, err: {}", tested.live.rule->name,
                                                 promqlTime(now), tested.live.error));
            }
            write(tested, samples, millis(now));
        }
    }

    std::vector<NamedSample> alertSamples(Tested& tested, const Moment& now)
    {
        LiveRule& live = tested.live;
        const Findings findings = findAlerts(live, m_querier, millis(now.steady.time_since_epoch()));
        (void)advance(live.instances, findings, termsOf(live), now);
        std::vector<NamedSample> samples;
        const auto alive = std::count_if(live.instances.begin(), live.instances.end(),
                                         [](const auto& entry) { return entry.second.alive(); });
        if (tested.limit > 0 && alive > tested.limit) {
            live.error = fmt::format("exceeded limit of {} with {} alerts", tested.limit, alive);
            live.instances.clear();
        }
        for (const auto& [labels, instance] : live.instances) {
            if (!instance.alive()) {
                continue;
            }
            Labels state = labels;
            series::setLabel(state, series::kNameLabel, "ALERTS");
            series::setLabel(state, "alertstate", metrics::prometheusStateName(instance.state));
            samples.push_back({std::move(state), 1});
            Labels since = labels;
            series::setLabel(since, series::kNameLabel, "ALERTS_FOR_STATE");
            samples.push_back({std::move(since), core::seconds(instance.active.steady.time_since_epoch())});
        }
        return samples;
    }

    void write(Tested& tested, const std::vector<NamedSample>& samples, std::int64_t at)
    {
        std::set<Labels> fresh;
        for (const NamedSample& sample : samples) {
            fresh.insert(sample.labels);
        }
        std::erase_if(tested.written, [&](const Labels& labels) { return fresh.contains(labels); });
        m_head.append(at, samples);
        m_head.markStale(at, tested.written);
        tested.written.assign(fresh.begin(), fresh.end());
    }

    void check(const RuleTest::AlertCheck& check)
    {
        std::vector<Shown> got;
        for (const Tested& tested : m_rules) {
            const bool asked =
                tested.live.rule->kind == Rule::Kind::Alerting && tested.live.rule->name == check.name;
            for (const auto& [labels, instance] : tested.live.instances) {
                if (asked && instance.open()) {
                    got.push_back(shownOf({{labels.begin(), labels.end()}, instance.annotations}));
                }
            }
        }
        std::vector<Shown> expected;
        for (const RuleTest::ExpectedAlert& alert : check.expected) {
            expected.push_back(shownOf(alert));
        }
        std::sort(got.begin(), got.end());
        std::sort(expected.begin(), expected.end());
        if (got != expected) {
            m_failures.push_back(
                fmt::format("{}    alertname: {}, time: {},\n        exp:{},\n        got:{}", named(),
                            check.name, promqlTime(check.at), listText(expected), listText(got)));
        }
    }

    void check(const RuleTest::ExprCheck& check)
    {
        const auto result = m_querier.query(check.expr, millis(check.at));
        if (!result) {
            m_failures.push_back(fmt::format("{}    expr: {}, time: {}, err: {}", named(),
                                             series::quoted(check.expr), promqlTime(check.at),
                                             result.error().message));
            return;
        }
        std::vector<std::pair<Labels, double>> got;
        for (const metrics::PointSeries& one : result->series) {
            if (!one.points.empty()) {
                got.emplace_back(one.labels, one.points.back().value);
            }
        }
        auto expected = check.expected;
        const auto byLabels = [](const auto& a, const auto& b) { return a.first < b.first; };
        std::stable_sort(got.begin(), got.end(), byLabels);
        std::stable_sort(expected.begin(), expected.end(), byLabels);
        if (got != expected) {
            m_failures.push_back(fmt::format("{}    expr: {}, time: {},\n        exp:{}\n        got:{}",
                                             named(), series::quoted(check.expr), promqlTime(check.at),
                                             samplesText(expected), samplesText(got)));
        }
    }

    [[nodiscard]] std::string named() const
    {
        return m_test.name.empty() ? std::string() : fmt::format("    name: {},\n", m_test.name);
    }
    [[nodiscard]] static std::string promqlTime(core::Nanos time) { return core::spanText(time); }

    const RuleTest& m_test;
    const core::Nanos m_every;
    series::Head m_head;
    promql::Querier m_querier;
    std::vector<std::unique_ptr<Rule>> m_plain;
    std::vector<Tested> m_rules;
    std::size_t m_loaded = 0; // steps of the test's interval
    std::vector<std::string> m_failures;
};

std::vector<std::string> globbed(const std::string& pattern)
{
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    return paths;
}

core::Result<std::string> contentOf(const std::filesystem::path& file)
{
    std::ifstream input(file, std::ios::binary);
    std::string text = core::textOf(input);
    if (!input.is_open() || input.bad()) {
        return core::fail(file.string() + " cannot be read", "unreadable");
    }
    return text;
}

} // namespace

std::vector<std::string> runRuleTests(const RuleTestFile& tests, const std::vector<RuleFile>& rules)
{
    std::map<std::string, std::size_t> order;
    for (const std::string& group : tests.groupOrder) {
        if (!order.emplace(group, order.size()).second) {
            return {fmt::format("group name repeated in evaluation order: {}", group)};
        }
    }
    std::vector<const RuleGroup*> groups;
    for (const RuleFile& file : rules) {
        for (const RuleGroup& group : file.groups) {
            groups.push_back(&group);
        }
    }
    const auto placeOf = [&](const RuleGroup* group) {
        const auto at = order.find(group->name);
        return at != order.end() ? at->second : 0;
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const auto* a, const auto* b) { return placeOf(a) < placeOf(b); });
    std::vector<std::string> failures;
    for (const RuleTest& test : tests.tests) {
        TestRun run(test, tests.evaluationInterval);
        for (const RuleGroup* group : groups) {
            run.add(*group);
        }
        for (std::string& failure : run.run()) {
            failures.push_back(std::move(failure));
        }
    }
    return failures;
}

std::vector<std::string> runRuleTestFile(const std::filesystem::path& file)
{
    const auto text = contentOf(file);
    const auto tests =
        text ? parseRuleTests(*text) : core::Result<RuleTestFile>(core::fail(text.error().message));
    if (!tests) {
        return {tests.error().message};
    }
    std::vector<RuleFile> rules;
    std::vector<std::string> failures;
    for (const std::string& pattern : tests->tests.empty() ? std::vector<std::string>() : tests->ruleFiles) {
        const std::filesystem::path path(pattern);
        const std::string whole = path.is_absolute() ? pattern : (file.parent_path() / path).string();
        for (const std::string& found : globbed(whole)) {
            auto read = readRuleFile(found);
            if (read) {
                rules.push_back(std::move(*read));
            } else {
                failures.push_back(read.error().text());
            }
        }
    }
    return failures.empty() ? runRuleTests(*tests, rules) : failures;
}

} // namespace alert
