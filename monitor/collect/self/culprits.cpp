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
    cell.used = true;
    cell.value = culprit.value;
    cell.at = culprit.at;
    cell.site = culprit.site;
    cell.slot = culprit.slot;
    cell.fingerprint = culprit.fingerprint;
    const std::size_t length = std::min(culprit.tag.size(), cell.tag.size() - 1);
    std::copy_n(culprit.tag.data(), length, cell.tag.data()); // unlike memcpy(), of a null view too
    cell.tag[length] = '\0';
    cell.mutex.unlock();
}

std::vector<metrics::Exemplar> Culprits::exemplars(core::SteadyTime steadyNow, core::WallTime wallNow) const {
    std::vector<metrics::Exemplar> all;
    for (const Cell& cell : m_cells) {
        const core::MutexLock lock(cell.mutex);
        if (!cell.used) {
            continue;
        }
        metrics::Exemplar exemplar;
        exemplar.value = cell.value;
        exemplar.at = wallNow - std::chrono::floor<std::chrono::microseconds>(steadyNow - cell.at);
        if (cell.fingerprint != 0) {
            exemplar.labels.emplace_back("fingerprint", fmt::format("{:016x}", cell.fingerprint));
        }
        if (std::string site = siteText(cell.site); !site.empty()) {
            exemplar.labels.emplace_back("site", std::move(site));
        }
        if (cell.slot >= 0) {
            exemplar.labels.emplace_back("slot", std::to_string(cell.slot));
        }
        if (cell.tag[0] != '\0') {
            exemplar.labels.emplace_back("tag", core::validUtf8(cell.tag.data()));
        }
        all.push_back(std::move(exemplar));
    }
    return all;
}

} // namespace collect
