#include "monitor/series/breaks.h"

#include <algorithm>
#include <utility>

namespace series {

namespace {

struct Marker {
    std::size_t before = 0; // the place it goes to
    std::int64_t at = 0;
};

std::vector<Marker> markersOf(const std::vector<Sample>& samples, std::size_t first, std::int64_t until)
{
    std::vector<Marker> markers;
    std::int64_t usual = 0; // the distance before
    for (std::size_t i = first + 1; i < samples.size(); ++i) {
        const std::int64_t silence = samples[i].at - samples[i - 1].at;
        const std::int64_t next = i + 1 < samples.size() ? samples[i + 1].at - samples[i].at : 0;
        const std::int64_t interval = usual == 0 ? next : std::max(usual, next);
        if (usual != 0 && isBreak(silence, interval) && !isStale(samples[i - 1].value)) {
            markers.push_back({i, samples[i - 1].at + interval});
        } else {
            usual = silence;
        }
    }
    if (samples.size() > first && !isStale(samples.back().value) &&
        isBreak(until - samples.back().at, usual)) {
        markers.push_back({samples.size(), samples.back().at + usual});
    }
    return markers;
}

} // namespace

void endAtBreaks(std::vector<Sample>& samples, std::size_t first, std::int64_t until)
{
    if (samples.empty()) {
        return;
    }
    const std::vector<Marker> markers = markersOf(samples, first, std::max(until, samples.back().at));
    if (markers.empty()) {
        return;
    }
    std::vector<Sample> all;
    all.reserve(samples.size() + markers.size());
    auto next = markers.begin();
    for (std::size_t i = 0; i <= samples.size(); ++i) {
        if (next != markers.end() && next->before == i) {
            all.push_back({next->at, staleMarker()});
            ++next;
        }
        if (i < samples.size()) {
            all.push_back(samples[i]);
        }
    }
    samples = std::move(all);
}

} // namespace series
