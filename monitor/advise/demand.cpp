#include "monitor/advise/demand.h"

#include <algorithm>
#include <unordered_map>

namespace advise {

namespace {

using metrics::RequestFate;
using metrics::RequestRecord;

constexpr std::size_t kEnoughOfAKind = 5;

// splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators"): the n-th draw without
// the ones before it.
std::uint64_t draw(std::uint64_t n) noexcept
{
    std::uint64_t z = (n + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

// Known holds, of everybody and by origin, each ascending.
class Holds {
public:
    explicit Holds(const std::vector<RequestRecord>& requests)
    {
        for (const RequestRecord& request : requests) {
            if (request.fate == RequestFate::Returned) {
                m_all.push_back(request.hold);
                m_byOrigin[request.origin].push_back(request.hold);
            }
        }
        std::sort(m_all.begin(), m_all.end());
        for (auto& [origin, holds] : m_byOrigin) {
            std::sort(holds.begin(), holds.end());
        }
    }
    [[nodiscard]] bool empty() const noexcept { return m_all.empty(); }
    // One that is longer than `least`; kForever when there is none.
    [[nodiscard]] core::Nanos pick(std::uint32_t origin, core::Nanos least, std::uint64_t number) const
    {
        const auto kin = m_byOrigin.find(origin);
        const bool enough = kin != m_byOrigin.end() && kin->second.size() >= kEnoughOfAKind;
        const std::vector<core::Nanos>& among = enough ? kin->second : m_all;
        const auto first = std::upper_bound(among.begin(), among.end(), least);
        const auto many = static_cast<std::uint64_t>(among.end() - first);
        return many == 0 ? kForever : first[static_cast<std::ptrdiff_t>(draw(number) % many)];
    }

private:
    std::vector<core::Nanos> m_all;
    std::unordered_map<std::uint32_t, std::vector<core::Nanos>> m_byOrigin;
};

core::Nanos notNegative(core::Nanos span) noexcept
{
    return std::clamp(span, core::Nanos(0), kForever);
}

} // namespace

Demand demandOf(const metrics::RequestTrace& trace, core::Nanos timeout)
{
    const Holds holds(trace.requests);
    Demand demand;
    demand.holdsKnown = !holds.empty();
    demand.claims.reserve(trace.requests.size());
    for (const RequestRecord& request : trace.requests) {
        const std::uint64_t number = demand.claims.size();
        Claim claim;
        claim.arrival = core::Nanos(request.arrival.time_since_epoch()); // made relative below
        claim.patience = notNegative(timeout);
        claim.hold = notNegative(request.hold);
        if (request.fate == RequestFate::TimedOut || request.fate == RequestFate::Cancelled) {
            claim.patience = notNegative(request.waited);
            claim.then =
                request.fate == RequestFate::Cancelled ? Claim::Then::GivesUp : Claim::Then::TimesOut;
        }
        if (request.fate == RequestFate::Held) {
            claim.hold = holds.pick(request.origin, request.hold, number);
        } else if (request.fate != RequestFate::Returned) {
            claim.hold = holds.pick(request.origin, core::Nanos(-1), number);
        }
        demand.estimated += request.fate == RequestFate::Returned ? 0 : 1;
        demand.claims.push_back(claim);
    }
    std::stable_sort(demand.claims.begin(), demand.claims.end(),
                     [](const Claim& a, const Claim& b) { return a.arrival < b.arrival; });
    for (const core::Nanos first = demand.claims.empty() ? core::Nanos(0) : demand.claims.front().arrival;
         Claim & claim : demand.claims) {
        claim.arrival -= first;
    }
    return demand;
}

} // namespace advise
