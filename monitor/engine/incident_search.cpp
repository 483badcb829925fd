#include "monitor/engine/incident_search.h"

#include "monitor/alert/incident_json.h"

#include <algorithm>
#include <set>
#include <utility>

namespace engine {

namespace {

constexpr int kPage = 500; // records at a time: nobody else waits long for the disk

// One search, kept alive by the page it waits for.
struct Search : std::enable_shared_from_this<Search> {
    const store::HistoryReader& reader;
    const metrics::IncidentFilter filter;
    std::function<void(FoundIncidents)> answer;
    FoundIncidents found;
    std::set<std::string> known;

    Search(const store::HistoryReader& from, metrics::IncidentFilter what,
           std::function<void(FoundIncidents)> to)
        : reader(from)
        , filter(std::move(what))
        , answer(std::move(to))
    {
    }

    void take(metrics::Incident incident)
    {
        if (!known.insert(incident.id).second || !metrics::matches(incident, filter)) {
            return;
        }
        incident.evidence = {};
        found.rows.push_back(std::move(incident));
    }

    void ask(std::int64_t before)
    {
        const store::PageRequest request{store::RecordKind::Incident, filter.from, filter.to, before, kPage};
        reader.fetch(request, [self = shared_from_this()](const store::Page& page) { self->takePage(page); });
    }

    void takePage(const store::Page& page)
    {
        for (const store::StoredRecord& row : page.rows) {
            const auto* record = std::get_if<store::Incident>(&row.record);
            auto incident = record != nullptr ? alert::readIncident(record->details)
                                              : core::Result<metrics::Incident>(core::fail("no incident"));
            if (incident) {
                take(std::move(*incident));
            }
        }
        if (page.more && !page.rows.empty() && found.rows.size() < filter.limit) {
            ask(page.rows.back().id);
            return;
        }
        finish(page.more);
    }

    void finish(bool more)
    {
        std::stable_sort(found.rows.begin(), found.rows.end(),
                         [](const auto& a, const auto& b) { return a.firedAt > b.firedAt; });
        found.more = more || found.rows.size() > filter.limit;
        found.rows.resize(std::min(found.rows.size(), filter.limit));
        answer(std::move(found));
    }
};

} // namespace

void searchIncidents(const store::HistoryReader& reader, const metrics::IncidentFilter& filter,
                     std::vector<metrics::Incident> recent, std::function<void(FoundIncidents)> answer)
{
    const auto search = std::make_shared<Search>(reader, filter, std::move(answer));
    for (metrics::Incident& incident : recent) {
        search->take(std::move(incident));
    }
    search->ask(std::numeric_limits<std::int64_t>::max());
}

void readIncidentOf(const store::HistoryReader& reader, const metrics::Incident& incident,
                    std::function<void(std::shared_ptr<const metrics::Incident>)> answer)
{
    const store::PageRequest request{store::RecordKind::Incident, incident.firedAt - std::chrono::seconds(1),
                                     incident.firedAt + std::chrono::seconds(1),
                                     std::numeric_limits<std::int64_t>::max(), kPage};
    reader.fetch(request, [id = incident.id, answer = std::move(answer)](const store::Page& page) {
        std::shared_ptr<const metrics::Incident> found;
        for (const store::StoredRecord& row : page.rows) {
            const auto* record = std::get_if<store::Incident>(&row.record);
            if (found == nullptr && record != nullptr && record->key == id) {
                auto read = alert::readIncident(record->details);
                found = read ? std::make_shared<const metrics::Incident>(std::move(*read)) : nullptr;
            }
        }
        answer(std::move(found));
    });
}

} // namespace engine
