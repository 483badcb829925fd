#include "monitor/alert/rule_trial.h"

#include "monitor/alert/rule_evaluation.h"
#include "monitor/alert/rule_file.h"
#include "monitor/alert/rule_writer.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace alert {

using metrics::RuleDraft;
using metrics::RuleTrial;

namespace {

constexpr std::int64_t kMostSteps = 10'000;
constexpr std::int64_t kMostBefore = 3'600'000; // ms: how long before the stretch a state may have begun
constexpr std::size_t kStopEvery = 256;         // steps

// What is wrong with it and in which field; an empty problem: nothing.
void check(const RuleDraft& draft, RuleTrial& trial)
{
    const auto refuse = [&trial](const char* where, std::string problem) {
        if (trial.problem.empty()) {
            trial.where = where;
            trial.problem = std::move(problem);
        }
    };
    if (draft.name.empty()) {
        refuse("name", "a rule needs a name");
    }
    if (draft.expr.empty()) {
        refuse("expr", "a rule needs an expression");
    } else if (const auto expr = promql::parseExpression(draft.expr); !expr) {
        refuse("expr", expr.error().text());
    }
    for (const auto& [where, text] :
         {std::pair("for", &draft.holdFor), {"keep_firing_for", &draft.keepFiringFor}}) {
        if (const auto span = promql::parseDuration(*text); !text->empty() && !span) {
            refuse(where, span.error().message);
        }
    }
}

// As a file with this one rule would say it.
std::shared_ptr<const RuleFile> readDraft(const RuleDraft& draft, RuleTrial& trial)
{
    check(draft, trial);
    if (!trial.problem.empty()) {
        return nullptr;
    }
    Rule written;
    written.draft = std::make_shared<const RuleDraft>(draft);
    const RuleFile one{"", {{"user", {}, 0, {std::move(written)}}}};
    auto read = parseRuleFile(ruleFileText(one), "");
    if (!read) {
        const std::string& reason = read.error().reason;
        const auto said = reason.find(": "); // after group, rule and name
        trial.problem = said != std::string::npos ? reason.substr(said + 2) : reason;
        trial.where = reason.find("annotation") != std::string::npos ? "annotations" : "labels";
        return nullptr;
    }
    return std::make_shared<const RuleFile>(std::move(*read));
}

// What the clear level is refused for is a note in a file; here somebody can still mend it.
void checkClear(const Rule& rule, RuleTrial& trial)
{
    constexpr std::string_view kClear = "poolscope_clear ";
    for (const std::string& note : rule.extras.notes) {
        if (note.starts_with(kClear)) {
            trial.where = "clear";
            trial.problem = note.substr(kClear.size());
            return;
        }
    }
    trial.notes = rule.extras.notes;
}

// The life of a rule's alerts, step by step.
class Trial {
public:
    Trial(LiveRule live, const promql::Querier& querier, RuleTrial& result)
        : m_live(std::move(live))
        , m_querier(querier)
        , m_result(result)
    {
    }

    void step(const std::vector<promql::InstantSample>& samples, std::int64_t at)
    {
        const Moment now{core::WallTime(std::chrono::milliseconds(at)),
                         core::SteadyTime(std::chrono::milliseconds(at))};
        const Findings findings = findingsIn(m_live, samples, {m_querier, at, Texts::LeftOut});
        for (const Change& change : advance(m_live.instances, findings, termsOf(m_live), now)) {
            note(change, at);
        }
    }

    void finish()
    {
        for (auto& [labels, from] : m_open) {
            m_result.firings.push_back({from, m_result.to, true, labels});
        }
        std::erase_if(m_result.firings, [this](const auto& firing) { return firing.to < m_result.from; });
        std::stable_sort(m_result.firings.begin(), m_result.firings.end(),
                         [](const auto& a, const auto& b) { return a.from < b.from; });
    }

private:
    void note(const Change& change, std::int64_t at)
    {
        if (change.to == metrics::AlertState::Firing && change.cause == Cause::Condition) {
            m_open.emplace(change.labels, at);
        } else if (change.to == metrics::AlertState::Resolved) {
            if (const auto open = m_open.find(change.labels); open != m_open.end()) {
                m_result.firings.push_back({open->second, at, false, change.labels});
                m_open.erase(open);
            }
        } else if (change.cause == Cause::Cancelled && at >= m_result.from) {
            ++m_result.pending;
        }
    }

    LiveRule m_live;
    const promql::Querier& m_querier;
    RuleTrial& m_result;
    std::map<metrics::Labels, std::int64_t> m_open; // since when
};

// The newest sample of all: what texts are shown with.
void fillTexts(const LiveRule& live, const promql::Querier& querier,
               const std::vector<metrics::PointSeries>& series, RuleTrial& trial)
{
    const metrics::PointSeries* newest = nullptr;
    for (const metrics::PointSeries& one : series) {
        const bool later =
            !one.points.empty() && (newest == nullptr || one.points.back().at > newest->points.back().at);
        newest = later ? &one : newest;
    }
    if (newest == nullptr) {
        return;
    }
    const promql::InstantSample sample{std::make_shared<const series::Labels>(newest->labels),
                                       newest->points.back().value};
    for (auto& [name, text] : textsFor(live, sample, {querier, newest->points.back().at, Texts::Filled})) {
        trial.texts.push_back({name, text});
    }
}

void runSteps(Trial& run, const std::vector<metrics::PointSeries>& series, const promql::Grid& grid,
              const std::stop_token& stop)
{
    std::vector<series::LabelsPtr> labels;
    for (const metrics::PointSeries& one : series) {
        labels.push_back(std::make_shared<const series::Labels>(one.labels));
    }
    std::vector<std::size_t> next(series.size(), 0);
    std::vector<promql::InstantSample> samples;
    for (std::size_t i = 0; i < grid.count(); ++i) {
        if (i % kStopEvery == 0 && stop.stop_requested()) {
            return;
        }
        const std::int64_t at = grid.start + static_cast<std::int64_t>(i) * grid.step;
        samples.clear();
        for (std::size_t k = 0; k < series.size(); ++k) {
            const auto& points = series[k].points;
            if (next[k] < points.size() && points[next[k]].at == at) {
                samples.push_back({labels[k], points[next[k]++].value});
            }
        }
        run.step(samples, at);
    }
}

LiveRule liveOf(const Rule& rule)
{
    LiveRule live;
    live.rule = &rule;
    live.group = "user";
    live.comparison = comparisonOf(*rule.expr);
    return live;
}

} // namespace

RuleTrial tryRule(const RuleDraft& draft, const promql::Querier& querier, const metrics::Snapshot* snapshot,
                  const TrialTerms& terms, const std::stop_token& stop)
{
    RuleTrial trial;
    const auto file = readDraft(draft, trial);
    if (file) {
        checkClear(file->groups.front().rules.front(), trial);
    }
    if (!trial.problem.empty()) {
        return trial;
    }
    const Rule& rule = file->groups.front().rules.front();
    const LiveRule live = liveOf(rule);
    const promql::Expr& watched = live.comparison ? *live.comparison->watched : *rule.expr;
    trial.from = terms.from;
    trial.to = terms.to;
    const std::int64_t before =
        std::min<std::int64_t>(rule.holdFor / std::chrono::milliseconds(1), kMostBefore);
    const std::int64_t step = std::max(terms.step, (terms.to - terms.from + before) / kMostSteps + 1);
    const promql::Grid grid{terms.from - before / step * step, terms.to, step};
    promql::EvalOptions options;
    options.stop = stop;
    auto found = promql::evaluateRange(watched, querier.reader(), grid, options);
    if (!found || stop.stop_requested()) {
        trial.where = "expr";
        trial.problem = found ? std::string(promql::kCanceled) : found.error().message;
        return trial;
    }
    Trial run(live, querier, trial);
    runSteps(run, found->series, grid, stop);
    run.finish();
    fillTexts(live, querier, found->series, trial);
    if (live.comparison) {
        trial.threshold = live.comparison->threshold;
        trial.op = promql::tokenText(live.comparison->op);
    }
    if (rule.extras.clear) {
        trial.clear = rule.extras.clear->value;
    }
    trial.unit = snapshot != nullptr ? unitOf(watched, *snapshot) : core::Unit::None;
    trial.left = found->series.size() - std::min(found->series.size(), metrics::kMostTried);
    found->series.resize(found->series.size() - trial.left);
    trial.watched = std::move(found->series);
    return trial;
}

} // namespace alert
