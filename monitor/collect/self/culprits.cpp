#include "monitor/collect/self/culprits.h"

#include "monitor/collect/self/event_ring.h"
#include "monitor/core/format.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace collect {

namespace {

constexpr core::Nanos kNotAgainFor = std::chrono::milliseconds(1);

} // namespace

void Culprits::note(std::size_t bucket, const Culprit& culprit) noexcept {
    if (!wants(bucket, culprit.at)) {
        return;
    }
    Cell& cell = m_cells[bucket];
    if (!cell.mutex.try_lock()) {
        return;
    }
    cell.next.store(core::Nanos(culprit.at.time_since_epoch() + kNotAgainFor).count(),
                    std::memory_order_relaxed);
    Note& note = cell.notes[cell.noted++ % kKept];
    note.value = culprit.value;
    note.at = culprit.at;
    note.site = culprit.site;
    note.slot = culprit.slot;
    note.fingerprint = culprit.fingerprint;
    const std::size_t length = std::min(culprit.tag.size(), note.tag.size() - 1);
    std::copy_n(culprit.tag.data(), length, note.tag.data()); // unlike memcpy(), of a null view too
    note.tag[length] = '\0';
    cell.mutex.unlock();
}

metrics::Exemplar Culprits::exemplarOf(const Note& note, core::SteadyTime steadyNow, core::WallTime wallNow) {
    metrics::Exemplar exemplar;
    exemplar.value = note.value;
    exemplar.at = wallNow - std::chrono::floor<std::chrono::microseconds>(steadyNow - note.at);
    if (note.fingerprint != 0) {
        exemplar.labels.emplace_back("fingerprint", fmt::format("{:016x}", note.fingerprint));
    }
    if (std::string site = siteText(note.site); !site.empty()) {
        exemplar.labels.emplace_back("site", std::move(site));
    }
    if (note.slot >= 0) {
        exemplar.labels.emplace_back("slot", std::to_string(note.slot));
    }
    if (note.tag[0] != '\0') {
        exemplar.labels.emplace_back("tag", core::validUtf8(note.tag.data()));
    }
    return exemplar;
}

std::vector<metrics::Exemplar> Culprits::exemplars(core::SteadyTime steadyNow, core::WallTime wallNow) const {
    std::vector<metrics::Exemplar> newest;
    for (const Cell& cell : m_cells) {
        const core::MutexLock lock(cell.mutex);
        if (cell.noted > 0) {
            newest.push_back(exemplarOf(cell.notes[(cell.noted - 1) % kKept], steadyNow, wallNow));
        }
    }
    return newest;
}

std::vector<metrics::Exemplar> Culprits::all(core::SteadyTime steadyNow, core::WallTime wallNow) const {
    std::vector<metrics::Exemplar> kept;
    for (const Cell& cell : m_cells) {
        const core::MutexLock lock(cell.mutex);
        for (std::size_t i = 0; i < std::min<std::uint64_t>(cell.noted, kKept); ++i) {
            kept.push_back(exemplarOf(cell.notes[i], steadyNow, wallNow));
        }
    }
    std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    return kept;
}

} // namespace collect
