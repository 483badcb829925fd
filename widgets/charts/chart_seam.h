// What a page's charts have from a server, joined at the seam to what the console has itself: left of it the
// server's values, right of it the own samples, which memory holds without a hole.
#pragma once

#include "widgets/charts/server_past.h"

#include <QElapsedTimer>
#include <QObject>

#include <map>
#include <utility>
#include <vector>

namespace widgets {

class ChartWidget;
class PastSource;

// Main thread only.
class ChartSeam final : public QObject {
    Q_OBJECT
public:
    // Both outlive it. `memory` tells from when on it is complete; null: it never is.
    ChartSeam(const metrics::Querier* memory, const PastSource& choice, QObject* parent = nullptr);

    // A server is chosen.
    [[nodiscard]] bool isOn() const noexcept { return m_past.server() != nullptr; }
    // The right edge of what is asked for is where memory begins; nothing is asked when it holds all of from
    // … to.
    void load(std::vector<ServerLine> lines, qint64 from, qint64 to, int columns);
    void cancel();
    // These lines, or this stretch, were not asked for yet; or it failed a while ago.
    [[nodiscard]] bool isStale(const std::vector<ServerLine>& lines) const;
    // Puts what is known from the server in front of the chart's own samples; the same again changes nothing.
    // Call it when these were filled anew. `own` says where these are from and how fine.
    void join(std::size_t chart, ChartWidget& widget, qint64 interval, const QString& own) const;
    // The charts to which something came since the last call.
    [[nodiscard]] std::vector<std::size_t> take();
    [[nodiscard]] bool busy() const noexcept { return m_past.busy(); }

Q_SIGNALS:
    void arrived();
    // Another source was chosen: what is known of the former is forgotten.
    void changed();

private:
    struct Part {
        qint64 seam = 0;
        qint64 step = 0;
        std::vector<metrics::Point> points;
        std::vector<metrics::Point> means;
    };
    void choose();

    const metrics::Querier* m_memory;
    const PastSource& m_choice;
    std::map<std::pair<std::size_t, std::size_t>, Part> m_parts; // by chart and series
    std::map<std::size_t, QString> m_problems;                   // by chart
    std::vector<std::string> m_asked;                            // the queries of the last load()
    qint64 m_seam = 0;                                           // of the last load()
    bool m_loaded = false;
    QElapsedTimer m_sinceLoad;
    ServerPast m_past;
};

} // namespace widgets
