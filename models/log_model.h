// The newest log lines: a ring that takes bursts and shows them at most five times a second.
#pragma once

#include "models/table_model.h"
#include "models/text_sink.h"
#include "monitor/metrics/log_entry.h"

#include <QTimeZone>
#include <QTimer>

#include <deque>
#include <vector>

namespace models {

// Main thread only. Lines beyond the capacity push out the oldest.
class LogModel final : public TableModel {
    Q_OBJECT
public:
    enum Column { Time, LevelName, Logger, Text, ColumnCount };
    static constexpr int kCapacity = 10'000;

    explicit LogModel(QObject* parent = nullptr);
    // Takes effect with the next show-up, at most 200 ms later.
    void append(std::vector<metrics::LogEntry> batch);
    // Shows what waits now.
    void flush();
    void clear();
    [[nodiscard]] const metrics::LogEntry& at(int row) const
    {
        return m_rows.at(static_cast<std::size_t>(row));
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QString csvHead(int column) const override;
    [[nodiscard]] QString columnId(int column) const override;

private:
    [[nodiscard]] QString cell(const metrics::LogEntry& entry, int column) const;

    std::deque<metrics::LogEntry> m_rows;
    std::vector<metrics::LogEntry> m_waiting;
    QTimer m_flush;
};

// "2026-11-20 09:12:07,742 - LOGGER - LEVEL - TEXT" each, as in the log file. Any thread; false when `sink` wanted no more.
bool writeLog(const std::vector<metrics::LogEntry>& lines, const QTimeZone& zone, const TextSink& sink);

} // namespace models
