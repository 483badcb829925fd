#include "monitor/engine/cluster_keeper.h"

#include "monitor/core/stream_text.h"
#include "monitor/export/atomic_file.h"
#include "monitor/notify/key_ring.h"
#include "monitor/notify/secrets.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace engine {

namespace {

using metrics::ClusterPeer;

constexpr core::Text kAway{"Alertmanager: {} of {} without an answer: {}",
                           "Alertmanager：{} / {} 个节点无响应：{}"};
constexpr core::Text kTrouble{"Alertmanager: {}; it is tried again", "Alertmanager：{}；将重试"};
constexpr core::Text kNone{"no Alertmanager is configured", "未配置 Alertmanager"};

core::Error noneConfigured()
{
    return {std::string(kNone.in(core::Lang::English)), "unavailable"};
}

metrics::Banner bannerOf(const metrics::ClusterView& view, core::Lang lang)
{
    std::string names, reasons;
    for (const ClusterPeer& peer : view.peers) {
        if (peer.state == ClusterPeer::State::Away) {
            names += (names.empty() ? "" : ", ") + peer.name;
            reasons += (reasons.empty() ? "" : "\n") + peer.name + ": " + peer.error;
        }
    }
    metrics::Banner banner;
    banner.id = "alertmanager";
    banner.text = fmt::format(fmt::runtime(kAway.in(lang)), view.away(), view.peers.size(), names);
    banner.detail = reasons;
    return banner;
}

cluster::DebtBook bookIn(const std::filesystem::path& folder)
{
    const auto file = folder / "owed_silences.json";
    return {[file] { return core::contentOf(file); },
            [file](const std::string& text) { return exporting::writeAtomically(file, text); }};
}

} // namespace

ClusterKeeper::ClusterKeeper(std::filesystem::path folder, Ring ring)
    : m_folder(std::move(folder))
    , m_ring(ring)
{
}

std::shared_ptr<cluster::Client> ClusterKeeper::client() const
{
    const core::MutexLock lock(m_mutex);
    return m_client;
}

void ClusterKeeper::watch(const cluster::Spec& spec)
{
    std::shared_ptr<cluster::Client> next;
    {
        const core::MutexLock lock(m_mutex);
        m_client.swap(next);
    }
    next.reset(); // the one before, after the lock is gone: both would write the book
    if (!spec.peers.empty()) {
        const auto lookup = [folder = m_folder, ring = m_ring](const std::string& reference) {
            auto secrets = notify::Secrets::load(folder / "secrets.yml");
            if (!secrets) {
                return core::Result<std::string>(core::Unexpected<core::Error>{secrets.error()});
            }
            if (ring == Ring::Used) {
                secrets->use(notify::sessionKeyRing(folder.string()));
            }
            return secrets->resolve(reference);
        };
        next = std::make_shared<cluster::Client>(spec, lookup, bookIn(m_folder));
    }
    const core::MutexLock lock(m_mutex);
    m_client = std::move(next);
}

metrics::ClusterViewPtr ClusterKeeper::view() const
{
    const auto now = client();
    return now ? now->view() : nullptr;
}

void ClusterKeeper::tell(BannerBoard& banners, core::Lang lang) const
{
    if (const auto now = view(); now && now->away() > 0) {
        banners.raise(bannerOf(*now, lang));
    } else {
        banners.clear("alertmanager");
    }
    if (const auto now = view(); now && !now->troubles.empty()) {
        banners.raise({"alertmanager_owed",
                       false,
                       {},
                       fmt::format(fmt::runtime(kTrouble.in(lang)), now->troubles.front()),
                       fmt::format("{}", fmt::join(now->troubles, "\n")),
                       core::Nanos(0)});
    } else {
        banners.clear("alertmanager_owed");
    }
}

template <class Act>
void ClusterKeeper::ask(Act act, const cluster::Client::Done& done) const
{
    if (const auto now = client()) {
        act(*now);
    } else {
        done(core::Unexpected<core::Error>{noneConfigured()});
    }
}

void ClusterKeeper::silence(metrics::SilenceRow silence, cluster::Client::Done done) const
{
    ask([&](cluster::Client& client) { client.silence(std::move(silence), done); }, done);
}

void ClusterKeeper::expire(const std::string& id, cluster::Client::Done done) const
{
    ask([&](cluster::Client& client) { client.expire(id, done); }, done);
}

void ClusterKeeper::acknowledge(cluster::AckWish wish, cluster::Client::Done done) const
{
    ask([&](cluster::Client& client) { client.acknowledge(std::move(wish), done); }, done);
}

void ClusterKeeper::withdraw(metrics::Labels labels, cluster::Client::Done done) const
{
    ask([&](cluster::Client& client) { client.withdraw(std::move(labels), done); }, done);
}

void ClusterKeeper::refresh() const
{
    if (const auto now = client()) {
        now->refresh();
    }
}

} // namespace engine
