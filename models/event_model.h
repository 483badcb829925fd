// What happened to the pool, newest first: a ring that is filtered by kind and by text.
#pragma once

#include "models/table_model.h"
#include "models/text_sink.h"
#include "monitor/metrics/pool_trace.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace models {

// Main thread only. Events beyond the capacity push out the oldest.
class EventModel final : public TableModel {
    Q_OBJECT
public:
    static constexpr std::size_t kCapacity = 10'000;

    explicit EventModel(QObject* parent = nullptr);
    // Oldest first; what is not newer than lastNumber() is left out.
    void append(std::vector<metrics::PoolEventRow> events);
    // For the next question to a PoolWitness; 0 before the first event.
    [[nodiscard]] std::uint64_t lastNumber() const noexcept { return m_last; }
    // What is shown. `kind`: empty for all, "attention" for those of level warning and above, else one kind.
    // `needle`: looked for in tag, site, detail and SQLSTATE, without regard to case.
    void setFilter(const std::string& kind, const QString& needle);
    [[nodiscard]] std::size_t kept() const noexcept { return m_rows.size(); }
    [[nodiscard]] const metrics::PoolEventRow& at(int row) const
    {
        return *m_shown.at(static_cast<std::size_t>(row));
    }
    // Those shown, oldest first, for writeEvents().
    [[nodiscard]] std::vector<metrics::PoolEventRow> shown() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QString csvHead(int column) const override;
    [[nodiscard]] QString columnId(int column) const override;

private:
    [[nodiscard]] bool wanted(const metrics::PoolEventRow& row) const;
    void dropOldest(std::size_t room);

    std::deque<metrics::PoolEventRow> m_rows;         // oldest first; a deque: m_shown points into it
    std::deque<const metrics::PoolEventRow*> m_shown; // newest first
    std::string m_kind;
    std::string m_needle; // lower case
    std::uint64_t m_last = 0;
};

// A JSON object a line (jsonlines.org), times in UTC, durations in seconds. Any thread; false when `sink` wanted no more.
bool writeEvents(const std::vector<metrics::PoolEventRow>& events, const TextSink& sink);

} // namespace models
