#include "widgets/past_source.h"

#include "models/text.h"

#include <algorithm>
#include <utility>

namespace widgets {

PastSource::PastSource(std::vector<const metrics::QuerySource*> servers, QObject* parent)
    : QObject(parent)
    , m_servers(std::move(servers))
{
}

void PastSource::setServers(std::vector<const metrics::QuerySource*> servers)
{
    if (servers == m_servers) {
        return;
    }
    const QString before = name();
    m_servers = std::move(servers);
    Q_EMIT serversChanged();
    choose(before);
}

QString PastSource::name() const
{
    return m_chosen != nullptr ? models::text(m_chosen->name()) : QString();
}

void PastSource::choose(const QString& name)
{
    const auto found =
        std::find_if(m_servers.begin(), m_servers.end(), [&](const metrics::QuerySource* server) {
            return models::text(server->name()) == name;
        });
    become(found != m_servers.end() ? *found : nullptr);
}

void PastSource::chooseNext()
{
    const auto at = std::find(m_servers.begin(), m_servers.end(), m_chosen);
    const auto next = at == m_servers.end() ? m_servers.begin() : at + 1;
    become(next != m_servers.end() ? *next : nullptr);
}

void PastSource::become(const metrics::QuerySource* server)
{
    if (server != m_chosen) {
        m_chosen = server;
        Q_EMIT changed();
    }
}

} // namespace widgets
