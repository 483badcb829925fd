#include "tests/support/demo_flow.h"

#include "tests/support/demo_metrics.h"
#include "tests/support/demo_querier.h"
#include "tests/support/demo_rows.h"

namespace demo {

struct Flow::Impl {
    explicit Impl(const FlowOptions& given)
        : options(given)
        , history(std::chrono::ceil<core::Millis>(given.interval).count() * 5 / 2) {}

    metrics::SnapshotPtr tick();

    FlowOptions options;
    History history;
    Counters counters;
    std::uint64_t ticks = 0;
    core::Nanos elapsed{0};
    core::Nanos lastElapsed{0};
    std::vector<metrics::Mark> marks;
    Story before;
};

metrics::SnapshotPtr Flow::Impl::tick() {
    Moment moment;
    moment.seed = options.seed;
    do {
        elapsed += options.interval;
        ++ticks;
        moment.story = storyAt(options.seed, core::seconds(elapsed));
    } while (moment.story.gap);
    moment.second = static_cast<std::uint64_t>(core::seconds(elapsed));
    moment.step = core::seconds(elapsed - lastElapsed);
    lastElapsed = elapsed;
    advance(counters, moment);

    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->tick = ticks;
    snapshot->at = options.start + std::chrono::floor<std::chrono::microseconds>(elapsed);
    snapshot->steady = core::SteadyTime(std::chrono::duration_cast<core::SteadyTime::duration>(elapsed));
    snapshot->interval = options.interval;
    snapshot->endpoint = "http://127.0.0.1:8000";
    const Rows rows{options, moment, counters};
    fillPool(*snapshot, rows);
    fillServer(*snapshot, rows);
    metrics::SampleBuilder out(*snapshot);
    pushPool(out, counters);
    pushHost(out, moment, counters);
    pushLatency(out, moment, counters);
    fillAlerts(*snapshot, rows);
    fillScenarios(*snapshot, rows);
    fillResponses(*snapshot, rows);
    addMarks(marks, *snapshot, before, moment.story);
    snapshot->marks = std::make_shared<const std::vector<metrics::Mark>>(marks);
    before = moment.story;
    history.append(*snapshot);
    return snapshot;
}

Flow::Flow(const FlowOptions& options)
    : m_impl(std::make_unique<Impl>(options)) {}
Flow::~Flow() = default;
Flow::Flow(Flow&&) noexcept = default;
Flow& Flow::operator=(Flow&&) noexcept = default;

metrics::SnapshotPtr Flow::next() {
    return m_impl->tick();
}

metrics::SnapshotPtr Flow::runUntil(std::chrono::seconds span) {
    metrics::SnapshotPtr last = m_impl->tick();
    while (m_impl->elapsed < span) {
        last = m_impl->tick();
    }
    return last;
}

const metrics::Querier& Flow::querier() const {
    return m_impl->history;
}

metrics::SnapshotPtr emptySnapshot(core::WallTime at) {
    auto snapshot = std::make_shared<metrics::Snapshot>();
    snapshot->at = at;
    snapshot->interval = std::chrono::seconds(1);
    snapshot->server.state = metrics::ServerView::State::Starting;
    snapshot->server.target = "embedded";
    return snapshot;
}

} // namespace demo
