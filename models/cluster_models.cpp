#include "models/cluster_models.h"

#include "models/silence_model.h"
#include "models/text.h"
#include "models/zone.h"

#include <QStringList>

#include <array>

namespace models {

namespace {

using Alert = metrics::ClusterAlert;
using Silence = metrics::ClusterSilence;
using Peer = metrics::ClusterPeer;

QString joined(const std::vector<std::string>& list)
{
    QStringList texts;
    for (const std::string& one : list) {
        texts << text(one);
    }
    return texts.join(QStringLiteral(", "));
}

QVariant secondsOf(core::WallTime at)
{
    return QVariant(static_cast<double>(core::epochMillis(at)) / 1000.0);
}

// What is told apart first: who must act, who has, what is hushed by something else.
QString alertState(const Alert& row)
{
    if (!row.ackedBy.empty() && row.state == Alert::State::Suppressed) {
        return QCoreApplication::translate("models", "acknowledged by %1").arg(text(row.ackedBy));
    }
    switch (row.state) {
    case Alert::State::Active:
    case Alert::State::Unprocessed:
        return word(row.severity);
    case Alert::State::Suppressed:
        return row.silencedBy.empty()
                   ? QCoreApplication::translate("models", "inhibited")
                   : QCoreApplication::translate("models", "silenced by %1").arg(text(row.quiet));
    }
    return {};
}

QVariant alertRank(const Alert& row)
{
    return (row.state == Alert::State::Suppressed ? 10 : 0) + 2 - static_cast<int>(row.severity);
}

Level alertLevel(const Alert& row)
{
    return row.state == Alert::State::Suppressed         ? Level::NoData
           : row.severity == metrics::Severity::Critical ? Level::Critical
           : row.severity == metrics::Severity::Warning  ? Level::Warning
                                                         : Level::Ok;
}

QString labelsText(const Alert& row)
{
    QStringList parts;
    for (const auto& [name, value] : row.labels) {
        if (name != "alertname" && name != "severity") {
            parts << text(name) + QLatin1Char('=') + text(value);
        }
    }
    return parts.join(QStringLiteral("  "));
}

QString meaningOf(const Alert& row)
{
    for (const char* name : {"description", "summary", "message"}) {
        if (const auto at = row.annotations.find(name); at != row.annotations.end()) {
            return text(at->second);
        }
    }
    return {};
}

constexpr std::array<Column<Alert>, 7> kAlerts{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, alertState, alertRank,
     alertLevel},
    {"alert", QT_TRANSLATE_NOOP("models", "Alert"), Align::Left, core::Unit::None,
     [](const Alert& r) { return text(r.name); }},
    {"labels", QT_TRANSLATE_NOOP("models", "Labels"), Align::Left, core::Unit::None, labelsText},
    {"since", QT_TRANSLATE_NOOP("models", "Since"), Align::Left, core::Unit::None,
     [](const Alert& r) { return Zone::of().brief(r.startsAt); },
     [](const Alert& r) { return secondsOf(r.startsAt); }, nullptr, false, nullptr,
     [](const Alert& r) { return Zone::of().full(r.startsAt); }},
    {"receivers", QT_TRANSLATE_NOOP("models", "Goes to"), Align::Left, core::Unit::None,
     [](const Alert& r) { return joined(r.receivers); }},
    {"peers", QT_TRANSLATE_NOOP("models", "Known to"), Align::Left, core::Unit::None,
     [](const Alert& r) { return joined(r.peers); }},
    {"meaning", QT_TRANSLATE_NOOP("models", "What it means"), Align::Left, core::Unit::None, meaningOf},
}};

metrics::SilenceState stateOf(const Silence& row)
{
    return row.silence.stateAt(core::SystemClock::instance().wallNow());
}

constexpr std::array<Column<Silence>, 7> kSilences{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Silence& r) { return word(stateOf(r)); }, [](const Silence& r) { return rank(stateOf(r)); },
     [](const Silence& r) { return levelOf(stateOf(r)); }, false,
     [](const Silence& r) { return QVariant(QString::fromLatin1(metrics::silenceStateName(stateOf(r)))); }},
    {"matchers", QT_TRANSLATE_NOOP("models", "Hides"), Align::Left, core::Unit::None,
     [](const Silence& r) { return matchersText(r.silence); }},
    {"catches", QT_TRANSLATE_NOOP("models", "Alerts"), Align::Right, core::Unit::Count,
     [](const Silence& r) { return QString::number(r.silence.catches); },
     [](const Silence& r) { return QVariant(r.silence.catches); }},
    {"ends", QT_TRANSLATE_NOOP("models", "Until"), Align::Left, core::Unit::None,
     [](const Silence& r) {
         return r.renewed && stateOf(r) != metrics::SilenceState::Expired
                    ? QCoreApplication::translate("models", "renewed while it fires")
                    : Zone::of().brief(r.silence.endsAt);
     },
     [](const Silence& r) { return secondsOf(r.silence.endsAt); }, nullptr, false, nullptr,
     [](const Silence& r) { return Zone::of().full(r.silence.endsAt); }},
    {"by", QT_TRANSLATE_NOOP("models", "By"), Align::Left, core::Unit::None,
     [](const Silence& r) { return text(r.silence.createdBy); }},
    {"peers", QT_TRANSLATE_NOOP("models", "Known to"), Align::Left, core::Unit::None,
     [](const Silence& r) { return joined(r.peers); }},
    {"comment", QT_TRANSLATE_NOOP("models", "Why"), Align::Left, core::Unit::None,
     [](const Silence& r) { return text(r.silence.comment); }},
}};

QString peerState(const Peer& row)
{
    switch (row.state) {
    case Peer::State::Unknown:
        return QCoreApplication::translate("models", "asked");
    case Peer::State::Up:
        return QCoreApplication::translate("models", "answers");
    case Peer::State::Away:
        return QCoreApplication::translate("models", "no answer");
    }
    return {};
}

Level peerLevel(const Peer& row)
{
    return row.state == Peer::State::Up     ? Level::Ok
           : row.state == Peer::State::Away ? Level::Critical
                                            : Level::NoData;
}

QString clusterText(const Peer& row)
{
    if (row.state != Peer::State::Up) {
        return {};
    }
    return row.members == 0 ? QCoreApplication::translate("models", "stands alone")
                            : QCoreApplication::translate("models", "%1, members: %2")
                                  .arg(text(row.gossip))
                                  .arg(row.members);
}

// What an away peer knew may be over; that it knows of nothing would be no better guess.
QString countText(const Peer& row, int count)
{
    return row.state == Peer::State::Up ? QString::number(count) : QStringLiteral("–");
}

QString noteOf(const Peer& row)
{
    QStringList notes;
    if (!row.error.empty()) {
        notes << text(row.error);
    }
    if (row.owed > 0) {
        notes << QCoreApplication::translate("models", "silences still to be told: %1").arg(row.owed);
    }
    return notes.join(QStringLiteral(" · "));
}

constexpr std::array<Column<Peer>, 8> kPeers{{
    {"peer", QT_TRANSLATE_NOOP("models", "Alertmanager"), Align::Left, core::Unit::None,
     [](const Peer& r) { return text(r.name); }},
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None, peerState,
     [](const Peer& r) { return QVariant(r.state == Peer::State::Away ? 0 : 1); }, peerLevel},
    {"since", QT_TRANSLATE_NOOP("models", "Since"), Align::Left, core::Unit::None,
     [](const Peer& r) { return r.since == core::WallTime{} ? QString() : Zone::of().brief(r.since); },
     [](const Peer& r) { return secondsOf(r.since); }, nullptr, false, nullptr,
     [](const Peer& r) { return r.since == core::WallTime{} ? QString() : Zone::of().full(r.since); }},
    {"version", QT_TRANSLATE_NOOP("models", "Version"), Align::Left, core::Unit::None,
     [](const Peer& r) { return text(r.version); }},
    {"cluster", QT_TRANSLATE_NOOP("models", "Cluster"), Align::Left, core::Unit::None, clusterText},
    {"alerts", QT_TRANSLATE_NOOP("models", "Alerts"), Align::Right, core::Unit::Count,
     [](const Peer& r) { return countText(r, r.alerts); },
     [](const Peer& r) { return r.state == Peer::State::Up ? QVariant(r.alerts) : QVariant(); }},
    {"silences", QT_TRANSLATE_NOOP("models", "Silences"), Align::Right, core::Unit::Count,
     [](const Peer& r) { return countText(r, r.silences); },
     [](const Peer& r) { return r.state == Peer::State::Up ? QVariant(r.silences) : QVariant(); }},
    {"note", QT_TRANSLATE_NOOP("models", "Why"), Align::Left, core::Unit::None, noteOf},
}};

} // namespace

ClusterAlertModel::ClusterAlertModel(QObject* parent)
    : KeyedTableModel(
          kAlerts, [](const Alert& row) { return row.fingerprint; }, parent)
{
}

ClusterSilenceModel::ClusterSilenceModel(QObject* parent)
    : KeyedTableModel(
          kSilences, [](const Silence& row) { return row.silence.id; }, parent)
{
}

ClusterPeerModel::ClusterPeerModel(QObject* parent)
    : KeyedTableModel(
          kPeers, [](const Peer& row) { return row.name; }, parent)
{
}

} // namespace models
