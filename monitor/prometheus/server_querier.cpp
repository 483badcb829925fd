#include "monitor/prometheus/server_querier.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace prometheus {

ServerQuerier::ServerQuerier(ServerSpec spec, const metrics::Querier& language, const core::Clock& clock)
    : m_language(language)
    , m_clock(clock)
    , m_client(std::move(spec), clock)
{
}

void ServerQuerier::retire()
{
    PieceCache kept(0); // up to 64 MB, let go behind the lock
    const core::MutexLock lock(m_mutex);
    m_retired = true;
    std::swap(m_cache, kept);
}

core::Result<void> ServerQuerier::inService() const
{
    const core::MutexLock lock(m_mutex);
    return m_retired ? core::fail(name() + " is configured no longer", "gone") : core::Result<void>();
}

std::int64_t ServerQuerier::leastStep() const
{
    return std::chrono::ceil<core::Millis>(m_client.spec().interval).count();
}

metrics::SourceNews ServerQuerier::news() const
{
    const ClientState state = m_client.state();
    const core::MutexLock lock(m_mutex);
    return {state.away, state.problem, m_warnings, m_flavour};
}

void ServerQuerier::remember(std::vector<std::string> warnings) const
{
    const std::string flavour(dialectName(m_client.dialect())); // known by now: no request
    const core::MutexLock lock(m_mutex);
    m_warnings = std::move(warnings);
    m_flavour = flavour;
}

core::Result<std::vector<metrics::PointSeries>> ServerQuerier::range(std::string_view expression,
                                                                     std::int64_t start, std::int64_t end,
                                                                     std::int64_t step) const
{
    return rangeUntil({}, expression, start, end, step);
}

core::Result<std::vector<metrics::PointSeries>> ServerQuerier::instant(std::string_view expression,
                                                                       std::int64_t at) const
{
    return instantUntil({}, expression, at);
}

core::Result<std::vector<metrics::PointSeries>>
ServerQuerier::rangeUntil(const std::stop_token& stop, std::string_view expression, std::int64_t start,
                          std::int64_t end, std::int64_t step) const
{
    const auto plan = planOf(start, end, step, leastStep());
    if (!plan) {
        return core::fail("the range has no moments, or more than 110,000", "bad_data");
    }
    if (const auto asked = inService(); !asked) {
        return core::Unexpected{asked.error()};
    }
    const std::string text(expression);
    std::vector<Piece> pieces;
    {
        const core::MutexLock lock(m_mutex);
        for (std::int64_t piece = plan->firstPiece(); piece <= plan->lastPiece(); ++piece) {
            pieces.push_back(m_cache.find(text, plan->step, piece));
        }
    }
    if (const auto well = fetch(stop, text, *plan, pieces); !well) {
        return core::Unexpected{well.error()};
    }
    return joined(pieces, *plan);
}

core::Result<void> ServerQuerier::fetch(const std::stop_token& stop, const std::string& expression,
                                        const RangePlan& plan, std::vector<Piece>& pieces) const
{
    const std::int64_t now = core::epochMillis(m_clock.wallNow());
    std::vector<std::string> warnings;
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        if (pieces[at]) {
            continue;
        }
        std::size_t end = at;
        while (end < pieces.size() && !pieces[end] && end - at < kMostSteps / kPieceSteps) {
            ++end;
        }
        const std::int64_t first = plan.firstPiece() + static_cast<std::int64_t>(at);
        const auto count = static_cast<std::int64_t>(end - at);
        auto answer = m_client.range(expression, plan.stepsOf(first, count), stop);
        if (!answer) {
            return core::Unexpected{answer.error()};
        }
        const bool whole = answer->warnings.empty(); // a partial answer is shown, never kept
        warnings.insert(warnings.end(), answer->warnings.begin(), answer->warnings.end());
        auto parts = cut(answer->series, plan, first, count);
        const core::MutexLock lock(m_mutex);
        for (std::size_t i = at; i < end; ++i) {
            pieces[i] = std::make_shared<const std::vector<metrics::PointSeries>>(std::move(parts[i - at]));
            const std::int64_t piece = plan.firstPiece() + static_cast<std::int64_t>(i);
            if (whole && plan.settled(piece, now)) {
                m_cache.keep(expression, plan.step, piece, pieces[i]);
            }
        }
        at = end - 1;
    }
    remember(std::move(warnings));
    return {};
}

core::Result<std::vector<metrics::PointSeries>>
ServerQuerier::instantUntil(const std::stop_token& stop, std::string_view expression, std::int64_t at) const
{
    if (const auto asked = inService(); !asked) {
        return core::Unexpected{asked.error()};
    }
    auto answer = m_client.instant(expression, at, stop);
    if (!answer) {
        return core::Unexpected{answer.error()};
    }
    remember(std::move(answer->warnings));
    return std::move(answer->series);
}

core::Result<std::vector<metrics::Labels>> ServerQuerier::series(std::string_view selector,
                                                                 std::int64_t start, std::int64_t end) const
{
    const auto asked = inService();
    return asked ? m_client.series(selector, start, end)
                 : core::Result<std::vector<metrics::Labels>>(core::Unexpected{asked.error()});
}

} // namespace prometheus
