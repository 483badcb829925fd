// Where the charts' past comes from: this console, or one of the servers that the configuration names.
#pragma once

#include "monitor/metrics/query_source.h"

#include <QObject>
#include <QString>

#include <vector>

namespace widgets {

// Main thread only. The newest samples are the console's own whatever is chosen.
class PastSource final : public QObject {
    Q_OBJECT
public:
    // The servers outlive it, those of setServers(), too.
    explicit PastSource(std::vector<const metrics::QuerySource*> servers, QObject* parent = nullptr);

    // Others are configured now: what was chosen stays by its name; where there is none of it any more, this console.
    void setServers(std::vector<const metrics::QuerySource*> servers);
    [[nodiscard]] const std::vector<const metrics::QuerySource*>& servers() const noexcept
    {
        return m_servers;
    }
    // Null: this console.
    [[nodiscard]] const metrics::QuerySource* chosen() const noexcept { return m_chosen; }
    [[nodiscard]] QString name() const; // of the one that is chosen; empty: this console
    // By its name; another name is this console.
    void choose(const QString& name);
    // This console, then each server in turn.
    void chooseNext();

Q_SIGNALS:
    void changed();        // another one is chosen
    void serversChanged(); // before it

private:
    void become(const metrics::QuerySource* server);

    std::vector<const metrics::QuerySource*> m_servers;
    const metrics::QuerySource* m_chosen = nullptr;
};

} // namespace widgets
